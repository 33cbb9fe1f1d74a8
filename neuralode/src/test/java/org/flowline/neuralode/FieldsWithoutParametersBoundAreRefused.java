package org.flowline.neuralode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.field.SecondOrderNeuralField;
import org.flowline.neuralode.field.ShardedField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// A field whose parameters were never bound is refused by every solve, instead of solved with θ =
/// 0; zeros that were bound are parameters like all others.
class FieldsWithoutParametersBoundAreRefused {
  private static final Integrator SOLVER =
      Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-6, 1e-6));

  private static NeuralField field(int rows) {
    Parameters layout = Parameters.none().with("w", 1, 1);
    return NeuralField.of(layout, rows, 1, (_, y, theta) -> y.matmul(theta.get("w")));
  }

  private static double[] end(VectorField field) {
    double[] start = new double[field.dimension()];
    start[0] = 1;
    return SOLVER.solve(field, start, 0, 1).orThrow().last();
  }

  @Test
  void bySolvesAndGradients() {
    List<VectorField> fields =
        List.of(
            field(1),
            field(1).fork(),
            SecondOrderNeuralField.of(field(1)),
            ShardedField.of(2, FieldsWithoutParametersBoundAreRefused::field));
    for (VectorField field : fields) {
      String message = assertThrows(IllegalStateException.class, () -> end(field)).getMessage();
      assertTrue(
          message.startsWith("neural field: θ of 1 values is not bound; call bind"), message);
    }
    NeuralField field = field(1);
    TrajectoryLoss loss =
        TrajectoryLoss.meanSquaredError(List.of(new double[] {1}, new double[] {2}));
    assertThrows(
        IllegalStateException.class,
        () ->
            new DiscreteAdjoint(SOLVER)
                .gradient(field, new double[] {1}, new double[] {0, 1}, loss));
    double[] bar = new double[1];
    assertThrows(
        IllegalStateException.class,
        () -> field.pullback(0, new double[1], bar, bar, new double[1]));
  }

  @Test
  void unlessZerosAreBoundOrTheirArrayIsFilled() {
    NeuralField zeros = field(1);
    zeros.bind(new double[1]);
    assertEquals(1, end(zeros)[0]);
    assertEquals(1, end(zeros.fork())[0]);
    NeuralField filled = field(1);
    filled.parameters()[0] = 1;
    assertEquals(Math.E, end(filled)[0], 1e-5);
    assertEquals(
        2, end(NeuralField.of(Parameters.none(), 1, 1, (_, y, _) -> y.mul(0).add(1)))[0], 1e-12);
  }
}
