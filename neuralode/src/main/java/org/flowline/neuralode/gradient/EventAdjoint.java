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

/// Pulls cotangents back through the events of a solve, last one first. With the cotangents `ȳ⁺` of
/// the state after an event `g(t, y; θ) = 0` and `t̄` of its time, from everything later and from
/// the loss:
///
///     ȳ = ȳ⁺ᵀ ∂r/∂y        t̄ += ȳ⁺ᵀ ∂r/∂t        ∂L/∂θ += ȳ⁺ᵀ ∂r/∂θ
///     α = −(t̄ + ⟨ȳ, ẏ⟩) / (∂g/∂t + ∂g/∂y ẏ)
///     ȳ⁻ = ȳ + α ∂g/∂y                            ∂L/∂θ += α ∂g/∂θ
///
/// The first line is the pullback of the jump; the others are the implicit function theorem for the
/// time, where `ȳ⁻` is the cotangent of the arriving solution at a *fixed* time, and `ẏ = f⁻` its
/// rate. With `t̄ = −⟨ȳ⁺, f⁺⟩`, since the departing solution moves with the event, they are the
/// transpose of the saltation matrix
///
///     ∂r/∂y + (f⁺ − ∂r/∂t − ∂r/∂y f⁻) ∂g/∂y / (∂g/∂t + ∂g/∂y f⁻)
///
/// The rate after the event, `f⁺ = f(t, y⁺)`, is contained in the `t̄` that the caller passes:
///
/// - continuous adjoints: `BackwardSolve.jump` evaluates `f⁺`;
/// - discrete adjoint: the nodes after the event move with it, and their cotangents, accumulated in
///   [TimeGradient#jumpBar], are the `t̄` of `ReverseSweep.pullBackEvent`. Where the solve ends in
///   the jump, `ReverseSweep.observeEnd` evaluates `f⁺`.
///
/// Events that happen together have the time of the first one. Aizerman & Gantmacher (1958), Q. J.
/// Mech. Appl. Math. 11, 351–365; Chen, Amos & Nickel (2021), ICLR, "Learning neural event
/// functions".
final class EventAdjoint {
  private final DifferentiableField field;
  private final List<Event.Occurrence> occurrences;
  private final double[] bars;
  private final int n;

  /// The index of the next event back; −1 if there is none.
  private int next;

  private final double[] theta;
  private final double[] part;

  /// Null without events.
  private final EventTimeDerivative derivative;

  /// @param bars `∂L/∂(t, before, after)`, `[events, 1 + 2n]`
  EventAdjoint(DifferentiableField field, List<Event.Occurrence> occurrences, double[] bars) {
    this.field = field;
    this.occurrences = occurrences;
    this.bars = bars;
    this.n = field.dimension();
    this.next = occurrences.size() - 1;
    this.theta = new double[occurrences.isEmpty() ? 0 : field.parameterCount()];
    this.part = new double[n];
    this.derivative = occurrences.isEmpty() ? null : new EventTimeDerivative(field);
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
  void requireNoCotangents(String method) {
    for (double bar : bars) {
      if (bar != 0) {
        throw new IllegalArgumentException(
            "discrete adjoint: the loss depends on an event of a random path of %s, which has no slope there; want a loss of observed states"
                .formatted(method));
      }
    }
  }

  /// The next event back, null if there is none.
  Event.Occurrence next() {
    return next < 0 ? null : occurrences.get(next);
  }

  /// Returns whether the next event back is within this step, or at its end.
  boolean isIn(long step) {
    return next >= 0 && next().step() == step;
  }

  boolean isMark() {
    return isMark(next);
  }

  private boolean isMark(int i) {
    return occurrences.get(i).event().effect() instanceof Effect.Mark;
  }

  /// The first of the events simultaneous with the next one back.
  Event.Occurrence cause() {
    return occurrences.get(first());
  }

  private int first() {
    int first = next;
    while (first > 0 && !isMark(next) && !isMark(first - 1) && simultaneous(first - 1, next)) {
      first--;
    }
    return first;
  }

  private boolean simultaneous(int one, int other) {
    return occurrences.get(one).step() == occurrences.get(other).step();
  }

  /// The time of the last jump among the events that remain; NaN if there is none.
  double lastJump() {
    for (int i = next; i >= 0; i--) {
      if (occurrences.get(i).event().effect() instanceof Effect.Jump) {
        return occurrences.get(i).t();
      }
    }
    return Double.NaN;
  }

  /// Skips the next event back if it is a mark that the loss does not depend on; returns whether
  /// it was skipped.
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

  /// Pulls back through the next event and those simultaneous with it.
  ///
  /// @param lambda the cotangent of the state after them, overwritten with that before them at a
  ///     fixed time
  /// @param timeBar the cotangent of their time from everything later
  /// @param rate `ẏ` of the arriving solution
  /// @throws IllegalArgumentException if anything depends on the time and `g` has no derivatives,
  ///     reads another θ than the field, or touches 0 without a change of sign
  void pullBack(double[] lambda, double timeBar, double[] rate) {
    int first = first();
    double sum = timeBar;
    for (; next >= first; next--) {
      Event.Occurrence event = next();
      int row = next * (1 + 2 * n);
      sum += bars[row];
      Vectors.add(bars, row + 1 + n, lambda);
      if (event.event().effect() instanceof Effect.Jump(var reset)) {
        sum += pullBackJump(event, (DifferentiableReset) reset, lambda);
      }
      Vectors.add(bars, row + 1, lambda);
    }
    sum += Vectors.dot(lambda, 0, rate);
    if (sum != 0) {
      pullBackTime(occurrences.get(first), sum, rate, lambda);
    }
  }

  private double pullBackJump(Event.Occurrence jump, DifferentiableReset reset, double[] lambda) {
    EventTimeDerivative.requireSame(jump.event(), reset, field);
    double timeBar = reset.pullback(jump.t(), jump.before(), lambda, part, theta);
    System.arraycopy(part, 0, lambda, 0, n);
    return timeBar;
  }

  /// Applies the implicit function theorem to the time of an event.
  private void pullBackTime(
      Event.Occurrence event, double timeBar, double[] rate, double[] lambda) {
    double alpha =
        -timeBar / derivative.of(event.event(), event.t(), event.accuracy(), event.before(), rate);
    Vectors.axpy(alpha, derivative.yBar, 0, lambda);
    Vectors.axpy(alpha, derivative.thetaBar, 0, theta);
  }

  /// Adds the contribution of events to `∂L/∂θ`.
  void addTheta(double[] sum) {
    Vectors.axpy(1, theta, 0, sum, 0, theta.length);
  }
}
