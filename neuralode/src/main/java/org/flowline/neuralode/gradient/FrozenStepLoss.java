package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.HipparchusMethod;

/// The loss of a computed trajectory as a function of `(θ, y0, times)` on frozen steps, the
/// function that a discrete adjoint differentiates, for finite differences.
///
/// Steps move with the times as in [DiscreteAdjoint]. The steps of Hipparchus, and adaptive ones
/// between events, cannot be frozen; such solves choose their steps again.
final class FrozenStepLoss {
  private final DifferentiableField field;
  private final Integrator solver;
  private final double[] times;
  private final TrajectoryLoss loss;

  /// The accepted nodes of an adaptive solve, otherwise null.
  private final double[] nodes;

  private FrozenStepLoss(
      DifferentiableField field,
      Integrator solver,
      double[] times,
      TrajectoryLoss loss,
      double[] nodes) {
    this.field = field;
    this.solver = solver;
    this.times = times;
    this.loss = loss;
    this.nodes = nodes;
  }

  /// Freezes the steps of a solve with the field's θ.
  ///
  /// @throws IllegalArgumentException if the step size has stops or jumps, which a grid cannot have
  /// @throws org.flowline.odesolvers.SolveException if the solve fails
  static FrozenStepLoss of(
      DifferentiableField field,
      Integrator solver,
      double[] y0,
      double[] times,
      TrajectoryLoss loss) {
    boolean chosen =
        solver.stepSize() instanceof StepSize.Adaptive
            && !(solver.method() instanceof HipparchusMethod)
            && solver.events().isEmpty();
    double[] nodes = chosen ? ((StepSize.Grid) steps(field, solver, y0, times)).times() : null;
    return new FrozenStepLoss(field, solver, times, loss, nodes);
  }

  /// The steps that a solve accepts, as a grid; fixed ones as they are.
  ///
  /// @throws IllegalArgumentException if the step size has stops or jumps, which a grid cannot have
  /// @throws org.flowline.odesolvers.SolveException if the solve fails
  static StepSize.Fixed steps(
      DifferentiableField field, Integrator solver, double[] y0, double[] times) {
    return switch (solver.stepSize()) {
      case StepSize.Fixed fixed -> fixed;
      case StepSize.Adaptive adaptive -> {
        if (adaptive.forced().stops().length + adaptive.forced().jumps().length > 0) {
          throw new IllegalArgumentException(
              "frozen steps: the step size has stops or jumps; want one without, or a Grid");
        }
        Trajectory accepted = new Trajectory();
        solver.withoutObservers().withObserver(accepted).solve(field, y0, times).orThrow();
        double[] nodes = new double[accepted.steps() + 1];
        for (int i = 0; i < accepted.steps(); i++) {
          nodes[i] = accepted.t(i);
        }
        nodes[accepted.steps()] = accepted.end();
        yield new StepSize.Grid(nodes);
      }
    };
  }

  /// The loss at these arguments; binds θ.
  double at(double[] theta, double[] y0, double[] moved) {
    field.bind(theta);
    Integrator frozen = solver.withoutObservers().withStepSize(size(moved));
    Solution solution = frozen.solve(field, y0, moved).orThrow();
    return LossCotangents.of(loss, moved, solution, field.dimension()).value();
  }

  private StepSize size(double[] moved) {
    if (nodes != null) {
      double[] grid = nodes.clone();
      int direction = times[times.length - 1] > times[0] ? 1 : -1;
      double fixed = field.breakpoints().next(times[0], direction);
      for (int i = 1; i + 1 < grid.length && (fixed - grid[i]) * direction > 0; i++) {
        grid[i] += moved[0] - times[0];
      }
      grid[0] = moved[0];
      grid[grid.length - 1] = moved[moved.length - 1];
      return new StepSize.Grid(grid);
    }
    if (Arrays.equals(moved, times)) {
      return solver.stepSize();
    }
    return switch (solver.stepSize()) {
      case StepSize.Constant constant ->
          new StepSize.Constant(
              (moved[moved.length - 1] - moved[0]) / constant.steps(),
              constant.steps(),
              constant.forced());
      case StepSize.Grid grid -> new StepSize.Grid(moved(grid.times(), moved), grid.forced());
      case StepSize.Adaptive adaptive -> adaptive;
    };
  }

  private double[] moved(double[] grid, double[] moved) {
    double[] nodes = grid.clone();
    for (int i = times.length - 1; i >= 0; i--) { // a node moves with its first observation
      for (int node = 0; node < grid.length; node++) {
        nodes[node] = grid[node] == times[i] ? moved[i] : nodes[node];
      }
    }
    return nodes;
  }
}
