package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Batches change from step to step and phases of a curriculum less often: no method takes a slope
/// or a loss of another batch or phase over from the previous step.
class EachStepUsesItsOwnObjective {
  private static final double H = 0.1;
  private static final double[] START = {2, 1};
  private static final int STEPS = 30;

  /// `½(θ₀ − 3s)² + 2θ₁² + 5s`
  private record Bowl(int s) implements TwiceDifferentiableObjective {
    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public double gradient(double tau, double[] theta, double[] gradient) {
      gradient[0] = theta[0] - 3 * s;
      gradient[1] = 4 * theta[1];
      return 0.5 * gradient[0] * gradient[0] + 2 * theta[1] * theta[1] + 5 * s;
    }

    @Override
    public Curvature hessian(double tau, double[] theta) {
      return (v, product) -> {
        product[0] = v[0];
        product[1] = 4 * v[1];
      };
    }
  }

  /// A bowl for each number, which is a phase or a batch.
  private record Changing(boolean varies) implements TwiceDifferentiableObjective {
    Bowl at(double tau) {
      return new Bowl(varies ? (int) Math.round(tau / H) % 3 : phase(tau));
    }

    @Override
    public int phase(double tau) {
      return varies || tau < 0.93 ? 0 : tau < 1.71 ? 1 : 2;
    }

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public double gradient(double tau, double[] theta, double[] gradient) {
      return at(tau).gradient(tau, theta, gradient);
    }

    @Override
    public Curvature hessian(double tau, double[] theta) {
      return at(tau).hessian(tau, theta);
    }
  }

  static List<Method> methods() {
    List<Method> methods = new ArrayList<>(List.of(Reversible.of(Methods.BOSH3)));
    for (Method method : Methods.all()) {
      try {
        Trainer.of(new Bowl(0), Optimizer.of(Flows.gradient(), method, H)).train(new double[2], 1);
        methods.add(method);
      } catch (IllegalArgumentException e) {
        continue; // wants another kind of flow
      }
    }
    assertTrue(methods.size() >= 25, () -> "too few: " + methods);
    return methods;
  }

  /// Step by step, each a solve of its own.
  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void asInSolvesOfASingleStep(Method method) {
    for (Changing objective : List.of(new Changing(true), new Changing(false))) {
      if (method instanceof Reversible && !objective.varies()) {
        continue; // a pair of states, which only its own solve has
      }
      Integrator step = Integrator.of(method, StepSize.Constant.of(H, 1));
      double[] theta = START;
      for (int i = 0; i < STEPS; i++) {
        TrainingFlow flow = Flows.gradient().apply(objective.at(i * H));
        theta = step.solve(flow, theta, 0, H).orThrow().last();
      }
      Optimizer optimizer = Optimizer.of(Flows.gradient(), method, H);
      Trainer.Result result = Trainer.of(objective, optimizer).train(START, STEPS);
      // Newton's iterations end within 1e-12 of the step, from wherever they begin.
      assertArrayEquals(theta, result.last(), 1e-11, objective.toString());
    }
  }

  static Stream<Optimizer> optimizers() {
    List<Optimizer> all =
        new ArrayList<>(List.of(Optimizer.heavyBall(0.01, 0.9), Optimizer.adam(0.1)));
    StepSize.Adaptive tolerances = StepSize.Adaptive.of(1e-3, 1e-3);
    for (Method method : methods()) {
      all.add(Optimizer.of(Flows.gradient(), method, H));
      if (method.embedded()) {
        all.add(Optimizer.of(Flows.gradient(), method, H, tolerances));
      }
    }
    all.add(Optimizer.of(Flows.gradient(), Methods.named("HIGHAM_HALL54"), H, tolerances));
    return all.stream();
  }

  /// Observed and kept losses are the objective's at the θ and the time observed.
  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void lossesAreThoseOfTheirParameters(Optimizer optimizer) {
    Changing objective = new Changing(false);
    double[] shown = new double[1];
    int[] seen = new int[1];
    StepObserver check =
        new StepObserver() {
          @Override
          public void accepted(Step step) {
            double[] theta = optimizer.flow().apply(objective).parameters(step.y0());
            assertEquals(loss(step.t(), theta), shown[0], "iteration " + seen[0]);
            seen[0]++;
          }
        };
    Trainer.Result result =
        Trainer.of(objective, optimizer)
            .withObserver((_, loss, _) -> shown[0] = loss)
            .withStepObserver(check)
            .train(START, STEPS)
            .orThrow();
    assertTrue(seen[0] >= 2, "steps");
    assertEquals(loss(STEPS * H, result.theta()), result.loss(), "the best");
    assertTrue(result.loss() <= loss(STEPS * H, result.last()), "the end");
  }

  private static double loss(double tau, double[] theta) {
    return new Changing(false).gradient(tau, theta, new double[2]);
  }
}
