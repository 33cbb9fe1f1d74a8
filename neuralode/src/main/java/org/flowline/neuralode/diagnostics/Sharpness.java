package org.flowline.neuralode.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.TwiceDifferentiableObjective.Curvature;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.odesolvers.SolveException;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;

/// The sharpness of the loss along a training, against the stability limit of the method:
///
///     λmax(D^-½ ∇²L D^-½)  against  the largest value with stable steps of h,   and λmin(∇²L)
///
/// with the flow's preconditioner `D` as it moved θ in the step. For gradient descent this is the
/// sharpness `λmax(∇²L)` against `2/η`, for RK4 against `2.785/h`, for momentum against `(2 +
/// 2μ)/η`, for Adam the preconditioned sharpness against `38/η`. Full-batch training raises the
/// sharpness to the limit and stays there, at the edge of stability. Cohen et al. (2021, 2022).
///
/// Cost, every [#withEvery] steps: a Hessian and [#products] with it, by [Lanczos], some ten to
/// thirty each time, and as many again where there is a `D`.
public final class Sharpness implements StepObserver {

  /// The sharpness at the start of a step; NaN where the Hessian could not be computed.
  ///
  /// @param step its number, counted from 0
  /// @param tau training time
  /// @param hessian ends of the spectrum of `∇²L`
  /// @param preconditioned ends of the spectrum of `D^-½ ∇²L D^-½`
  /// @param limit the stability limit of `preconditioned.largest()`; NaN if unknown
  public record Point(
      long step, double tau, Lanczos.Ends hessian, Lanczos.Ends preconditioned, double limit) {

    /// Returns whether steps of this size grow along the steepest direction.
    public boolean beyond() {
      return preconditioned.largest() > limit;
    }
  }

  private static final Lanczos.Ends UNKNOWN =
      new Lanczos.Ends(Double.NaN, Double.NaN, Double.NaN, 0);

  private final TwiceDifferentiableObjective objective;
  private final TrainingFlow flow;
  private final long every;
  private final Lanczos lanczos;
  private final List<Point> points = new ArrayList<>();
  private long steps;
  private long products;

  private Sharpness(
      TwiceDifferentiableObjective objective, TrainingFlow flow, long every, Lanczos lanczos) {
    this.objective = objective;
    this.flow = flow;
    this.every = every;
    this.lanczos = lanczos;
  }

  /// Returns the sharpness at every step of this optimiser, to a relative tolerance of 1e-2.
  ///
  /// @param objective the loss, without noise that changes from call to call
  /// @param optimizer of whose flow only limit and preconditioner are used
  public static Sharpness of(TwiceDifferentiableObjective objective, Optimizer optimizer) {
    return new Sharpness(objective, optimizer.flow().apply(objective), 1, Lanczos.to(1e-2));
  }

  /// Returns a new observation at every `steps`-th step.
  ///
  /// @throws IllegalArgumentException if it is below 1
  public Sharpness withEvery(long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("sharpness: every " + steps + " steps; want 1 or more");
    }
    return new Sharpness(objective, flow, steps, lanczos);
  }

  /// Returns a new observation to the tolerance of `lanczos`.
  public Sharpness with(Lanczos lanczos) {
    return new Sharpness(objective, flow, every, lanczos);
  }

  /// The points so far.
  public List<Point> points() {
    return List.copyOf(points);
  }

  /// Products with the Hessian so far.
  public long products() {
    return products;
  }

  @Override
  public void accepted(Step step) {
    if (steps % every == 0) {
      points.add(at(step));
    }
    steps++;
  }

  private Point at(Step step) {
    double[] theta = flow.parameters(step.y0());
    double limit = flow.stableUpTo(step.method(), step.t(), Math.abs(step.h())).orElse(Double.NaN);
    Lanczos.Ends plain = UNKNOWN;
    Lanczos.Ends scaled = UNKNOWN;
    try {
      Curvature hessian = objective.hessian(step.t(), theta);
      plain = ends(theta.length, hessian);
      double[] diagonal = new double[theta.length];
      flow.preconditioner(step.end(), step.y1(), diagonal);
      scaled =
          Arrays.stream(diagonal).allMatch(d -> d == 1)
              ? plain
              : ends(theta.length, scaled(hessian, diagonal));
    } catch (SolveException | ArithmeticException e) {
      // The curvature cannot be computed here; training may continue.
    }
    return new Point(steps, step.t(), plain, scaled, limit);
  }

  private Lanczos.Ends ends(int n, Curvature a) {
    Lanczos.Ends ends = lanczos.ends(n, a);
    products += ends.products();
    return ends;
  }

  /// `D^-½ A D^-½`
  private static Curvature scaled(Curvature a, double[] diagonal) {
    double[] x = new double[diagonal.length];
    return (v, product) -> {
      for (int i = 0; i < x.length; i++) {
        x[i] = v[i] / Math.sqrt(diagonal[i]);
      }
      a.times(x, product);
      for (int i = 0; i < x.length; i++) {
        product[i] /= Math.sqrt(diagonal[i]);
      }
    };
  }
}
