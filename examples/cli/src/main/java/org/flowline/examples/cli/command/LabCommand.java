package org.flowline.examples.cli.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flowline.examples.cli.option.CommandWords;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.option.OverwriteOption;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.examples.cli.report.Text;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.claims.Lab;
import org.flowline.examples.pictures.Page;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Runs experiments of the [Lab], prints what they measured, and writes their pictures and a page
/// that shows them.
@Command(name = "lab", mixinStandardHelpOptions = true)
public final class LabCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", paramLabel = "ID", description = "Experiments such as A4, or all.")
  private List<String> ids = List.of();

  @Mixin private JsonOption json;
  @Mixin private OverwriteOption overwrite;

  @Option(names = "--out", paramLabel = "DIR")
  private Path given;

  @Spec private CommandSpec spec;

  /// The results that `--json` prints.
  record Report(List<Map<String, Object>> experiments, String out) {}

  /// An experiment on the page.
  record Entry(Claim claim, Findings findings) {}

  @Override
  public Integer call() {
    if (ids.isEmpty()) {
      return list();
    }
    List<Experiment> chosen = chosen();
    Path out = given == null ? folder(chosen) : given;
    List<Entry> entries = new ArrayList<>();
    PrintWriter progress =
        json.chosen() ? spec.commandLine().getErr() : spec.commandLine().getOut();
    OutputFolder folder = overwrite.open(out, "index.html");
    for (Experiment experiment : chosen) {
      Entry entry = new Entry(experiment.claim(), Findings.of(experiment));
      entries.add(entry);
      entry.findings.pictures().forEach(folder::add);
      folder.write();
      progress.print(text(entry));
      progress.flush();
    }
    long failed = entries.stream().filter(entry -> !entry.findings.pass()).count();
    int all = entries.size();
    Map<String, Object> values = Map.of("entries", entries, "held", all - failed, "all", all);
    String page = Page.filledIn(LabCommand.class, "lab.mustache", LabCommand::shown, values);
    folder.add("index.html", file -> Files.writeString(file, page));
    folder.write();
    Report report = new Report(entries.stream().map(LabCommand::row).toList(), out.toString());
    json.print(report, () -> summary(all, failed, out));
    return failed == 0 ? 0 : 1;
  }

  /// An experiment with its first measurement; `pass` is for all of them.
  private static Map<String, Object> row(Entry entry) {
    Measurement first = entry.findings.measurements().getFirst();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", entry.claim.id());
    row.put("claim", entry.claim.statement());
    row.put("measured", first.measured());
    row.put("relation", first.relation());
    row.put("expected", first.expected());
    row.put("tolerance", first.tolerance());
    row.put("pass", entry.findings.pass());
    row.put(
        "pictures",
        entry.findings.pictures().stream()
            .flatMap(picture -> Stream.of(picture.name() + ".png", picture.name() + ".svg"))
            .toList());
    row.put("measurements", entry.findings.measurements());
    return row;
  }

  private int list() {
    PrintWriter out = spec.commandLine().getOut();
    for (Experiment experiment : Lab.experiments()) {
      out.printf("%-4s %s%n", experiment.claim().id(), experiment.claim().title());
    }
    out.println("\nRun some:  flowline lab A4 B3     or all:  flowline lab all");
    return 0;
  }

  private List<Experiment> chosen() {
    Set<Experiment> chosen = new LinkedHashSet<>();
    for (String id : ids) {
      if (id.equalsIgnoreCase("all")) {
        chosen.addAll(Lab.experiments());
      } else {
        chosen.add(Lab.find(id).orElseThrow(() -> unknown(id)));
      }
    }
    return List.copyOf(chosen);
  }

  /// The folder of these experiments: a page of some does not replace the page of all.
  static Path folder(List<Experiment> chosen) {
    boolean all = chosen.size() == Lab.experiments().size();
    String ids = chosen.stream().map(each -> "-" + each.claim().id()).collect(Collectors.joining());
    return Path.of("out", "lab" + (all ? "" : ids));
  }

  private ParameterException unknown(String id) {
    List<String> known = Lab.experiments().stream().map(each -> each.claim().id()).toList();
    List<String> near = Lab.near(id);
    String hint = near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    String some = String.join(", ", known) + hint;
    return CommandWords.wrong(spec, "lab: no experiment %s; want all, or some of %s", id, some);
  }

  /// The claim, then a line for each number.
  private static String text(Entry entry) {
    String claim = Text.format("%-4s %s%n", entry.claim.id(), entry.claim.statement());
    return entry.findings.measurements().stream()
        .map(
            each ->
                Text.format(
                    "     %s  %s: %s, expected %s%n",
                    each.pass() ? "pass" : "FAIL",
                    each.what(),
                    shown(each.measured()),
                    each.wanted()))
        .collect(Collectors.joining("", claim, "\n"));
  }

  private static String summary(int experiments, long failed, Path out) {
    String verdict =
        experiments == 1
            ? "1 experiment, its claim " + (failed == 0 ? "holds" : "DOES NOT HOLD")
            : "%d experiments, %s"
                .formatted(experiments, failed == 0 ? "all claims hold" : failed + " DO NOT HOLD");
    return "%s%nread      %s"
        .formatted(verdict, out.resolve("index.html").toAbsolutePath().normalize());
  }

  /// Numbers are formatted as in the terminal.
  private static String shown(Object value) {
    return value instanceof Double number ? Measurement.number(number) : value.toString();
  }
}
