package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.LinearCombination;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Rosenbrock;
import org.flowline.odesolvers.method.Stability;

/// The error of the adjoint of one adaptive step, estimated by the derivative of the embedded
/// solution's error, for one more pullback of the step:
///
///     (∂e/∂(y0, θ))ᵀ λ        e = h Σ (bᵢ − b̂ᵢ) kᵢ
///
/// The state's error `E` does not bound it where the solution rests: there steps grow until the
/// derivative of a step is inaccurate or unstable. A step is therefore suspect if a perturbation by
/// a thousandth of the tolerance would change its `E`, in units of the tolerance,
///
///     (h ρ)ᵏ / k! > 1000 max(E, rtol)        ρ = max ‖aᵀ ∂f/∂y‖ / ‖a‖ over the stages' pullbacks
///
/// if an explicit method is far from stable at `−h ρ`, or if `E` is nothing but rounding, which
/// hides derivatives by θ where those by `y` are zero, and `∂f/∂θ` changes within the step:
///
///     max(1 − min q / max q, ‖h k₁‖ / (‖y0‖ + ‖h k₁‖))ᵏ > 1000 rtol        q = ‖aᵀ ∂f/∂θ‖ / ‖a‖
///
/// Windows of a step or two, which also have such an `E`, fail this. Only suspect steps are
/// estimated: this costs next to nothing where the solution moves.
final class AdjointError {

  /// The largest error accepted, in units of the tolerance; steps that move are not much better.
  static final double ACCEPTED = 10;

  /// The part of the largest `λ` that counts as a smallest one.
  private static final double FLOOR = 1e-3;

  /// The part of a tolerance that a perturbation must have, so that its change of `E` matters.
  private static final double DOUBT = 1000;

  /// The part of the expected error of an explicit step below which an estimate vanishes by chance.
  private static final double LEAST = 1e-3;

  /// A bound of the error of an implicit step, which damps what is stiff.
  private static final double DAMPED = 0.01;

  /// The relative error of a state that is rounding, by an explicit method and by linear systems.
  private static final double ROUNDING = 3e-16;

  private static final double ROUNDING_OF_SYSTEMS = 1e-14;

  private final Method method;
  private final DifferentiableField field;

  /// The limit of `h ρ` and of the expected error.
  private final double stable;

  private final double most;
  private final int order;
  private final double rtol;
  private final double atol;
  private final double[] b;
  private final double[] error;

  /// Null for methods without a second embedded solution.
  private final double[] coarse;

  /// Null until the first estimate.
  private StepAdjoint.Cotangents bar;

  private final double[] yBar;

  /// The largest component of `λ` in this sweep.
  private double largest;

  /// The size of the step after the current one; steps that still grow are as good as those.
  private double later;

  private long pullbacks;

  AdjointError(Method method, StepSize.Adaptive size, DifferentiableField field) {
    this.method = method;
    this.field = field;
    boolean explicit = method instanceof ButcherTableau tableau && tableau.explicit();
    this.stable = explicit ? 1.5 * Stability.realLimit(method) : Double.POSITIVE_INFINITY;
    this.most = explicit ? Double.POSITIVE_INFINITY : DAMPED;
    this.order = method.errorOrder();
    this.rtol = Math.max(1e-14, Arrays.stream(size.tolerance().rtol()).min().orElseThrow());
    this.atol = Arrays.stream(size.tolerance().atol()).min().orElseThrow();
    this.b = new double[method.stages()];
    method.endWeights(b);
    this.error =
        switch (method) {
          case ButcherTableau tableau -> weights(tableau.errorSum());
          case Rosenbrock rosenbrock -> weights(rosenbrock.errorSum());
          default -> new double[0];
        };
    this.coarse =
        method instanceof ButcherTableau tableau && tableau.coarse()
            ? weights(tableau.coarseErrorSum())
            : null;
    this.yBar = new double[field.dimension()];
  }

  /// Resets the memory of earlier steps for another sweep.
  ///
  /// @param size the largest cotangent of the loss
  void restart(double size) {
    largest = size;
    later = 0;
    pullbacks = 0;
  }

  /// Continues with the step before this one.
  ///
  /// @param lambda the cotangent of this step's end
  void passed(Trajectory part, int step, double[] lambda) {
    largest = Math.max(largest, Vectors.maxNorm(lambda));
    later = Math.abs(part.h(step));
  }

  /// The number of pullbacks since the last restart.
  long pullbacks() {
    return pullbacks;
  }

  /// Returns whether a step's `E` does not bound the error of its adjoint.
  ///
  /// @param pulled the cotangents after the step's pullback
  boolean isSuspect(Trajectory part, int step, StepAdjoint.Cotangents pulled) {
    double h = Math.abs(part.h(step));
    double e = part.error(step);
    return h * Math.sqrt(pulled.squareRate) > stable
        || Math.min(expected(part, step, pulled), most) > DOUBT * Math.max(e, rtol)
        || isRounding(part, step)
            && Math.pow(Math.max(pulled.change(), movement(part, step)), order) > DOUBT * rtol;
  }

