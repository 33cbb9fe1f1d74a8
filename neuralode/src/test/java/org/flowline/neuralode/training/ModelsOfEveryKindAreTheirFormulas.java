package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Model;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Predictions beside the formula by hand, in the measurements' units, solved by Hipparchus.
class ModelsOfEveryKindAreTheirFormulas {
  @TempDir static Path folder;

  static Stream<Model> all() {
    return ModelsOfEveryKind.all()
        .map(model -> model.with(new Model.Solver("TSIT5", 1e-11, 1e-11)));
  }

  /// The values of the parameter of this name, row by row.
  private static double[] parameter(Model model, String name) {
    Parameters.Entry entry = model.layout().entry(name);
    return Arrays.copyOfRange(model.theta(), entry.offset(), entry.offset() + entry.shape().size());
  }

  private static double[] affine(double[] x, double[] weight, double[] bias) {
    double[] y = bias.clone();
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < y.length; j++) {
        y[j] += x[i] * weight[i * y.length + j];
      }
    }
    return y;
  }

  /// `mlp([state, u, t])` with one hidden layer, all standardised.
  private static double[] network(Model model, double[] x) {
    double[] inner = affine(x, parameter(model, "layer1.weight"), parameter(model, "layer1.bias"));
    return affine(
        Arrays.stream(inner).map(Math::tanh).toArray(),
        parameter(model, "layer2.weight"),
        parameter(model, "layer2.bias"));
  }

  private static double[] byHand(Model model, Experiment experiment, double end) {
    double[] times = experiment.states().times();
    double[] z = model.scaling().scaled(experiment.states().rows().getFirst());
    int order = model.architecture().order();
    int n = 2 + model.architecture().augment();
    double[] start = Arrays.copyOf(z, order * n);
    if (order == 2) {
      double[] velocity =
          affine(z, parameter(model, "velocity.weight"), parameter(model, "velocity.bias"));
      System.arraycopy(velocity, 0, start, n, n);
    }
    OrdinaryDifferentialEquation equation =
        new OrdinaryDifferentialEquation() {
          @Override
          public int getDimension() {
            return start.length;
          }

          @Override
          public double[] computeDerivatives(double t, double[] y) {
            double[] u = model.variables().inputScaling().scaled(linear(experiment.inputs(), t));
            boolean timed = model.architecture().timeDependent();
            double[] x = Arrays.copyOf(y, y.length + u.length + (timed ? 1 : 0));
            System.arraycopy(u, 0, x, y.length, u.length);
            if (timed) {
              x[x.length - 1] = (t - model.scaling().origin()) / model.scaling().unit();
            }
            double[] rate = network(model, x);
            double[] dydt = new double[y.length];
            for (int j = 0; j < y.length; j++) {
              double scaled = order == 1 ? rate[j] : j < n ? y[n + j] : rate[j - n];
              dydt[j] = scaled / model.scaling().unit();
            }
            return dydt;
          }
        };
    double[] y = start;
    double[] ends = Arrays.stream(times).skip(1).filter(t -> t < end).toArray();
    double from = times[0];
    for (double to : Stream.concat(Arrays.stream(ends).boxed(), Stream.of(end)).toList()) {
      y = // Stops at the kinks of the inputs.
          new DormandPrince853Integrator(1e-9, 1, 1e-12, 1e-12)
              .integrate(equation, new ODEState(from, y), to)
              .getPrimaryState();
      from = to;
    }
    return model.scaling().unscaled(Arrays.copyOf(y, 2));
  }

  private static double[] linear(TimeSeries inputs, double t) {
    double[] times = inputs.times();
    int i = 0;
    while (i < times.length - 2 && t > times[i + 1]) {
      i++;
    }
    double share = Math.clamp((t - times[i]) / (times[i + 1] - times[i]), 0, 1);
    double[] before = inputs.rows().get(i);
    double[] behind = inputs.rows().get(i + 1);
    double[] u = new double[before.length];
    Arrays.setAll(u, j -> (1 - share) * before[j] + share * behind[j]);
    return u;
  }

  @ParameterizedTest
  @MethodSource("all")
  void predictTheirFormula(Model model) {
    for (Experiment experiment : ModelsOfEveryKind.measured(model).experiments()) {
      double[] times = experiment.states().times();
      double beyond = times[times.length - 1] + 0.5;
      double[] y0 = experiment.states().rows().getFirst();
      List<double[]> predicted =
          model.inputs().isEmpty()
              ? model.predict(y0, times[0], times[1], beyond)
              : model.predict(y0, experiment.inputs(), times[0], times[1], beyond);
      assertArrayEquals(y0, predicted.getFirst(), 1e-13 * 20);
      // Tolerances are 1e-11 of standard deviations near 1, and some trajectories grow tenfold.
      assertArrayEquals(byHand(model, experiment, times[1]), predicted.get(1), 1e-7);
      assertArrayEquals(byHand(model, experiment, beyond), predicted.get(2), 1e-7);
      assertTrue(Math.abs(predicted.get(2)[0] - y0[0]) > 1e-3, "it moves");
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void afterTheirFilesToo(Model model) {
    Path file = folder.resolve("model");
    model.save(file);
    Model back = Model.load(file);
    assertEquals(model.architecture(), back.architecture());
    assertEquals(model.inputs(), back.inputs());
    Experiment experiment = ModelsOfEveryKind.measured(model).experiments().getFirst();
    double[] y0 = experiment.states().rows().getFirst();
    assertArrayEquals(
        model.predict(y0, experiment.inputs(), 3, 8).getLast(),
        back.predict(y0, experiment.inputs(), 3, 8).getLast());
  }

  @Test
  void andSayWhatTheyWant() {
    Model driven = ModelsOfEveryKind.all().toList().getLast();
    TimeSeries inputs = ModelsOfEveryKind.measured(driven).inputs().getFirst();
    double[] y0 = {1, 20};
    assertEquals(
        "model: driven by [u, w]; give their values", refusal(() -> driven.predict(y0, 3, 4)));
    assertEquals(
        "model: inputs [w, u]; want [u, w], in this order",
        refusal(
            () ->
                driven.predict(
                    y0,
                    new TimeSeries("t", List.of("w", "u"), inputs.times(), inputs.rows()),
                    3,
                    4)));
    assertEquals(
        List.of("t", "a", "u", "w"),
        driven.provenance().beyond(driven.variables(), 10, new double[] {9, 20}, inputs));
    assertEquals(
        List.of(), driven.provenance().beyond(driven.variables(), 4, new double[] {2, 20}, inputs));
    TimeSeries larger =
        new TimeSeries(
            "t",
            List.of("u", "w"),
            new double[] {3, 9},
            List.of(new double[] {0, 100}, new double[] {0, 200}));
    assertEquals(
        List.of("w"),
        driven.provenance().beyond(driven.variables(), 6, new double[] {2, 20}, larger));
  }

  private static String refusal(Runnable use) {
    return assertThrows(IllegalArgumentException.class, use::run).getMessage();
  }
}
