package org.flowline.examples.cli.command;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.flowline.examples.cli.fit.OutputFolder;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.explore.Descent;
import org.flowline.examples.explore.ExploreWindow;
import org.flowline.examples.explore.Scene;
import org.flowline.examples.explore.Settings;
import org.flowline.examples.explore.Sheet;
import org.flowline.neuralode.data.DataException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Opens a window on a quadratic bowl, with its shape, the step and the method on controls; or
/// draws what the window would show.
@Command(
    name = "explore",
    description = "Explore flow and descent on a bowl by hand, in a window.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "In the window: Alt and an underlined letter leads to a control, arrow keys turn it; drag the",
      "start in the bowl, or push it with arrow keys; Esc or Ctrl+W closes.",
      "",
      "Example:  flowline explore --a 1 --b 0.4",
      "          flowline explore --eta 0.55 --method rk4 --snapshot bowl.png"
    })
public final class ExploreCommand implements Callable<Integer> {
  private static final int WIDTH = 1180;
  private static final int HEIGHT = 600;

  @Option(
      names = "--a",
      paramLabel = "A",
      defaultValue = "1",
      description = "First semi-axis, 0.25 … 2 (default ${DEFAULT-VALUE}).")
  private double a;

  @Option(
      names = "--b",
      paramLabel = "B",
      defaultValue = "0.5",
      description = "Second semi-axis, 0.25 … 2 (default ${DEFAULT-VALUE}).")
  private double b;

  @Option(
      names = "--angle",
      paramLabel = "DEGREES",
      defaultValue = "30",
      description = "Of the first semi-axis, 0 … 180 (default ${DEFAULT-VALUE}).")
  private double angle;

  @Option(
      names = "--eta",
      paramLabel = "ETA",
      defaultValue = "0.4",
      description = "The step, 0.01 … 10 (default ${DEFAULT-VALUE}).")
  private double eta;

  /// The words for methods, for the shell.
  static final class Methods implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Descent.names().iterator();
    }
  }

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      defaultValue = "euler",
      completionCandidates = Methods.class,
      description = "euler, rk4, backward-euler, adaptive, heavy-ball, nesterov, adam, …")
  private String method;

  @Option(
      names = "--snapshot",
      paramLabel = "FILE.png",
      description = "Draw the picture into a file instead; needs no display.")
  private Path snapshot;

  @Mixin private JsonOption json;

  @Spec private CommandSpec spec;

  /// What `--json` prints.
  ///
  /// @param criticalStep null where no step is too large, or the bowl does not decide it
  record Report(
      double a,
      double b,
      double angle,
      double eta,
      String method,
      Double criticalStep,
      String verdict,
      String snapshot) {}

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settings();
    if (snapshot != null) {
      draw(Scene.of(settings));
      return 0;
    }
    if (json.chosen()) {
      throw new ParameterException(spec.commandLine(), "--json: wants --snapshot FILE.png as well");
    }
    if (!ExploreWindow.possible()) {
      throw new DataException(
          "explore: no display to open a window on; --snapshot FILE.png draws without one");
    }
    ExploreWindow.show(settings);
    return 0;
  }

  private Settings settings() {
    try {
      return Settings.of(a, b, angle, eta, Descent.named(method));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private void draw(Scene scene) {
    String name = snapshot.getFileName() == null ? "" : snapshot.getFileName().toString();
    if (!name.endsWith(".png")) {
      throw new ParameterException(
          spec.commandLine(), "--snapshot: " + snapshot + "; want a name that ends in .png");
    }
    OutputFolder folder = OutputFolder.open(snapshot.toAbsolutePath().getParent(), "--snapshot");
    folder.add(name, Sheet.of(WIDTH, HEIGHT).draw(scene)::writePng);
    folder.write();
    Double critical =
        scene.criticalStep().stream().filter(Double::isFinite).boxed().findFirst().orElse(null);
    Report report =
        new Report(
            a,
            b,
            angle,
            eta,
            scene.settings().descent().name(),
            critical,
            scene.verdict().toString(),
            snapshot.toString());
    json.print(spec, report, () -> scene + "\nwritten   " + folder);
  }
}
