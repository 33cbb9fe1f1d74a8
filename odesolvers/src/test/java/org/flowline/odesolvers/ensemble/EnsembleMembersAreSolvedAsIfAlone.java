package org.flowline.odesolvers.ensemble;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Recording;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

class EnsembleMembersAreSolvedAsIfAlone {

  private static final Method[] METHODS = {Methods.TSIT5, Methods.DOPRI5, Methods.BOSH3};

  /// Members with different methods, tolerances, intervals and directions, one of which blows up
  /// and one runs out of steps, have the same bits on any number of threads.
  @Test
  void toTheBitOnAnyNumberOfThreads() {
    List<InitialValueProblem> problems = problems(60);
    for (int threads : new int[] {1, 2, 3, 8, 100}) {
      List<Solution> solutions = Ensemble.solveAll(problems, threads);
      requireAlone(problems, solutions);
    }
    requireAlone(problems, Ensemble.solveAll(problems));
    List<Solution> solutions = Ensemble.solveAll(problems);
    assertEquals(Status.Reason.STEP_SIZE_UNDERFLOW, solutions.get(7).status().reason());
    assertEquals(Status.Reason.MAX_STEPS, solutions.get(8).status().reason());
    assertEquals(58, solutions.stream().filter(s -> s.status().succeeded()).count());
  }

  private static void requireAlone(List<InitialValueProblem> problems, List<Solution> solutions) {
    assertEquals(problems.size(), solutions.size());
    for (int i = 0; i < problems.size(); i++) {
      Solution alone = problems.get(i).solve();
      assertArrayEquals(alone.last(), solutions.get(i).last());
      assertArrayEquals(alone.values(), solutions.get(i).values());
      assertEquals(alone.status(), solutions.get(i).status());
      assertEquals(alone.stats(), solutions.get(i).stats());
    }
  }

  private static List<InitialValueProblem> problems(int count) {
    var random = new SplittableRandom(5);
    List<InitialValueProblem> problems = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var size = StepSize.Adaptive.of(Math.pow(10, -random.nextInt(3, 10)), 1e-9);
      double start = random.nextDouble(-1, 1);
      double end = start + random.nextDouble(1, 3) * (i % 2 == 0 ? 1 : -1);
      double[] y0 = {random.nextDouble(), random.nextDouble()};
      problems.add(
          new InitialValueProblem(
              Integrator.of(METHODS[i % 3], size), new Turning(1 + i % 5), y0, start, end));
    }
    var solver = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-6, 1e-6));
    VectorField blowUp = VectorField.of(1, (t, y, dydt) -> dydt[0] = y[0] * y[0]);
    problems.set(7, new InitialValueProblem(solver, blowUp, new double[] {1}, 0, 2));
    var short7 = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-9, 1e-9).withMaxSteps(7));
    problems.set(8, new InitialValueProblem(short7, new Turning(3), new double[] {1, 0}, 0, 100));
    return problems;
  }

  /// A field with a workspace, which two simultaneous solves would corrupt.
  private static final class Turning implements VectorField {

    private final double rate;
    private final double[] workspace = new double[2];

    Turning(double rate) {
      this.rate = rate;
    }

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      workspace[0] = rate * y[1];
      workspace[1] = -rate * y[0] + Math.cos(t);
      for (int i = 0; i < 200; i++) {
        Thread.onSpinWait();
      }
      System.arraycopy(workspace, 0, dydt, 0, 2);
    }
  }

  /// One field and one trajectory for all members, which are therefore solved one after the other.
  @Test
  void evenIfTheyShareAFieldWithAWorkspaceOrAnObserver() {
    var shared = new Turning(2);
    var steps = Recording.everyStep(1, (t, y, out) -> out[0] = y[0]);
    var solver = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-7, 1e-7));
    List<InitialValueProblem> problems = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      problems.add(new InitialValueProblem(solver, shared, new double[] {i, 1}, 0, 2));
    }
    requireAlone(problems, Ensemble.solveAll(problems, 4));
    double[] first = Ensemble.solveAll(problems, 4).getFirst().last();
    var observed = solver.withObserver(steps);
    List<InitialValueProblem> legs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      legs.add(
          new InitialValueProblem(
              observed, new Turning(2), new double[] {0, 1}, i / 2.0, (i + 1) / 2.0));
    }
    Ensemble.solveAll(legs, 4); // the recording refuses steps that do not follow one another
    assertEquals(2, steps.times()[steps.size() - 1]);
    assertEquals(problems.getFirst().solve().last()[0], first[0]);
  }

  /// Two fields that wait for each other are solved in parallel.
  @Test
  void andSideBySideIfTheyShareNothing() {
    var both = new CountDownLatch(2);
    List<InitialValueProblem> problems = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      boolean[] met = new boolean[1];
      VectorField meeting =
          VectorField.of(
              1,
              (t, y, dydt) -> {
                if (!met[0]) {
                  met[0] = true;
                  both.countDown();
                  await(both);
                }
                dydt[0] = 1;
              });
      problems.add(
          new InitialValueProblem(
              Integrator.of(Methods.EULER, StepSize.Constant.of(1, 1)),
              meeting,
              new double[] {i},
              0,
              1));
    }
    List<Solution> solutions = Ensemble.solveAll(problems, 2);
    assertEquals(1, solutions.get(0).last()[0]);
    assertEquals(2, solutions.get(1).last()[0]);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS), "the other one never came");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void andWhatOneThrowsComesWhenAllOthersAreSolved() {
    List<InitialValueProblem> problems = problems(12);
    var solver = Integrator.of(Methods.EULER, StepSize.Constant.of(1, 1));
    var error = new ArithmeticException("mine");
    VectorField faulty =
        VectorField.of(
            1,
            (t, y, dydt) -> {
              throw error;
            });
    problems.set(3, new InitialValueProblem(solver, faulty, new double[] {1}, 0, 1));
    problems.set(9, new InitialValueProblem(solver, new Turning(1), new double[] {1}, 0, 1));
    for (int threads : new int[] {1, 3}) {
      var thrown =
          assertThrows(EnsembleException.class, () -> Ensemble.solveAll(problems, threads));
      assertEquals(
          "solveAll: problem 3 of 12 threw java.lang.ArithmeticException: mine; the others'"
              + " solutions are in solutions()",
          thrown.getMessage());
      assertSame(error, thrown.getCause());
      assertEquals(3, thrown.index());
      assertEquals(
          "solve: y0 has 1 components, want 2, the field's dimension",
          thrown.getSuppressed()[0].getMessage());
      for (int i = 0; i < 12; i++) {
        if (i == 3 || i == 9) {
          assertNull(thrown.solutions().get(i));
        } else {
          assertArrayEquals(problems.get(i).solve().last(), thrown.solutions().get(i).last());
        }
      }
    }
  }

  @Test
  void ofNoProblemsThereAreNoSolutions() {
    assertEquals(List.of(), Ensemble.solveAll(List.of()));
    assertEquals(
        "solveAll: 0 threads, want at least 1",
        assertThrows(IllegalArgumentException.class, () -> Ensemble.solveAll(List.of(), 0))
            .getMessage());
  }
}
