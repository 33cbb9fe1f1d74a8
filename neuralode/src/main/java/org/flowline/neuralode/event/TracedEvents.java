package org.flowline.neuralode.event;

import java.util.List;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.Event;

/// Creates differentiable [Event]s: `g` and the jump are recorded programs of `t`, the state and
/// the field's own θ.
///
///     TracedEvents events = TracedEvents.of(field);
///     Event spike =
///         events
///             .jump(
///                 "spike",
///                 (t, v, theta) -> v.sub(theta.get("threshold")),
///                 (t, v, theta) -> theta.get("rest"))
///             .rising();
///     GradientMethod method = new DiscreteAdjoint(solver.withEvent(spike));
///
/// θ is read from the field at each call. Events are not thread-safe; a fork of the field needs
/// events of its own. See [EventLoss] for losses that depend on the times of events.
public final class TracedEvents {

  /// A program `(t, y, θ) ↦ g` or `(t, y, θ) ↦ r`, with `t` a scalar and `y` of the state's shape.
  @FunctionalInterface
  public interface Function {
    /// Records `g`, a single number, or `r`, of the shape of `y`; called once, when the event is
    /// made.
    Var apply(Var t, Var y, Parameters.View theta);
  }

  private final DifferentiableField field;
  private final Parameters layout;
  private final Shape state;

  private TracedEvents(DifferentiableField field, Parameters layout, Shape state) {
    this.field = field;
    this.layout = layout;
    this.state = state;
  }

  /// Events of this field, with the state and θ in the field's shapes.
  public static TracedEvents of(NeuralField field) {
    return of(field, field.layout(), field.state());
  }

  /// Events of any field, with this layout of θ and shape of the state.
  ///
  /// @throws IllegalArgumentException if θ or the state has another length
  public static TracedEvents of(DifferentiableField field, Parameters layout, Shape state) {
    if (layout.size() != field.parameterCount() || state.size() != field.dimension()) {
      throw new IllegalArgumentException(
          "events: θ of %s numbers and a state %s; want %s and %s numbers, as the field has"
              .formatted(layout.size(), state, field.parameterCount(), field.dimension()));
    }
    return new TracedEvents(field, layout, state);
  }

  /// Ends the solve where `g` changes its sign.
  ///
  /// @throws IllegalArgumentException if `g` is not a single number
  public Event stop(String name, Function g) {
    return Event.stop(name, guard(name, g));
  }

  /// Changes the state to `reset` where `g` changes its sign.
  ///
  /// @throws IllegalArgumentException if `g` is not a single number, or the new state has another
  ///     shape than the old one
  public Event jump(String name, Function g, Function reset) {
    return Event.jump(name, guard(name, g), new Reset(program(name, "the reset", reset, state)));
  }

  /// Records where `g` changes its sign.
  ///
  /// @throws IllegalArgumentException if `g` is not a single number
  public Event mark(String name, Function g) {
    return Event.mark(name, guard(name, g));
  }

  private Guard guard(String name, Function g) {
    return new Guard(program(name, "g", g, Shape.scalar()));
  }

  private Traced program(String name, String what, Function function, Shape wanted) {
    Tape tape =
        Tape.record(
            List.of(Shape.scalar(), state, Shape.of(layout.size())),
            in -> {
              Var result = function.apply(in.get(0), in.get(1), layout.of(in.get(2)));
              boolean fits =
                  wanted.size() == 1 && result.shape().size() == 1 || result.shape().equals(wanted);
              if (!fits) {
                throw new IllegalArgumentException(
                    "event %s: %s is of shape %s; want %s"
                        .formatted(name, what, result.shape(), wanted));
              }
              return List.of(result.reshape(wanted));
            });
    return new Traced(field, tape);
  }

  /// A recorded function of `(t, y, θ)` with its pullback, reading θ from the field.
  private static final class Traced {
    private final DifferentiableField field;
    private final Program forward;
    private final Program pullback;
    private final double[] time = new double[1];
    private final double[] timeBar = new double[1];
    private final double[] thetaPart;

    Traced(DifferentiableField field, Tape tape) {
      this.field = field;
      this.forward = JvmBackend.best().compile(tape);
      this.pullback = JvmBackend.best().compile(Derivative.vjp(tape).select(1, 2, 3));
      this.thetaPart = new double[field.parameterCount()];
    }

    void evaluate(double t, double[] y, double[] out) {
      time[0] = t;
      forward.run(new double[][] {time, y, field.parameters()}, new double[][] {out});
    }

    double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
      time[0] = t;
      pullback.run(
          new double[][] {time, y, field.parameters(), a},
          new double[][] {timeBar, yBar, thetaPart});
      Vectors.add(thetaPart, 0, thetaBar);
      return timeBar[0];
    }
  }

  /// Returns whether a function of an event reads another θ than this field.
  public static boolean readsOtherParameters(Object function, DifferentiableField field) {
    Traced traced =
        switch (function) {
          case Guard guard -> guard.program;
          case Reset reset -> reset.program;
          default -> null;
        };
    return traced != null
        && field.parameterCount() > 0
        && traced.field.parameters() != field.parameters();
  }

  private record Guard(Traced program) implements DifferentiableGuard {
    @Override
    public double evaluate(double t, double[] y) {
      double[] value = new double[1];
      program.evaluate(t, y, value);
      return value[0];
    }

    @Override
    public double pullback(double t, double[] y, double a, double[] yBar, double[] thetaBar) {
      return program.pullback(t, y, new double[] {a}, yBar, thetaBar);
    }
  }

  private record Reset(Traced program) implements DifferentiableReset {
    @Override
    public void apply(double t, double[] y) {
      program.evaluate(t, y.clone(), y);
    }

    @Override
    public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
      return program.pullback(t, y, a, yBar, thetaBar);
    }
  }
}