  /// `‖h k₁‖ / (‖y0‖ + ‖h k₁‖)`
  private static double movement(Trajectory part, int step) {
    double moved = Math.abs(part.h(step)) * Vectors.maxNorm(part.slopes(step)[0]);
    return moved > 0 ? moved / (Vectors.maxNorm(part.state(step)) + moved) : 0;
  }

  /// Returns whether a step's `E` is nothing but rounding, so that it hides derivatives by θ.
  boolean isRounding(Trajectory part, int step) {
    return Math.abs(part.h(step)) > 0.5 * later && part.error(step) <= rounding(part.state(step));
  }

  /// The largest `E` that may be rounding, of a component of any size up to the state's.
  private double rounding(double[] y) {
    double unit = stable < Double.POSITIVE_INFINITY ? ROUNDING : ROUNDING_OF_SYSTEMS;
    return Math.min(1e-3, unit * (1 / rtol + Vectors.maxNorm(y) / atol));
  }

  /// `(h ρ)ᵏ / k!`
  private double expected(Trajectory part, int step, StepAdjoint.Cotangents pulled) {
    double stretch = Math.abs(part.h(step)) * Math.sqrt(pulled.squareRate);
    double expected = 1;
    for (int i = 1; i <= order; i++) {
      expected *= stretch / i;
    }
    return expected;
  }

  /// The error of the adjoint of a step before its pullback, which is repeated here; 0 unless the
  /// step is suspect.
  double of(StepAdjoint adjoint, Trajectory part, int step, double[] lambda, double[] theta) {
    pullBack(adjoint, part, step, b, lambda);
    return isSuspect(part, step, bar) ? of(adjoint, part, step, lambda, theta, bar) : 0;
  }

  /// The error of the adjoint of a suspect step, relative to `λ` and to `∂L/∂θ`, in units of
  /// `rtol`. A `∂L/∂θ` below `‖λ‖ ‖y‖ / ‖θ‖` counts as that: less is in the rounding of `f`.
  ///
  /// @param lambda the cotangent of the step's end
  /// @param theta `∂L/∂θ` of the later steps
  /// @param pulled the cotangents after the step's pullback
  double of(
      StepAdjoint adjoint,
      Trajectory part,
      int step,
      double[] lambda,
      double[] theta,
      StepAdjoint.Cotangents pulled) {
    double size = Math.max(Vectors.maxNorm(lambda), FLOOR * largest);
    double expected = expected(part, step, pulled);
    double loss = size * (Vectors.maxNorm(part.state(step)) + atol / rtol);
    double parameter = Vectors.maxNorm(field.parameters());
    double thetaSize = loss / (parameter > Double.MIN_NORMAL ? parameter : 1);
    thetaSize = Math.max(thetaSize, Vectors.maxNorm(theta));
    thetaSize = Math.max(thetaSize, Vectors.maxNorm(pulled.theta));
    pullBack(adjoint, part, step, error, lambda);
    double byState = Vectors.maxNorm(bar.y0);
    double byTheta = Vectors.maxNorm(bar.theta);
    if (coarse != null) {
      pullBack(adjoint, part, step, coarse, lambda);
      byState = corrected(byState, Vectors.maxNorm(bar.y0));
      byTheta = corrected(byTheta, Vectors.maxNorm(bar.theta));
    }
    double least = size * (stable < Double.POSITIVE_INFINITY ? LEAST * expected : 0);
    return Math.max(Math.max(byState, least) / size, byTheta / thetaSize) / rtol;
  }

  /// The error from both embedded solutions, as in the error norm of steps.
  private static double corrected(double error, double coarse) {
    return error * (error / Math.hypot(error, 0.1 * coarse));
  }

  /// The ratio of the step that would have the tolerated error and one with this error.
  double factor(double ratio) {
    double factor = 0.8 * Math.pow(ratio, -1.0 / order);
    return Math.clamp(factor, 0.05, 0.5);
  }

  private double[] weights(LinearCombination sum) {
    double[] all = new double[b.length];
    for (int i = 0; i < sum.stages().length; i++) {
      all[sum.stages()[i]] = sum.weights()[i];
    }
    return all;
  }

  /// Pulls `λ` back through `h Σ wᵢ kᵢ` alone.
  private void pullBack(
      StepAdjoint adjoint, Trajectory part, int step, double[] w, double[] lambda) {
    if (bar == null) {
      bar = new StepAdjoint.Cotangents(b.length, lambda.length, field.parameterCount());
      bar.isRated = true;
    }
    bar.restart();
    Arrays.fill(bar.y0, 0);
    if (isRounding(part, step)) {
      bar.watch();
    }
    for (int i = 0; i < w.length; i++) {
      bar.reached[i] = w[i] != 0;
      Vectors.scale(part.h(step) * w[i], lambda, bar.slopes[i], 0, lambda.length);
    }
    adjoint.pullBack(part, step, bar);
    if (bar.isPending) {
      field.pullback(part.stageTime(step, 0), part.state(step), bar.pending, yBar, bar.theta);
      Vectors.add(yBar, 0, bar.y0);
      bar.pullbacks++;
    }
    pullbacks += bar.pullbacks;
  }
}
