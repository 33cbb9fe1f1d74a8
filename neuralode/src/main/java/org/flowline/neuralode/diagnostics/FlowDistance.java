package org.flowline.neuralode.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.SolveException;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.ArrayRealVector;

/// The distance of descent from the gradient flow with the same start, and a bound on it:
///
///     ‖θ_k − θ(t_k)‖ ≤ ∫₀ᵗ e^{−∫ₛᵗ λmin} δ(s) ds,   δ(s) = ‖∇²L‖ ‖∇L(θ_j)‖ (s − t_j)
///
/// with `t_j` the start of the step that contains `s`. `δ` is the defect of Euler's straight line,
/// and `λmin(∇²L)` the rate at which neighbouring flows converge, or diverge where it is negative:
/// for a convex loss the bound is `O(tη)`, else it may be exponential in `t`. Hairer, Nørsett &
/// Wanner (1993), theorem I.10.6; Elkabetz & Cohen (2021), theorem 1.
///
/// The eigenvalues are taken at the ends of each step, on both paths, by [Lanczos]; where they are
/// more extreme in between, the bound may be too low by a part of the step. Steps of other methods
/// than Euler have a distance and no bound.
///
/// With an objective that changes its phase, each step is compared with the flow of its phase. The
/// observation ends where the flow or the curvature cannot be computed, and where training restarts
/// at another speed; [#failure] has the reason. Where a step starts elsewhere than the last one
/// ended, as in another run, flow and bound start again from there.
///
/// Cost: the flow, solved to `1e-10` with [#gradients] in all, and in each step two Hessians and
/// their [#products]: some hundred gradients each. [#withSteps] observes the first steps only.
public final class FlowDistance implements StepObserver {
  private static final Integrator FLOW =
      Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-10, 1e-10));

  /// The distance at the end of a step.
  ///
  /// @param tau training time
  /// @param distance of descent from the flow
  /// @param bound on it; NaN unless Euler made the steps
  /// @param smallest `λmin` on the flow
  /// @param largest `λmax` on the flow
  public record Point(double tau, double distance, double bound, double smallest, double largest) {}

  private final TwiceDifferentiableObjective objective;
  private final long most;
  private final Lanczos lanczos = Lanczos.to(1e-6);
  private final List<Point> points = new ArrayList<>();
  private double[] flow;
  private double[] descent;
  private Lanczos.Ends onFlow;
  private Lanczos.Ends onDescent;
  private double bound;
  private long products;
  private long gradients;
  private String failure;
  private int phase;

  private FlowDistance(TwiceDifferentiableObjective objective, long most) {
    this.objective = objective;
    this.most = most;
  }

  /// Returns the distance of a training by this optimiser.
  ///
  /// @param objective the loss, the same at all times
  /// @param optimizer gradient descent, or another method on the gradient flow
  /// @throws IllegalArgumentException if θ moves otherwise: by another flow, with a schedule,
  ///     weight decay or clipped gradients
  public static FlowDistance of(TwiceDifferentiableObjective objective, Optimizer optimizer) {
    if (!GradientFlow.is(optimizer.flow().apply(objective), objective)) {
      throw new IllegalArgumentException(
          "flow distance: θ does not move along −∇L alone; want gradient descent, or another method on the gradient flow, without schedule, decay, clipping or batches");
    }
    return new FlowDistance(objective, Long.MAX_VALUE);
  }

  /// Returns a new observation of the first `most` steps.
  public FlowDistance withSteps(long most) {
    return new FlowDistance(objective, most);
  }

  /// The distances so far.
  public List<Point> points() {
    return List.copyOf(points);
  }

  /// Products with the Hessian so far.
  public long products() {
    return products;
  }

  /// Gradients evaluated by the flow so far.
  public long gradients() {
    return gradients;
  }

  /// The reason why the observation ended before the run, if it did.
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void accepted(Step step) {
    if (points.size() >= most || failure != null) {
      return;
    }
    try {
      watch(step);
    } catch (SolveException | ArithmeticException e) {
      failure = e.getMessage(); // training may continue
    }
  }

  private void watch(Step step) {
    boolean elsewhere = !Arrays.equals(descent, step.y0());
    if (elsewhere && descent != null && !follows(step)) {
      failure = "training restarted at another speed";
      return;
    }
    if (elsewhere) {
      flow = step.y0().clone();
      bound = 0;
    }
    if (elsewhere || objective.phase(step.t()) != phase) {
      phase = objective.phase(step.t());
      onFlow = ends(step.t(), flow);
      onDescent = elsewhere ? onFlow : ends(step.t(), step.y0());
    }
    descent = step.y1().clone();
    Solution along = FLOW.solve(flowAt(step.t()), flow, step.t(), step.end());
    gradients += along.stats().evaluations();
    flow = along.orThrow().last().clone();
    double lowest = Math.min(lowest(onFlow), lowest(onDescent));
    double size = size(onDescent);
    onFlow = ends(step.t(), flow);
    onDescent = ends(step.t(), step.y1());
    lowest = Math.min(lowest, Math.min(lowest(onFlow), lowest(onDescent)));
    size = Math.max(size, size(onDescent));
    double slope = new ArrayRealVector(step.slope(0), false).getNorm();
    double h = step.end() - step.t();
    bound =
        step.method() == Methods.EULER
            ? Math.exp(-lowest * h) * bound + size * slope * h * h * weight(lowest * h)
            : Double.NaN;
    double distance =
        new ArrayRealVector(step.y1(), false).getDistance(new ArrayRealVector(flow, false));
    points.add(new Point(step.end(), distance, bound, onFlow.smallest(), onFlow.largest()));
  }

  /// Returns whether the step begins along `−∇L`.
  private boolean follows(Step step) {
    double[] slope = new double[objective.dimension()];
    flowAt(step.t()).evaluate(step.t(), step.y0(), slope);
    gradients++;
    return Arrays.equals(slope, step.slope(0));
  }

  /// The gradient flow with the objective held at `tau`.
  private VectorField flowAt(double tau) {
    GradientFlow flow = new GradientFlow(objective);
    return VectorField.of(flow.dimension(), (_, theta, rate) -> flow.evaluate(tau, theta, rate));
  }

  private Lanczos.Ends ends(double tau, double[] theta) {
    Lanczos.Ends ends = lanczos.ends(theta.length, objective.hessian(tau, theta));
    products += ends.products();
    return ends;
  }

  private static double lowest(Lanczos.Ends ends) {
    return ends.smallest() - ends.residual();
  }

  /// `‖∇²L‖`
  private static double size(Lanczos.Ends ends) {
    return Math.max(Math.abs(ends.smallest()), Math.abs(ends.largest())) + ends.residual();
  }

  /// `∫₀¹ s e^{−z(1−s)} ds = (z − 1 + e^{−z})/z²`, by its series where that cancels.
  private static double weight(double z) {
    return Math.abs(z) < 1e-4 ? 0.5 - z / 6 : (z + Math.expm1(-z)) / (z * z);
  }
}
