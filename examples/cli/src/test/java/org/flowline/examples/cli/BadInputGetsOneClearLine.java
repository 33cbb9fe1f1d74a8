package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Errors are one line on standard error, with exit code 1 for data and files and 2 for usage;
/// nothing is written in part.
class BadInputGetsOneClearLine {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                  | is empty; want a header line and two or more rows
          't,x~'                              | no rows; want two or more
          't,x~0,1~'                          | one row only; want two or more
          't,x~0,1~1,n/a~'                    | :3: column "x" is not a number: "n/a"; write numbers like 1.5
          't,x~0,1~1,~'                       | column "x" has values in first rows only; want one later
          't,x~0,1~1,NaN~'                    | column "x" has values in first rows only; want one later
          't,x~0,~1,1~'                       | :2: column "x" is missing in the first row of a trajectory
          't,x~0,1~1,Infinity~'               | :3: column "x" is Infinity; want a finite number
          't,x~1,1~0,2~'                      | :3: time 0.0 after 1.0; want increasing times
          't,x~0,1~0,2~'                      | :3: time 0.0 after 0.0; want increasing times
          't,x~0,1~1,2,3~'                    | :3: 3 columns; want 2
          't,x,x~0,1,2~1,2,3~'                | :1: column 3 is "x" again; give every column a name of its own
          't,,x~0,1,2~1,2,3~'                 | :1: column 2 has no name; give every column a name of its own
          't;x~0;1~1;oops~'                   | column "x" is not a number: "oops"
          't,x~0,1~1,1e300~'                  | column "x" has numbers whose squares overflow; choose a larger unit
          't,x~0,1~1,1e300~'                  | my.csv: column "x" has numbers whose squares overflow
          ',t,x~0,5,1~1,6,2~'                 | :1: column 1, the time, has no name; is it a row number? Give --time "t"
          't,x~0,1~1,2~0,3~1,4~'              | or, if these are several trajectories, name their column with --group
          'g,t,x~a,0,1~a,1,2~b,0,3~'          | "g" is no time: "a"; write times like 1.5, 2024-02-29 or 2024-02-29T12:30Z, or, if it names the trajectories, give --group "g"
          't,x,g~0,1,1~1,2,1~2,4,1~0,3,2~'    | time 0.0 after 2.0; column "t" is taken as the time; column "g" changes here: if it names the trajectories, give --group "g"
          'g,t,x~1,0,1~1,1,2~2,0,3~'          | time 1.0 after 1.0; column "g" is taken as the time; if it names the trajectories, give --group "g"
          't,g,x~0,a,1~1,a,2~'                | "g" is not a number: "a"; if it names the trajectories, give --group "g", else --columns
          't,x~05/01/1973,1~06/01/1973,2~'    | is the day or the month first? Write 1973-01-05 or 1973-05-01
          't,x~0,1~1.7,2~1.7000000000000002,2~4,1~' | times 1.7 and 1.7000000000000002 are too close together
          't,x~0,1~1.9,2~1.90000000000000001,2~4,1~' | time "1.90000000000000001" after 1.9; too close together
          't~0~1~'                            | :1: one column; want time and at least one component
          """)
  void inTheData(String content, String message) throws IOException {
    Path csv = folder.resolve("my.csv");
    Files.writeString(csv, content.replace('~', '\n'));
    refused(
        1, message, "train", "--data", csv.toString(), "--out", folder.resolve("out").toString());
    assertFalse(Files.exists(folder.resolve("out")), "nothing is written for unreadable data");
  }

  @Test
  void inTheFiles() throws IOException {
    refused(1, "no such file", "train", "--data", folder.resolve("none.csv").toString());
    refused(1, "no file in this folder ends with .csv", "train", "--data", folder.toString());
    Path binary = folder.resolve("binary.csv");
    Files.write(binary, new byte[] {'t', ',', (byte) 0xff, (byte) 0xfe, '\n'});
    refused(1, "is not UTF-8 text", "train", "--data", binary.toString());
    Path workbook = Files.writeString(folder.resolve("my.xlsx"), "PK\3\4");
    refused(1, "is a spreadsheet or compressed", "train", "--data", workbook.toString());
    Path page = Files.writeString(folder.resolve("report.html"), "<html>");
    refused(1, "want the model.flowline that train", "predict", page.toString(), "--from", "1");
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    refused(1, "cannot be written", "train", "--out", file.resolve("out").toString());
    refused(1, "cannot be written", "resnet-euler", "--out", file.toString());
    refused(1, "cannot be written", "work-precision", "--out", file.toString());
  }

  @Test
  void inTheWords() {
    refused(2, "did you mean --iterations?", "train", "--iteratons", "3");
    refused(2, "did you mean --iterations?", "train", "--ietrations", "3");
    refused(2, "did you mean --iterations?", "train", "--epochs=3");
    refused(2, "did you mean --rate?", "train", "--lr", "3");
    refused(2, "did you mean --rate?", "train", "--learning_rate", "3");
    refused(2, "did you mean --weight-decay?", "train", "--weight", "3");
    refused(2, "did you mean --data data/semi.csv?", "train", "data/semi.csv");
    refused(2, "did you mean --help?", "train", "help");
    refused(2, "did you mean train?", "trian");
    refused(2, "did you mean --version?", "--versoin");
    refused(1, "@nope: no file nope that can be read; want arguments in it", "predict", "@nope");
    refused(1, "that can be read", "predict", "@" + folder);
    refused(
        2,
        "which command? one of train, predict, info, export, classify, gradcheck, resnet-euler, bench, work-precision");
    refused(2, "want one of spiral-adjoint, spiral-discrete", "bench", "lorentz");
    refused(2, "more than one of --kernels, --detest", "bench", "--detest", "lorenz");
    refused(2, "--seconds: -1; want a positive number", "bench", "--detest", "--seconds", "-1");
    refused(2, "--seconds: 0; want a positive number", "bench", "--kernels", "--seconds", "0");
    refused(2, "--seconds: Infinity; want a positive", "bench", "--kernels", "--seconds", "1e9999");
    refused(2, "--iterations", "train", "--iterations", "many");
    refused(2, "want a positive number", "train", "--iterations", "0");
    refused(2, "want a positive number", "train", "--rate", "-1");
    refused(2, "want a positive number", "train", "--rate", "NaN");
    refused(2, "--rate: 1.0E308; want 1.0E-100 … 1.0E100", "train", "--rate", "1e308");
    refused(2, "want one of [adam, adamw, rmsprop, nesterov", "train", "--optimizer", "sgd");
    refused(2, "\"nestorov\"; did you mean nesterov?", "train", "--optimizer", "nestorov");
    refused(2, "--solver: \"tsit6\"; did you mean tsit5?", "train", "--solver", "tsit6");
    refused(2, "did you mean cosine?", "train", "--schedule", "cosin");
    refused(2, "--delimiter: \"::\"; want one character, or tab", "train", "--delimiter", "::");
    refused(2, "want --validation, too", "train", "--patience", "5");
    refused(2, "segments span all of the data", "train", "--horizon", "1", "--segments", "3");
    refused(2, "--validation: 1; want 0.01 … 0.9", "train", "--validation", "1");
    refused(2, "cannot be undone", "train", "--gradient", "reversible", "--solver", "rodas5p");
    refused(
        2, "--validation: 20; want 0.01 … 0.9; did you mean 0.2?", "train", "--validation", "20");
    refused(2, "\"fifth\" is not a number; want one like 0.2", "train", "--validation", "fifth");
    refused(2, "\"1.5\"; want a whole number", "train", "--iterations", "1.5");
    refused(2, "did you mean gradient-descent?", "train", "--optimizer", "sgd");
    refused(2, "did you mean discrete or", "train", "--gradient", "adjoint");
    refused(2, "--solver: rk4 has no error estimate", "train", "--solver", "rk4");
    refused(2, "did you mean dopri5?", "train", "--solver", "rk45");
    refused(2, "--batch: adaptive", "train", "--optimizer", "adaptive", "--batch", "2");
    refused(1, "--batch 2 of 1 to learn from", "train", "--batch", "2");
    refused(2, "want one of [discrete, checkpointed, reversible", "train", "--gradient", "magic");
  }

  @Test
  void aTrainingThatFailsKeepsTheBestModel() {
    CommandLineRun run =
        CommandLineRun.of(
            "train",
            "--optimizer",
            "gradient-descent",
            "--rate",
            "1e6",
            "--iterations",
            "20",
            "--out",
            folder.toString(),
            "--json");
    assertEquals(1, run.exitCode());
    assertTrue(
        run.err()
            .contains("the best model so far is kept; a --rate smaller than 1000000.0 may help"),
        run.err());
    assertTrue(Double.isFinite(run.json().get("rmse").asDouble()), run.out());
    assertTrue(Files.exists(folder.resolve("model.flowline")));
  }

  /// Adam's steps at this rate take θ far away, to where the loss can still be computed: a field
  /// of saturated units is a bounded constant.
  @Test
  void aTrainingThatDivergesKeepsTheBestModel() throws IOException {
    Path zigzag = folder.resolve("zigzag.csv");
    Files.writeString(zigzag, "t,x\n0,1\n1,-1\n2,1\n3,-1\n");
    String train = "train --quiet --json --no-report --horizon 1 --data " + zigzag;
    CommandLineRun run =
        CommandLineRun.of((train + " --rate 30 --iterations 5 --out " + folder).split(" "));
    assertEquals(1, run.exitCode(), run.err());
    assertTrue(run.err().contains("training diverged: "), run.err());
    assertTrue(run.err().contains("a --rate smaller than 30.0 may help"), run.err());
    CommandLineRun slow =
        CommandLineRun.of(
            (train + " --rate 1e-100 --iterations 1 --out " + folder.resolve("untrained"))
                .split(" "));
    assertEquals(0, slow.exitCode(), slow.err());
    assertTrue(
        run.json().get("loss").asDouble() <= slow.json().get("loss").asDouble(),
        run.out() + slow.out());
  }

  private CommandLineRun tooFast(String... more) {
    String out = folder.resolve("fast").toString();
    return CommandLineRun.of(
        Stream.concat(
                Stream.of(
                    "train",
                    "--quiet",
                    "--json",
                    "--overwrite",
                    "--iterations",
                    "200",
                    "--out",
                    out),
                Stream.of(more))
            .toArray(String[]::new));
  }

  /// The descent is chaotic near the divergence: rounding decides how often it diverges.
  @Test
  void aTrainingThatDivergesContinuesAtHalfTheRate() throws IOException {
    CommandLineRun without =
        tooFast("--optimizer", "heavy-ball", "--rate", "0.2", "--retries", "0");
    assertEquals(1, without.exitCode());
    assertTrue(without.err().contains("training stopped early"), without.err());
    CommandLineRun with = tooFast("--optimizer", "heavy-ball", "--rate", "0.2");
    assertEquals(0, with.exitCode(), with.err());
    assertEquals(200, with.json().get("iterations").asInt());
    assertTrue(with.json().get("loss").asDouble() < without.json().get("loss").asDouble());
    List<Double> rates =
        Files.readAllLines(folder.resolve("fast/metrics.csv")).stream()
            .skip(1)
            .map(row -> Double.valueOf(row.split(",")[5]))
            .toList();
    List<Double> halves = List.of(0.2, 0.1, 0.05, 0.025, 0.0125); // four retries by default
    assertEquals(0.2, rates.getFirst());
    assertTrue(rates.getLast() < 0.2, rates.toString());
    assertTrue(halves.containsAll(rates), rates.toString());
    assertEquals(rates.stream().sorted(Comparator.reverseOrder()).toList(), rates);
  }

  /// The weights grow at this rate until a solve fails.
  @Test
  void aModelThatCannotPredictTheDataIsKept() {
    CommandLineRun run = tooFast("--optimizer", "heavy-ball", "--rate", "5", "--retries", "8");
    assertEquals(1, run.exitCode(), run.out());
    assertTrue(
        run.err().contains("but does not predict the data: model: no trajectory beyond year"),
        run.err());
    assertTrue(Files.exists(folder.resolve("fast/model.flowline")));
  }

  private static void refused(int exitCode, String message, String... args) {
    CommandLineRun run = CommandLineRun.of(args);
    assertEquals(exitCode, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().contains(message), run.err());
  }
}
