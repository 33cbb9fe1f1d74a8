package org.flowline.neuralode.diagnostics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.gradient.Backsolve;
import org.flowline.neuralode.gradient.Checkpointed;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.ForwardSensitivity;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.gradient.InterpolatedAdjoint;
import org.flowline.neuralode.gradient.ReversibleAdjoint;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.objective.MiniBatches;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.junit.jupiter.api.Test;

/// A ledger's numbers are those that follow from the solver, the gradient method and the optimiser;
/// it changes no bit.
class LedgersCountTheCost {
  private static final Mlp NETWORK = Mlp.of(Activation.TANH, 2, 5, 2);
  private static final double[] START = NETWORK.initial(new SplittableRandom(1));
  private static final int P = START.length;
  private static final int STEPS = 8;
  private static final double[] TIMES = {0, 1};
  private static final List<double[]> DATA = List.of(new double[] {1, 2}, new double[] {0, 1});

  private static Integrator solver(int steps) {
    return Integrator.of(Methods.RK4, StepSize.Constant.of(1.0 / steps, steps));
  }

  /// The same steps on the way back.
  private static Integrator back(int steps) {
    return Integrator.of(Methods.RK4, StepSize.Constant.of(-1.0 / steps, steps));
  }

  private static TrajectoriesObjective objective(GradientMethod method) {
    return TrajectoriesObjective.of(NeuralField.of(NETWORK, 1, 2), method, TIMES, DATA);
  }

  private static TrajectoriesObjective objective() {
    return objective(new DiscreteAdjoint(solver(STEPS)));
  }

  private static CostLedger.Account watched(Objective loss, Optimizer optimizer, int iterations) {
    CostLedger ledger = CostLedger.of(loss);
    Trainer.of(loss, optimizer).withStepObserver(ledger).train(START, iterations);
    return ledger.account();
  }

  @Test
  void ofARunOfAdam() {
    int iterations = 20;
    TrajectoriesObjective loss = objective();
    loss.gradient(0, START, new double[P]);
    CostLedger ledger = CostLedger.of(loss);
    Optimizer adam = Optimizer.adam(0.01);
    Trainer.Result with = Trainer.of(loss, adam).withStepObserver(ledger).train(START, iterations);
    Trainer.Result without = Trainer.of(objective(), adam).train(START, iterations);
    assertArrayEquals(without.last(), with.last());
    CostLedger.Account account = ledger.account();
    // One gradient for each iteration and one forward solve for the loss at the end; RK4 has four
    // stages, each evaluated once forward and pulled back once.
    assertEquals(iterations, account.training().gradients());
    assertEquals(4L * STEPS * (iterations + 1), account.state().evaluations());
    assertEquals(4L * STEPS * iterations, account.adjoint().pullbacks());
    assertEquals(iterations, account.training().steps());
    assertEquals(0, account.training().products());
    // Two averages and θ, at both ends of a step, and the one slope of semi-implicit Euler.
    assertEquals(8L * 3 * P * 3, account.training().bytes());
  }

  /// A network that counts its evaluations and pullbacks and is declared pure.
  private static final class Counted implements DifferentiableField {
    private final NeuralField field = NeuralField.of(NETWORK, 1, 2);
    private long evaluations;
    private long pullbacks;

    @Override
    public int dimension() {
      return field.dimension();
    }

    @Override
    public int parameterCount() {
      return field.parameterCount();
    }

    @Override
    public void bind(double[] theta) {
      field.bind(theta);
    }

    @Override
    public double[] parameters() {
      return field.parameters();
    }

    @Override
    public boolean pure() {
      return true;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      evaluations++;
      field.evaluate(t, y, dydt);
    }

