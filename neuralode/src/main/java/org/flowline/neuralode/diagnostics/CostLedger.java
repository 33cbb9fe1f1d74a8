package org.flowline.neuralode.diagnostics;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.flowline.neuralode.training.TrajectoryObjective;
import org.flowline.neuralode.training.TwiceDifferentiableObjective;
import org.flowline.odesolvers.Status;

/// An objective that keeps account of what it is asked for, at the three levels:
///
/// | level | counted |
/// |---|---|
/// | state | evaluations of `f` by forward solves |
/// | adjoint | pullbacks, `aᵀ∂f/∂(y, θ)` |
/// | training | gradients of the loss, products with its Hessian, bytes allocated by both |
///
/// Costs a few nanoseconds for each gradient, and changes no bit of it. A training run without one
/// keeps no account. What products with the Hessian evaluate below is in their number and bytes
/// alone. For one thread at a time.
public final class CostLedger implements TwiceDifferentiableObjective {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// What was asked for so far.
  ///
  /// @param evaluations of the field, by forward solves
  /// @param pullbacks of the field
  /// @param gradients of the loss
  /// @param products with its Hessian
  /// @param bytes allocated by gradients and products, whether still in use or not
  public record Costs(
      long evaluations, long pullbacks, long gradients, long products, long bytes) {}

  private final TrajectoryObjective objective;
  private final long evaluationsBefore;
  private final long pullbacksBefore;
  private long gradients;
  private long products;
  private long bytes;

  private CostLedger(TrajectoryObjective objective) {
    this.objective = objective;
    this.evaluationsBefore = objective.forwardEvaluations();
    this.pullbacksBefore = objective.backwardEvaluations();
  }

  /// Opens an account of this objective; what was asked of it before does not count.
  public static CostLedger of(TrajectoryObjective objective) {
    return new CostLedger(objective);
  }

  /// What was asked for since the account was opened.
  public Costs costs() {
    return new Costs(
        objective.forwardEvaluations() - evaluationsBefore,
        objective.backwardEvaluations() - pullbacksBefore,
        gradients,
        products,
        bytes);
  }

  @Override
  public int dimension() {
    return objective.dimension();
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    double loss = objective.gradient(tau, theta, gradient);
    gradients++;
    bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
    return loss;
  }

  @Override
  public Curvature hessian(double tau, double[] theta) {
    Curvature hessian = objective.hessian(tau, theta);
    return (v, product) -> {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      hessian.times(v, product);
      products++;
      bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
    };
  }

  @Override
  public int phase(double tau) {
    return objective.phase(tau);
  }

  @Override
  public Optional<Status> failure() {
    return objective.failure();
  }
}
