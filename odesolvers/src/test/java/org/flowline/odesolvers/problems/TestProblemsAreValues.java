package org.flowline.odesolvers.problems;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.flowline.odesolvers.Tolerance;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.field.VectorField;
import org.junit.jupiter.api.Test;

/// A problem is immutable: changes of the arrays it returns do not change it.
class TestProblemsAreValues {
  @Test
  void whoseArraysAreCopies() {
    TestProblem problem = StiffProblems.ROBERTSON;
    problem.y0()[0] = 7;
    problem.end()[0] = 7;
    problem.sizes()[0] = 7;
    assertArrayEquals(new double[] {1, 0, 0}, problem.y0());
    assertEquals(0.9999999791665050, problem.end()[2]);
    assertEquals(Tolerance.of(1e-6, 1e-6), Detest.named("A1").tolerance(1e-6));
    assertArrayEquals(
        new double[] {1e-6 * 1e-8, 1e-6 * 1e-11, 1e-6}, problem.tolerance(1e-6).atol());
  }

  @Test
  void withVariations() {
    TestProblem problem = StiffProblems.ROBERTSON;
    assertInstanceOf(FieldWithJacobian.class, problem.field());
    assertFalse(problem.withoutJacobian().field() instanceof FieldWithJacobian);
    assertArrayEquals(problem.end(), problem.withoutJacobian().end());
    assertEquals(40, problem.until(40).t1());
    assertEquals(0, problem.until(40).end().length);
  }

  @Test
  void whoseDistanceIsRelativeForLargeComponents() {
    double[] exact = {0, 3};
    assertEquals(0.5, TestProblem.distance(new double[] {0.5, 3}, exact));
    assertEquals(0.75, TestProblem.distance(new double[] {0, 6}, exact));
  }

  @Test
  void andRefuseWhatDoesNotFit() {
    VectorField field = Detest.named("B1").field();
    double[] none = {};
    double[] one = {1};
    assertEquals(
        "X: y0 of 1 components and an end state of 0, want 2, the field's dimension",
        assertThrows(
                IllegalArgumentException.class,
                () -> new TestProblem("X", field, one, 0, 1, none, one))
            .getMessage());
    assertEquals(
        "DETEST: no problem F1, want A1 to E5",
        assertThrows(IllegalArgumentException.class, () -> Detest.named("F1")).getMessage());
  }
}
