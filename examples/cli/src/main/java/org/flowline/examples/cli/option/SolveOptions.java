package org.flowline.examples.cli.option;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.flowline.neuralode.gradient.Backsolve;
import org.flowline.neuralode.gradient.Checkpointed;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.ForwardSensitivity;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.gradient.InterpolatedAdjoint;
import org.flowline.neuralode.gradient.ReversibleAdjoint;
import org.flowline.neuralode.model.Model;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.flowline.odesolvers.method.Stochastic;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// The options of `train` for the solver and the gradient method.
public final class SolveOptions {
  private static final int SLOTS = 32;

  /// The gradient methods.
  public enum Gradient {
    DISCRETE,
    CHECKPOINTED,
    REVERSIBLE,
    INTERPOLATED,
    BACKSOLVE,
    SENSITIVITY;

    @Override
    public String toString() {
      return Choice.word(this);
    }
  }

  /// The names of solvers, for completion.
  static final class Solvers implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return solvers().iterator();
    }
  }

  @Option(
      names = "--solver",
      paramLabel = "METHOD",
      completionCandidates = Solvers.class,
      defaultValue = "tsit5")
  private String solver;

  @Option(names = "--tolerance", paramLabel = "X", defaultValue = "1e-5")
  private double tolerance;

  @Option(names = "--gradient", paramLabel = "GRADIENT", defaultValue = "discrete")
  private Gradient gradient;

  void require(CommandSpec spec) {
    CommandWords.requireWithin(spec, "--tolerance", tolerance, 1e-14, 0.1);
    List<String> known = solvers();
    if (known.stream().noneMatch(solver::equalsIgnoreCase)) {
      Methods.all().stream()
          .filter(other -> other.name().equalsIgnoreCase(solver))
          .findFirst()
          .ifPresent(other -> refuse(spec, other, known));
      throw CommandWords.wrong(spec, "--solver: " + Choice.unknown(solver, known));
    }
    try {
      method();
    } catch (IllegalArgumentException e) {
      throw CommandWords.wrong(
          spec, "--gradient %s, --solver %s: %s", gradient, solver, e.getMessage());
    }
  }

  private void refuse(CommandSpec spec, Method other, List<String> known) {
    throw CommandWords.wrong(
        spec,
        "--solver: %s %s; want one of %s",
        solver,
        other instanceof Stochastic
            ? "solves stochastic equations"
            : "has no error estimate, by which training chooses its steps",
        known);
  }

  /// The names of methods with an error estimate.
  private static List<String> solvers() {
    return Methods.all().stream()
        .filter(method -> method.embedded() && !(method instanceof Stochastic))
        .map(method -> method.name().toLowerCase(Locale.ROOT))
        .toList();
  }

  GradientMethod method() {
    Method method = Methods.named(solver);
    Integrator integrator = with(method);
    return switch (gradient) {
      case DISCRETE -> new DiscreteAdjoint(integrator);
      case CHECKPOINTED -> new Checkpointed(integrator, SLOTS);
      case REVERSIBLE ->
          new ReversibleAdjoint(
              method instanceof ButcherTableau base ? with(Reversible.of(base)) : integrator);
      case INTERPOLATED -> new InterpolatedAdjoint(integrator);
      case BACKSOLVE -> new Backsolve(integrator);
      case SENSITIVITY -> new ForwardSensitivity(integrator);
    };
  }

  private Integrator with(Method method) {
    return Integrator.of(method, StepSize.Adaptive.of(tolerance, absolute()));
  }

  /// A tenth of the relative tolerance, exact in decimals.
  private double absolute() {
    return BigDecimal.valueOf(tolerance).movePointLeft(1).doubleValue();
  }

  /// The solver of the trained model, the same as in the training.
  Model.Solver solver() {
    return new Model.Solver(Methods.named(solver).name(), tolerance, absolute());
  }
}
