package org.flowline.neuralode.gradient;

import java.util.List;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.event.DifferentiableGuard;
import org.flowline.neuralode.event.DifferentiableReset;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Event.Effect;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.method.Stochastic;

/// The events of a solve, walked over backward, the last one first. With the cotangents `ȳ⁺` of the
/// state behind an event `g(t, y; θ) = 0` and `t̄` of its time, of whatever comes later or is in
/// the loss:
///
///     ȳ = ȳ⁺ᵀ ∂r/∂y        t̄ += ȳ⁺ᵀ ∂r/∂t        ∂L/∂θ += ȳ⁺ᵀ ∂r/∂θ
///     α = −(t̄ + ⟨ȳ, ẏ⟩) / (∂g/∂t + ∂g/∂y ẏ)
///     ȳ⁻ = ȳ + α ∂g/∂y                            ∂L/∂θ += α ∂g/∂θ
///
/// The first line goes back through the jump; the others are the implicit function theorem for the
/// time, where `ȳ⁻` is the cotangent of the arriving solution at a *fixed* time. With `t̄ = −⟨ȳ⁺,
/// f(t, y⁺)⟩`, as the solution that leaves moves with the event, they are the transpose of the
/// saltation matrix
///
///     ∂r/∂y + (f⁺ − ∂r/∂t − ∂r/∂y f⁻) ∂g/∂y / (∂g/∂t + ∂g/∂y f⁻)
///
/// Events that happen together have the time of the first one. Aizerman & Gantmacher (1958), Q. J.
/// Mech. Appl. Math. 11, 351–365; Chen, Amos & Nickel (2021), ICLR, "Learning neural event
/// functions".
final class EventAdjoint {
  private final DifferentiableField field;
  private final List<Event.Occurrence> happened;
  private final double[] bars;
  private final int n;

  /// The one to be walked over next; −1 if there is none.
  private int next;

  private final double[] theta;
  private final double[] part;

  /// Null where nothing happened.
  private final EventTimeDerivative crossing;

  /// @param bars `∂L/∂(t, before, after)`, `[happened, 1 + 2n]`
  EventAdjoint(DifferentiableField field, List<Event.Occurrence> happened, double[] bars) {
    this.field = field;
    this.happened = happened;
    this.bars = bars;
    this.n = field.dimension();
    this.next = happened.size() - 1;
    this.theta = new double[happened.isEmpty() ? 0 : field.parameterCount()];
    this.part = new double[n];
    this.crossing = happened.isEmpty() ? null : new EventTimeDerivative(field);
  }

  /// @throws IllegalArgumentException if an event jumps by functions without derivatives, or on a
  ///     random path
  static void require(String operation, Integrator integrator) {
    for (Event event : integrator.events()) {
      if (event.effect() instanceof Effect.Jump(var reset)) {
        if (!(event.g() instanceof DifferentiableGuard)
            || !(reset instanceof DifferentiableReset)) {
          throw new IllegalArgumentException(
              "%s: event %s jumps by functions without derivatives; make it by TracedEvents"
                  .formatted(operation, event.name()));
        }
        if (integrator.method() instanceof Stochastic) {
          throw new IllegalArgumentException(
              "%s: event %s jumps on a random path, which has no slope there; want a solve without noise"
                  .formatted(operation, event.name()));
        }
      }
    }
  }

  /// @throws IllegalArgumentException if the loss depends on an event
  void requireIndifferent(String method) {
    for (double bar : bars) {
      if (bar != 0) {
        throw new IllegalArgumentException(
            "discrete adjoint: the loss depends on an event of a random path of "
                + method
                + ", which has no slope there; want a loss of observed states");
      }
    }
  }

  /// The event to be walked over next, null if there is none.
  Event.Occurrence next() {
    return next < 0 ? null : happened.get(next);
  }

  /// Whether the next one is within this step, or at its end.
  boolean isIn(long step) {
    return next >= 0 && next().step() == step;
  }

  boolean isMark() {
    return isMark(next);
  }

  private boolean isMark(int i) {
    return happened.get(i).event().effect() instanceof Effect.Mark;
  }

  /// The first of those that happened together with the next one.
  Event.Occurrence cause() {
    return happened.get(first());
  }

  private int first() {
    int first = next;
    while (first > 0 && !isMark(next) && !isMark(first - 1) && together(first - 1, next)) {
      first--;
    }
    return first;
  }

  private boolean together(int one, int other) {
    return happened.get(one).step() == happened.get(other).step();
  }

  /// When the state last jumped, of the events not walked over yet; NaN if never.
  double lastJump() {
    for (int i = next; i >= 0; i--) {
      if (happened.get(i).event().effect() instanceof Effect.Jump) {
        return happened.get(i).t();
      }
    }
    return Double.NaN;
  }

  /// Goes on to the event before if the next one is a mark that the loss does not depend on.
  boolean skip() {
    if (!isMark()) {
      return false;
    }
    for (int i = next * (1 + 2 * n); i < (next + 1) * (1 + 2 * n); i++) {
      if (bars[i] != 0) {
        return false;
      }
    }
    next--;
    return true;
  }

  /// Walks over the next event and those that happened together with it.
  ///
  /// @param lambda the cotangent of the state, from behind them to before them at a fixed time
  /// @param timeBar the cotangent of their time by all that comes later
  /// @param rate `ẏ`, how the solution arrives
  /// @throws IllegalArgumentException if anything depends on the time and `g` has no derivatives,
  ///     reads another θ than the field, or touches 0 only
  void happen(double[] lambda, double timeBar, double[] rate) {
    int first = first();
    double sum = timeBar;
    for (; next >= first; next--) {
      Event.Occurrence event = next();
      int row = next * (1 + 2 * n);
      sum += bars[row];
      Vectors.add(bars, row + 1 + n, lambda);
      if (event.event().effect() instanceof Effect.Jump(var reset)) {
        sum += pullBack(event, (DifferentiableReset) reset, lambda);
      }
      Vectors.add(bars, row + 1, lambda);
    }
    sum += Vectors.dot(lambda, 0, rate);
    if (sum != 0) {
      cross(happened.get(first), sum, rate, lambda);
    }
  }

  private double pullBack(Event.Occurrence jump, DifferentiableReset reset, double[] lambda) {
    EventTimeDerivative.requireSame(jump.event(), reset, field);
    double timeBar = reset.pullback(jump.t(), jump.before(), lambda, part, theta);
    System.arraycopy(part, 0, lambda, 0, n);
    return timeBar;
  }

  /// The implicit function theorem.
  private void cross(Event.Occurrence event, double timeBar, double[] rate, double[] lambda) {
    double speed = crossing.speed(event.event(), event.t(), event.before(), rate);
    Vectors.axpy(-timeBar / speed, crossing.yBar, 0, lambda);
    Vectors.axpy(-timeBar / speed, crossing.thetaBar, 0, theta);
  }

  /// Adds what events contribute to `∂L/∂θ`.
  void addTheta(double[] sum) {
    for (int i = 0; i < theta.length; i++) {
      sum[i] += theta[i];
    }
  }
}
