package org.flowline.examples.cli.command;

import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.examples.cli.fit.OutputFolder;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.nn.ResidualStack;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.Methods;
import org.knowm.xchart.XYChart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Shows that a residual network is Euler's method on a Neural ODE, forward and backward, to the
/// last bit; and that deeper networks tend to the ODE at Euler's order, 1.
@Command(
    name = "resnet-euler",
    description =
        "A residual network is Euler on a Neural ODE: outputs and gradients, bit for bit.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:  flowline resnet-euler --out /tmp/resnet"})
public final class ResnetEulerCommand implements Callable<Integer> {
  private static final List<Integer> DEPTHS = List.of(4, 8, 16, 32, 64);
  private static final int FEATURES = 2;
  private static final int ROWS = 8;

  /// The depth of the continuous network, in units of time.
  private static final double TIME = 4;

  @Mixin private JsonOption json;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "3",
      description = "Seed of the weights (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out/resnet-euler",
      description = "Folder for the picture (default ${DEFAULT-VALUE}).")
  private Path out;

  @Spec private CommandSpec spec;

  /// What `--json` prints.
  record Report(
      boolean outputIdentical,
      boolean gradientIdentical,
      List<Integer> depths,
      List<Double> distanceToOde,
      double order,
      String out) {}

  @Override
  public Integer call() {
    OutputFolder folder = OutputFolder.open(out);
    SplittableRandom random = new SplittableRandom(seed);
    Mlp block = Mlp.of(Activation.TANH, FEATURES, 16, FEATURES);
    double[] theta = block.initial(random);
    double[] x = random.doubles(ROWS * FEATURES, -1, 1).toArray();
    NeuralField field = NeuralField.of(block, ROWS, FEATURES);
    field.bind(theta);

    boolean outputs = true;
    boolean gradients = true;
    List<Double> distances = new ArrayList<>();
    List<Trajectory> hidden = new ArrayList<>();
    Solution exact =
        Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-12, 1e-12))
            .solve(field, x, 0, TIME)
            .orThrow();
    for (int depth : DEPTHS) {
      double h = TIME / depth;
      double[][] network = network(new ResidualStack(block, depth, h), theta, x);
      Trajectory states = new Trajectory();
      Integrator euler =
          Integrator.of(Methods.EULER, StepSize.Constant.of(h, depth)).withObserver(states);
      TrajectoryGradient ode =
          new DiscreteAdjoint(euler)
              .gradient(field, x, new double[] {0, h * depth}, ResnetEulerCommand::halfSquare);
      double[] last = new double[x.length];
      states.copyLastState(last);
      outputs &= Arrays.equals(network[0], last);
      gradients &= Arrays.equals(network[1], ode.y0()) && Arrays.equals(network[2], ode.theta());
      distances.add(distance(last, exact.last()));
      hidden.add(states);
    }
    int n = distances.size();
    double order = Math.log(distances.get(n - 2) / distances.get(n - 1)) / Math.log(2);
    folder.add(
        Picture.of(
            "resnet-euler", "Hidden state through depth.", picture(field, x, hidden, order)));
    folder.write();
    Report report = new Report(outputs, gradients, DEPTHS, distances, order, out.toString());
    json.print(spec, report, () -> text(report, folder));
    return outputs && gradients ? 0 : 1;
  }

  /// The network's output, and the gradients of [#halfSquare] of it with respect to `x` and θ:
  /// backpropagation through a recorded program, without any solver.
  private static double[][] network(ResidualStack stack, double[] theta, double[] x) {
    Tape tape =
        Tape.record(
            Shape.of(ROWS, FEATURES),
            Shape.of(theta.length),
            (input, parameters) -> stack.apply(stack.parameters().of(parameters), input));
    Program forward = JvmBackend.best().compile(tape);
    double[] output = new double[x.length];
    forward.run(new double[][] {x, theta}, new double[][] {output});
    Program backward = JvmBackend.best().compile(Derivative.vjp(tape).select(1, 2));
    double[][] gradients = {new double[x.length], new double[theta.length]};
    backward.run(new double[][] {x, theta, output}, gradients);
    return new double[][] {output, gradients[0], gradients[1]};
  }

  /// `½‖y(t₁)‖²`, whose cotangent is `y(t₁)` itself.
  private static double halfSquare(double[] y, double[] yBar) {
    int n = y.length / 2;
    double sum = 0;
    Arrays.fill(yBar, 0);
    for (int i = n; i < 2 * n; i++) {
      sum += y[i] * y[i] / 2;
      yBar[i] = y[i];
    }
    return sum;
  }

  private static double distance(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElse(0);
  }

  /// The component that moves most against depth, for each network and for the ODE.
  private static XYChart picture(
      NeuralField field, double[] x, List<Trajectory> hidden, double order) {
    XYChart chart =
        Pictures.chart(
            String.format(
                Locale.ROOT,
                "Ever deeper residual networks with the same weights tend to the ODE (order %.2f)",
                order),
            "depth (time t)",
            "hidden state, one component");
    double[] fine = IntStream.rangeClosed(0, 400).mapToDouble(i -> TIME * i / 400).toArray();
    double[][] values =
        Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-10, 1e-10))
            .solve(field, x, fine)
            .orThrow()
            .values();
    int shown = mostMoved(x, values[values.length - 1]);
    for (int i = 0; i < hidden.size(); i++) {
      Trajectory states = hidden.get(i);
      double[] t = new double[states.steps() + 1];
      double[] feature = new double[t.length];
      double[] y = new double[x.length];
      for (int n = 0; n < t.length; n++) {
        t[n] = n < states.steps() ? states.t(n) : states.end();
        states.evaluate(t[n], y);
        feature[n] = y[shown];
      }
      Pictures.lineWithPoints(chart, DEPTHS.get(i) + " layers", t, feature, Pictures.colour(i));
    }
    double[] feature = Arrays.stream(values).mapToDouble(y -> y[shown]).toArray();
    Pictures.line(chart, "ODE", fine, feature, Color.BLACK);
    return chart;
  }

  private static int mostMoved(double[] from, double[] to) {
    return IntStream.range(0, from.length)
        .boxed()
        .max(Comparator.comparingDouble(i -> Math.abs(to[i] - from[i])))
        .orElseThrow();
  }

  private static String text(Report report, OutputFolder folder) {
    StringBuilder text = new StringBuilder();
    text.append("residual network = Euler on the Neural ODE with the same weights\n");
    text.append("  outputs    ")
        .append(report.outputIdentical ? "identical, bit for bit\n" : "DIFFER\n");
    text.append("  gradients  ")
        .append(report.gradientIdentical ? "identical, bit for bit\n" : "DIFFER\n");
    text.append("\nlayers   distance to the ODE\n");
    for (int i = 0; i < report.depths.size(); i++) {
      text.append(
          String.format(
              Locale.ROOT, "%6d   %.3e%n", report.depths.get(i), report.distanceToOde.get(i)));
    }
    text.append(String.format(Locale.ROOT, "measured order %.2f (expected 1)%n", report.order));
    return text.append("written   ").append(folder).toString();
  }
}
