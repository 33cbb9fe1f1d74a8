package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.odesolvers.Status;
import org.junit.jupiter.api.Test;

/// Records that hold arrays print numbers and sizes instead of the arrays' identities.
class RecordsOfArraysPrintTheirSizes {

  @Test
  void ofMeasurements() {
    List<double[]> rows = List.of(new double[] {3}, new double[] {4});
    TimeSeries series = new TimeSeries("t", List.of("x"), new double[] {0, 2}, rows);
    assertEquals("time series of [x] at 2 times from 0.0 to 2.0", series.toString());
    assertEquals("time series of [x] at 0 times", series.between(0, 0).toString());
    assertEquals("t̃ = (t − 0.0)/0.1, mean [3.5], deviation [0.5]", Scaling.of(series).toString());
    assertEquals(
        "table of 2 rows, features [x], classes [a, b]",
        new LabelledTable(List.of("x"), rows, List.of("a", "b"), new int[] {0, 1}).toString());
    assertEquals("npy of shape [2, 3]", Npy.of(new double[6], 2, 3).toString());
  }

  @Test
  void ofGradients() {
    Status status = new Status(Status.Reason.SUCCESS, 1, 0.5, 2, -1, "done");
    TrajectoryGradient gradient =
        new TrajectoryGradient(0.25, new double[3], new double[2], new double[4], status, null, 8);
    assertEquals(
        "loss 0.25, gradient of 3 parameters, 2 components and 4 times: " + status,
        gradient.toString());
  }
}
