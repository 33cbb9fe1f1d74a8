package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Output does not depend on language and time zone, to the last byte: Turkish has another lower
/// case of I, India a time zone with half an hour. To run every test there:
/// `-Dflowline.jvm="-Duser.language=tr -Duser.country=TR -Duser.timezone=Asia/Kolkata"`.
class NothingDependsOnWhereItRuns {
  @TempDir Path folder;

  @Test
  void neitherOnLanguageNorOnZone() throws Exception {
    Process english = started("en", "US", "UTC");
    Process turkish = started("tr", "TR", "Asia/Kolkata");
    assertEquals(output(english, "en"), output(turkish, "tr"));
    Path first = folder.resolve("en").resolve("run");
    Path other = folder.resolve("tr").resolve("run");
    for (String name :
        List.of(
            "model.flowline", "predictions.csv", "fit.svg", "fit.png", "phase.svg", "loss.svg")) {
      assertArrayEquals(
          Files.readAllBytes(first.resolve(name)), Files.readAllBytes(other.resolve(name)), name);
    }
  }

  @Test
  void norOnNamesOfFiles() throws IOException {
    Path odd = Files.createDirectories(folder.resolve("sp ace").resolve("ünï ☃ 'q'"));
    Path data = Files.writeString(odd.resolve("my data.csv"), "t,x\n0,1\n1,2\n2,4\n");
    Path link = Files.createSymbolicLink(folder.resolve("link"), odd);
    String[] train = {
      "train",
      "--quiet",
      "--iterations",
      "2",
      "--data",
      link.resolve(data.getFileName()) + "",
      "--out",
      link.resolve("out") + ""
    };
    assertEquals(0, CommandLineRun.of(train).exitCode());
    String model = odd.resolve("out").resolve("model.flowline").toString();
    assertEquals(0, CommandLineRun.of("info", model).exitCode());
    assertEquals(0, CommandLineRun.of("predict", model, "--from", "1").exitCode());
  }

  /// Returns the output of several commands in a JVM of their own.
  private Process started(String language, String country, String zone) throws Exception {
    Path there = Files.createDirectories(folder.resolve(language));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Djava.awt.headless=true", "-Duser.language=" + language));
    command.addAll(List.of("-Duser.country=" + country, "-Duser.timezone=" + zone, "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), Several.class.getName()));
    Process process =
        new ProcessBuilder(command)
            .directory(there.toFile())
            .redirectError(there.resolve("errors").toFile())
            .start();
    return process;
  }

  private String output(Process process, String language) throws Exception {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), Files.readString(folder.resolve(language, "errors")));
    return text;
  }

  /// Runs several commands as `main` does.
  static final class Several {
    private Several() {}

    public static void main(String[] none) throws IOException {
      Flowline.useRootLocale();
      Files.writeString(
          Path.of("days.csv"), "day,INPUT\n2024-02-28,1\n2024-02-29,2\n2024-03-01,1.5\n");
      StringBuilder all = new StringBuilder();
      String model = "run/model.flowline";
      for (String line :
          List.of(
              "--help",
              "train --help",
              "train --quiet --iterations 20 --out run",
              "train --quiet --iterations 2 --out days --data days.csv",
              "train --print-config",
              "train --iteratIons 3",
              "info " + model,
              "info --json " + model,
              "predict " + model + " --from 30,4 --points 7",
              "export " + model + " --json --out exported")) {
        CommandLineRun run = CommandLineRun.of(line.split(" "));
        all.append(line).append(run.exitCode()).append(run.out()).append(run.err());
      }
      String text = all.toString().replaceAll("[0-9.]+ s\n", " s\n");
      String here = Path.of("").toAbsolutePath().toString();
      System.out.writeBytes(text.replace(here, "HERE").getBytes(StandardCharsets.UTF_8));
    }
  }
}
