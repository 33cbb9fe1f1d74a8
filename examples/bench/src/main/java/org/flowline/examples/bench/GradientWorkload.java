package org.flowline.examples.bench;

import java.util.List;
import java.util.Optional;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.gradient.Backsolve;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.gradient.PreparedGradient;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// A loss along trajectories and its gradient with respect to θ and the initial state, by one
/// method. The error is the distance from the gradient of the discrete adjoint at tolerance 1e-12.
record GradientWorkload(String name, BatchProblem problem, GradientMethod method)
    implements Workload {
  private static final Integrator SPIRAL_PAIR = pair(1e-7, 1e-9);
  private static final Integrator PAIR = pair(1e-5, 1e-6);
  private static final double TIGHT = 1e-12;

  /// The number of rows from which sharding a batch over cores pays off.
  private static final int LARGE = 256;

  static final List<Workload> ALL =
      List.of(
          new GradientWorkload("spiral-adjoint", BatchProblem.SPIRAL, new Backsolve(SPIRAL_PAIR)),
          new GradientWorkload(
              "spiral-discrete", BatchProblem.SPIRAL, new DiscreteAdjoint(SPIRAL_PAIR)),
          new GradientWorkload(
              "spiral-rk4",
              BatchProblem.SPIRAL,
              rk4(StepSize.Grid.of(BatchProblem.SPIRAL.times()))),
          new GradientWorkload("mid-adjoint", BatchProblem.MID, new Backsolve(PAIR)),
          new GradientWorkload("wide-adjoint", BatchProblem.WIDE, new Backsolve(PAIR)),
          new GradientWorkload(
              "wide-rk4", BatchProblem.WIDE, rk4(StepSize.Constant.of(1.0 / 20, 20))));

  /// DOPRI5 with the step size controller of torchdiffeq: `h ← 0.9 h E^(−1/5)`.
  private static Integrator pair(double rtol, double atol) {
    return Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(rtol, atol).withGains(0, 1));
  }

  private static GradientMethod rk4(StepSize steps) {
    return new DiscreteAdjoint(Integrator.of(Methods.RK4, steps));
  }

  @Override
  public List<Contestant> contestants() {
    Integrator tight = Integrator.of(Methods.VERN7, StepSize.Adaptive.of(TIGHT, TIGHT));
    TrajectoryGradient reference = gradient(new DiscreteAdjoint(tight), problem.field());
    Contestant ours = contestant(method.getClass().getSimpleName(), problem.field(), reference);
    return problem.batch() < LARGE
        ? List.of(ours)
        : List.of(ours, contestant("in shards, on all cores", problem.sharded(), reference));
  }

  private Contestant contestant(
      String title, DifferentiableField field, TrajectoryGradient reference) {
    double[] start = problem.start();
    TrajectoryLoss loss = problem.loss();
    PreparedGradient prepared = method.prepare(field);
    TrajectoryGradient once = gradient(method, field);
    return new Contestant(
        title,
        () -> prepared.gradient(start, problem.times(), loss),
        once.forward().evaluations(),
        once.backwardEvaluations(),
        null,
        BatchProblem.distance(once, reference));
  }

  private TrajectoryGradient gradient(GradientMethod by, DifferentiableField field) {
    return by.gradient(field, problem.start(), problem.times(), problem.loss());
  }

  @Override
  public Optional<GradientProfile> phases(double seconds) {
    return Optional.of(
        GradientProfile.of(
            method, problem.field(), problem.start(), problem.times(), problem.loss(), seconds));
  }
}