    @Override
    public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
      pullbacks++;
      return field.pullback(t, y, a, yBar, thetaBar);
    }
  }

  /// The counts of adaptive and implicit steps equal the field's own.
  @Test
  void asTheFieldItselfCounts() {
    for (Method method : List.of(Methods.DOPRI5, Methods.KVAERNO5)) {
      Counted field = new Counted();
      Integrator adaptive = Integrator.of(method, StepSize.Adaptive.of(1e-6, 1e-8));
      TrajectoriesObjective loss =
          TrajectoriesObjective.of(field, new DiscreteAdjoint(adaptive), TIMES, DATA);
      CostLedger.Account account = watched(loss, Optimizer.adam(0.1), 20);
      assertEquals(field.evaluations, account.state().evaluations());
      assertEquals(field.pullbacks, account.adjoint().pullbacks());
      assertTrue(field.evaluations > 21 * 6L);
    }
  }

  @Test
  void ofSeveralTrajectoriesInBatches() {
    TrajectoriesObjective.Series series = new TrajectoriesObjective.Series(TIMES, DATA);
    TrajectoriesObjective all =
        TrajectoriesObjective.of(
            NeuralField.of(NETWORK, 1, 2),
            new DiscreteAdjoint(solver(STEPS)),
            List.of(series, series, series, series));
    MiniBatches pairs = MiniBatches.of(4, all::batch).withSize(2, 0.01);
    CostLedger.Account account = watched(pairs, Optimizer.gradientDescent(0.01).withClipping(1), 6);
    assertEquals(6, account.training().gradients());
    assertEquals(7 * 2 * 4L * STEPS, account.state().evaluations());
    assertEquals(6 * 2 * 4L * STEPS, account.adjoint().pullbacks());
  }

  @Test
  void ofProductsWithTheHessian() {
    TrajectoriesObjective loss = objective();
    CostLedger ledger = CostLedger.of(loss);
    Optimizer descent = Optimizer.gradientDescent(0.01);
    Sharpness sharpness = Sharpness.of(loss, descent).withEvery(5);
    Trainer.of(loss, descent).withStepObserver(ledger).withStepObserver(sharpness).train(START, 10);
    assertTrue(ledger.account().training().products() > 0);
    assertEquals(sharpness.products(), ledger.account().training().products());
    // A dense Hessian for each Newton step, a column at a time.
    Objective traced = Objective.traced(P, x -> x.square().sum());
    CostLedger.Account newton = watched(traced, Optimizer.dampedNewton(1), 3);
    assertEquals(3L * P, newton.training().products());
    assertEquals(0, newton.state().bytes() + newton.adjoint().bytes());
  }

  private static CostLedger.Account of(GradientMethod method) {
    return watched(objective(method), Optimizer.gradientDescent(0.01), 2);
  }

  @Test
  void bytesOfStepsGrowWithTheSolveWhereAMethodKeepsThem() {
    long few = of(new DiscreteAdjoint(solver(1000))).state().bytes();
    long many = of(new DiscreteAdjoint(solver(4000))).state().bytes();
    // A state and four slopes of two components for each step; the record grows by doubling.
    assertTrue(few >= 1000 * 8 * 2 * 5 && few < 4 * 1000 * 8 * 2 * 5, "" + few);
    assertTrue(many >= 4000 * 8 * 2 * 5 && many < 4 * 4000 * 8 * 2 * 5, "" + many);
    assertTrue(
        of(new InterpolatedAdjoint(solver(1000), back(1000))).state().bytes() >= 1000 * 8 * 2 * 5);
  }

  @Test
  void bytesAreFlatWhereAMethodKeepsNone() {
    Integrator reversible =
        Integrator.of(Reversible.of(Methods.RK4), StepSize.Constant.of(1e-3, 1000));
    for (GradientMethod method :
        Arrays.<GradientMethod>asList(
            new Backsolve(solver(1000), back(1000)),
            new ReversibleAdjoint(reversible),
            new ForwardSensitivity(solver(1000)))) {
      assertTrue(of(method).state().bytes() <= 8 * 2 * 2, method.toString());
    }
    // (y, a, g), and the sensitivities of both components by start and θ.
    assertEquals(8L * (2 * 2 + P), of(new Backsolve(solver(10), back(10))).adjoint().bytes());
    assertEquals(8L * 2 * (2 + P), of(new ForwardSensitivity(solver(10))).adjoint().bytes());
  }

  @Test
  void checkpointsTakeWhatTheirSlotsDo() {
    long whole = of(new DiscreteAdjoint(solver(4000))).state().bytes();
    long few = of(new Checkpointed(solver(4000), 20)).state().bytes();
    long more = of(new Checkpointed(solver(4000), 80)).state().bytes();
    assertTrue(few >= 20 * 8 * 2 && few < more && more < whole / 8, few + " " + more);
    assertEquals(
        of(new DiscreteAdjoint(solver(10))).adjoint().bytes(),
        of(new Checkpointed(solver(10), 3)).adjoint().bytes());
    // Beyond its budget, the discrete adjoint is one of these.
    long bounded = of(new DiscreteAdjoint(solver(4000), whole / 8)).state().bytes();
    assertTrue(bounded > whole / 16 && bounded < whole / 3, bounded + " of " + whole);
  }
}
