package org.flowline.examples.cli.command;

import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.flowline.autodiff.Shape;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.option.OverwriteOption;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.examples.cli.report.Text;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.OutputAndGradients;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.nn.ResidualStack;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.knowm.xchart.XYChart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Compares residual networks with Euler's method on the Neural ODE with the same weights: outputs
/// and gradients are equal bit for bit, and tend to the ODE at Euler's order 1.
@Command(name = "resnet-euler", mixinStandardHelpOptions = true)
public final class ResnetEulerCommand implements Callable<Integer> {
  private static final List<Integer> DEPTHS = List.of(4, 8, 16, 32, 64);
  private static final Shape BATCH = Shape.of(8, 2);
  private static final double TIME = 4;

  @Mixin private JsonOption json;
  @Mixin private OverwriteOption overwrite;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "3")
  private long seed;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "out/resnet-euler")
  private Path out;

  /// The numbers that `--json` prints.
  record Report(
      boolean outputIdentical,
      boolean gradientIdentical,
      List<Integer> depths,
      List<Double> distanceToOde,
      double order,
      String out) {}

  @Override
  public Integer call() {
    OutputFolder folder = overwrite.open(out, "resnet-euler.png");
    SplittableRandom random = new SplittableRandom(seed);
    Mlp block = Mlp.of(Activation.TANH, 2, 16, 2);
    double[] theta = block.initial(random);
    double[] x = random.doubles(BATCH.size(), -1, 1).toArray();
    NeuralField field = NeuralField.of(block, 8, 2);
    field.bind(theta);
    StepSize tight = StepSize.Adaptive.of(1e-12, 1e-12);
    Orbit exact = Orbit.of(field, x, TIME, Integrator.of(Methods.TSIT5, tight));
    boolean outputs = true;
    boolean gradients = true;
    List<Double> distances = new ArrayList<>();
    List<Orbit> hidden = new ArrayList<>();
    for (int depth : DEPTHS) {
      double h = TIME / depth;
      var network =
          OutputAndGradients.ofNetwork(new ResidualStack(block, depth, h), BATCH, x, theta);
      Integrator euler = Integrator.of(Methods.EULER, StepSize.Constant.of(h, depth));
      var ode = OutputAndGradients.ofSolve(field, euler, x, theta, h * depth);
      outputs &= Arrays.equals(network.output(), ode.output());
      gradients &=
          Arrays.equals(network.x(), ode.x()) && Arrays.equals(network.theta(), ode.theta());
      distances.add(distance(ode.output(), exact.last()));
      hidden.add(Orbit.of(field, x, h * depth, euler));
    }
    int n = distances.size();
    double order = Math.log(distances.get(n - 2) / distances.get(n - 1)) / Math.log(2);
    XYChart chart = chart(exact, hidden, order);
    folder.add(Picture.of("resnet-euler", "Hidden state through depth.", chart));
    folder.write();
    Report report = new Report(outputs, gradients, DEPTHS, distances, order, out.toString());
    json.print(report, () -> text(report, folder));
    return outputs && gradients ? 0 : 1;
  }

  private static double distance(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElse(0);
  }

  /// Draws the component that changes most, in each network and in the ODE.
  private static XYChart chart(Orbit exact, List<Orbit> hidden, double order) {
    String title = Text.format("Residual networks tend to the Neural ODE (order %.2f)", order);
    XYChart chart = Pictures.chart(title, "depth (time t)", "hidden state, one component");
    int shown = exact.mostChanged();
    for (int i = 0; i < hidden.size(); i++) {
      double[] states = hidden.get(i).component(shown);
      String name = DEPTHS.get(i) + " layers";
      Pictures.lineWithPoints(chart, name, hidden.get(i).t(), states, Pictures.colour(i));
    }
    Pictures.line(chart, "ODE", exact.t(), exact.component(shown), Color.BLACK);
    return chart;
  }

  private static String text(Report report, OutputFolder folder) {
    String distances =
        IntStream.range(0, DEPTHS.size())
            .mapToObj(i -> Text.format("%6d   %.3e\n", DEPTHS.get(i), report.distanceToOde.get(i)))
            .collect(Collectors.joining());
    return Text.format(
        """
        residual network = Euler on the Neural ODE with the same weights
          outputs    %s
          gradients  %s

        layers   distance to the ODE
        %smeasured order %.2f (expected 1)
        written   %s""",
        identical(report.outputIdentical),
        identical(report.gradientIdentical),
        distances,
        report.order,
        folder);
  }

  private static String identical(boolean identical) {
    return identical ? "identical, bit for bit" : "DIFFER";
  }
}
