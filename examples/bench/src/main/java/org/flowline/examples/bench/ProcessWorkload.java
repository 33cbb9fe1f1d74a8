package org.flowline.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A training run on a spiral ([SpiralTraining]) in a process of its own, from start to exit.
record ProcessWorkload(String name) implements Workload {

  @Override
  public List<Contestant> contestants() {
    SpiralTraining once = SpiralTraining.run();
    return List.of(
        new Contestant(
            "process start to exit",
            ProcessWorkload::process,
            once.forwardEvaluations(),
            once.backwardEvaluations(),
            once.error(),
            null));
  }

  /// Runs the training in a JVM with the options of this one.
  private static void process() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-agentlib") && !option.startsWith("-javaagent"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SpiralTraining.class.getName());
    try {
      int exit =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IllegalStateException(
            "ode-demo: exit code %d of %s; run that command for its output"
                .formatted(exit, String.join(" ", command)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("ode-demo: " + command.getFirst(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("ode-demo: interrupted", e);
    }
  }
}
