package org.flowline.neuralode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.backend.JvmBackend;
import org.flowline.odesolvers.ButcherTableau;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;

/// The solver's arithmetic over recorded steps, written out as one program of `y0`, θ and the
/// observation times, for reverse mode to differentiate: an oracle that knows nothing of adjoints.
///
/// Node times are functions of the observation times by the convention of [DiscreteAdjoint].
final class UnrolledSolver {
  private final ClockedNetwork network;
  private final ButcherTableau tableau;
  private final StepSize stepSize;
  private final Trajectory steps;
  private final double[] times;

  UnrolledSolver(
      ClockedNetwork network,
      ButcherTableau tableau,
      StepSize stepSize,
      Trajectory steps,
      double[] times) {
    this.network = network;
    this.tableau = tableau;
    this.stepSize = stepSize;
    this.steps = steps;
    this.times = times;
  }

  /// Loss, and gradients with respect to `y0`, θ and the times.
  double[][] gradient(double[] y0, double[] theta, UnaryOperator<Var> loss) {
    Shape state = Shape.of(network.rows(), network.columns());
    Tape tape =
        Tape.record(
            List.of(state, Shape.of(theta.length), Shape.of(times.length)),
            in -> List.of(loss.apply(observed(in.get(0), in.get(1), in.get(2)))));
    double[][] out = {
      new double[1], new double[y0.length], new double[theta.length], new double[times.length]
    };
    JvmBackend.best()
        .compile(Derivative.gradient(tape))
        .run(new double[][] {y0, theta, times}, out);
    return out;
  }

  private Var observed(Var y0, Var theta, Var time) {
    Var[] t = new Var[times.length];
    for (int i = 0; i < t.length; i++) {
      t[i] = time.slice(0, i, i + 1).reshape();
    }
    List<Var> observed = new ArrayList<>(List.of(flat(y0)));
    Var y = y0;
    Var last = null;
    for (int n = 0; n < steps.steps(); n++) {
      Var start = node(n, t);
      Var h = node(n + 1, t).sub(start);
      Var[] k = stages(start, h, y, theta, tableau.fsal() ? last : null);
      Var next = y.add(sum(k, b(h)));
      while (observed.size() < times.length && isIn(n, times[observed.size()])) {
        int i = observed.size();
        boolean isNode = times[i] == steps.end(n) && (onGrid() || i == times.length - 1);
        observed.add(flat(isNode ? next : y.add(sum(k, dense(n, i, start, h, t[i])))));
      }
      y = next;
      last = k[tableau.stepStages() - 1];
    }
    return Var.concat(0, observed);
  }

  private boolean onGrid() {
    return stepSize instanceof StepSize.Grid;
  }

  private boolean isIn(int n, double t) {
    return (steps.end(n) - t) * steps.h(n) >= 0;
  }

  private Var flat(Var y) {
    return y.reshape(1, network.size());
  }

  private Var node(int n, Var[] t) {
    int count = steps.steps();
    Var first = t[0];
    Var last = t[t.length - 1];
    double at = n < count ? steps.t(n) : steps.end();
    return switch (stepSize) {
      case StepSize.Adaptive _ -> n == count ? last : first.add(at - times[0]);
      case StepSize.Constant _ ->
          n == count ? last : first.add(last.sub(first).mul((double) n / count));
      case StepSize.Grid _ -> {
        for (int i = 0; i < times.length; i++) {
          if (times[i] == at) {
            yield t[i];
          }
        }
        yield first.constant(at);
      }
    };
  }

  private Var[] stages(Var t, Var h, Var y, Var theta, Var first) {
    Var[] k = new Var[tableau.stages()];
    for (int i = 0; i < k.length; i++) {
      Var stage = y;
      for (int j = 0; j < i; j++) {
        stage = stage.add(k[j].mul(h.mul(tableau.a(i, j))));
      }
      k[i] =
          i == 0 && first != null
              ? first
              : network.apply(t.add(h.mul(tableau.c(i))), stage, network.layout().of(theta));
    }
    return k;
  }

  private static Var sum(Var[] k, Var[] weights) {
    Var sum = k[0].mul(weights[0]);
    for (int i = 1; i < k.length; i++) {
      sum = sum.add(k[i].mul(weights[i]));
    }
    return sum;
  }

  private Var[] b(Var h) {
    Var[] weights = new Var[tableau.stages()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = h.mul(tableau.b(i));
    }
    return weights;
  }

  /// `h bᵢ(θ)`, with `bᵢ` replaced by its tangent at the θ that there is: value and first
  /// derivative are those of the polynomial.
  private Var[] dense(int n, int observation, Var start, Var h, Var t) {
    double at = (times[observation] - steps.t(n)) / steps.h(n);
    double[] weights = new double[tableau.stages()];
    double[] rates = new double[tableau.stages()];
    tableau.denseWeights(at, weights);
    tableau.denseRates(at, rates);
    Var moved = t.sub(start).div(h).sub(at);
    Var[] all = new Var[weights.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = h.mul(moved.mul(rates[i]).add(weights[i]));
    }
    return all;
  }
}
