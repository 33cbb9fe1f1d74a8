package org.flowline.neuralode.diagnostics;

import java.util.ArrayList;
import java.util.List;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.TwiceDifferentiableObjective.Curvature;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.odesolvers.SolveException;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;

/// How curved the loss is where training is, beside how curved it may be for the method in use:
///
///     λmax(D^-½ ∇²L D^-½)  against  the largest that steps of h stand,   and λmin(∇²L)
///
/// with the flow's preconditioner `D` as it moved θ in the step. Of gradient descent that is the
/// sharpness `λmax(∇²L)` against `2/η`, of RK4 against `2.785/h`, of momentum against
/// `(2 + 2μ)/η`, of Adam the preconditioned sharpness against `38/η`. Full-batch training raises it
/// to that line and stays there, at the edge of stability. Cohen et al. (2021, 2022).
///
/// Cost, in every so many steps only: a Hessian and [#products] with it, by [Lanczos], some ten to
/// thirty each time, and as many again where there is a `D`.
public final class Sharpness implements StepObserver {

  /// What was seen where a step started; NaN where the Hessian could not be computed.
  ///
  /// @param step its number, counted from 0
  /// @param tau training time there
  /// @param hessian ends of the spectrum of `∇²L`
  /// @param preconditioned those of `D^-½ ∇²L D^-½`; the same where the flow has no `D`
  /// @param limit what `preconditioned.largest()` has to stay below; NaN where that is not known
  public record Point(
      long step, double tau, Lanczos.Ends hessian, Lanczos.Ends preconditioned, double limit) {

    /// Whether steps of this size grow along the steepest direction.
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

  /// At every step, to a hundredth.
  ///
  /// @param objective the loss, without noise that changes from call to call
  /// @param flow what descends it; asked for its limit and its preconditioner only
  public static Sharpness of(TwiceDifferentiableObjective objective, TrainingFlow flow) {
    return new Sharpness(objective, flow, 1, Lanczos.to(1e-2));
  }

  /// Of a training run with this optimiser.
  public static Sharpness of(TwiceDifferentiableObjective objective, Optimizer optimizer) {
    return of(objective, optimizer.flow().apply(objective));
  }

  /// A new one that looks at every so many steps.
  ///
  /// @throws IllegalArgumentException if it is below 1
  public Sharpness withEvery(long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("sharpness: every " + steps + " steps; want 1 or more");
    }
    return new Sharpness(objective, flow, steps, lanczos);
  }

  /// A new one that looks as closely as this.
  public Sharpness with(Lanczos lanczos) {
    return new Sharpness(objective, flow, every, lanczos);
  }

  /// What was seen so far.
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
      points.add(look(step));
    }
    steps++;
  }

  private Point look(Step step) {
    double[] theta = flow.parameters(step.y0());
    double limit = flow.stableUpTo(step.method(), step.t(), Math.abs(step.h())).orElse(Double.NaN);
    Lanczos.Ends plain = UNKNOWN;
    Lanczos.Ends scaled = UNKNOWN;
    try {
      Curvature hessian = objective.hessian(step.t(), theta);
      plain = ends(theta.length, hessian);
      double[] diagonal = new double[theta.length];
      flow.preconditioner(step.end(), step.y1(), diagonal);
      scaled = ones(diagonal) ? plain : ends(theta.length, scaled(hessian, diagonal));
    } catch (SolveException | ArithmeticException e) {
      // The loss has no curvature here that could be computed; training itself may well go on.
    }
    return new Point(steps, step.t(), plain, scaled, limit);
  }

  private Lanczos.Ends ends(int n, Curvature a) {
    Lanczos.Ends ends = lanczos.ends(n, a);
    products += ends.products();
    return ends;
  }

  private static boolean ones(double[] diagonal) {
    for (double d : diagonal) {
      if (d != 1) {
        return false;
      }
    }
    return true;
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
