package org.flowline.examples.cli.command;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.flowline.examples.cli.option.CommandWords;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.report.OutputFolder;
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
import picocli.CommandLine.Spec;

/// Opens a window on a quadratic bowl, with controls for its shape, the step and the method; or
/// draws its content to a file.
@Command(name = "explore", mixinStandardHelpOptions = true)
public final class ExploreCommand implements Callable<Integer> {
  private static final int WIDTH = 1180;
  private static final int HEIGHT = 600;

  @Option(names = "--a", paramLabel = "A", defaultValue = "1")
  private double a;

  @Option(names = "--b", paramLabel = "B", defaultValue = "0.5")
  private double b;

  @Option(names = "--angle", paramLabel = "DEGREES", defaultValue = "30")
  private double angle;

  @Option(names = "--eta", paramLabel = "ETA", defaultValue = "0.4")
  private double eta;

  /// The names of methods, for completion.
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
      completionCandidates = Methods.class)
  private String method;

  @Option(names = "--snapshot", paramLabel = "FILE.png")
  private Path snapshot;

  @Mixin private JsonOption json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settings();
    if (snapshot != null) {
      draw(Scene.of(settings));
      return 0;
    }
    if (json.chosen()) {
      throw CommandWords.wrong(spec, "--json: wants --snapshot FILE.png as well");
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
      throw CommandWords.wrong(spec, e.getMessage());
    }
  }

  private void draw(Scene scene) {
    String name = snapshot.getFileName() == null ? "" : snapshot.getFileName().toString();
    if (!name.endsWith(".png")) {
      throw CommandWords.wrong(spec, "--snapshot: " + snapshot + "; want a name that ends in .png");
    }
    OutputFolder folder = OutputFolder.open(snapshot.toAbsolutePath().getParent(), "--snapshot");
    folder.add(name, Sheet.of(WIDTH, HEIGHT).draw(scene)::writePng);
    folder.write();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("a", a);
    report.put("b", b);
    report.put("angle", angle);
    report.put("eta", eta);
    report.put("method", scene.settings().descent().name());
    OptionalDouble critical = scene.criticalStep();
    boolean diverges = critical.isPresent() && Double.isFinite(critical.getAsDouble());
    report.put("critical_step", diverges ? critical.getAsDouble() : null);
    report.put("verdict", scene.verdict().toString());
    report.put("snapshot", snapshot.toString());
    json.print(report, () -> scene + "\nwritten   " + folder);
  }
}
