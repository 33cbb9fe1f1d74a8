package org.flowline.examples.cli.option;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.flowline.examples.cli.fit.FitConfig;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// The options of `train` that are settings of the run.
public final class TrainingOptions {
  /// Options that are not settings.
  public static final List<String> NO_SETTINGS =
      List.of(
          "--help",
          "--version",
          "--json",
          "--resume",
          "--config",
          "--print-config",
          "--overwrite",
          "--quiet");

  /// Options that neither the model nor a checkpoint records.
  public static final List<String> NOT_KEPT =
      Stream.concat(NO_SETTINGS.stream(), Stream.of("--out", "--diagnostics", "--no-report"))
          .toList();

  /// The options of `train` by heading.
  public static final GroupedHelp HELP =
      new GroupedHelp(
          List.of(
              GroupedHelp.Headed.of("Data", DataOption.class),
              GroupedHelp.Headed.of("Model", KindOptions.class),
              GroupedHelp.Headed.of("Solver and gradients", SolveOptions.class),
              GroupedHelp.Headed.of("Optimiser", TrainingOptions.class, DescentOptions.class),
              GroupedHelp.Headed.of("Curriculum and validation", LearningOptions.class)));

  @Mixin private KindOptions kind;
  @Mixin private SolveOptions solving;
  @Mixin private DescentOptions descent;
  @Mixin private LearningOptions learning;

  @Option(names = "--iterations", paramLabel = "N", defaultValue = "3500")
  private int iterations;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1")
  private long seed;

  /// Returns the settings of the run.
  ///
  /// @throws picocli.CommandLine.ParameterException if a value is out of its range, or options
  ///     contradict each other
  public FitConfig config(CommandSpec spec) {
    CommandWords.requirePositive(spec, "--iterations", iterations);
    kind.require(spec);
    solving.require(spec);
    descent.require(spec);
    learning.require(spec);
    if (descent.isAdaptive() && learning.hasBatches()) {
      throw CommandWords.wrong(
          spec,
          "--batch: adaptive steps need the same loss in each step; want another --optimizer");
    }
    return new FitConfig(
        kind.architecture(),
        solving.solver(),
        solving.method(),
        descent.descent(),
        learning.learning(),
        iterations,
        seed);
  }

  /// Returns the settings that a model records, by name, after the version of the program.
  public static Map<String, String> kept(CommandSpec spec) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("program", spec.version()[0]);
    settings.putAll(Config.settings(spec, NOT_KEPT));
    return settings;
  }

  /// Returns the learning rate.
  public double rate() {
    return descent.rate();
  }
}
