package org.flowline.examples.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.flowline.examples.cli.option.Choice;
import org.flowline.examples.cli.option.CommandWords;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.option.OverwriteOption;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.examples.gallery.Outcome;
import org.flowline.examples.gallery.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Runs programs of the gallery, each a [Program], and prints their figures beside the expected
/// values.
@Command(name = "gallery", mixinStandardHelpOptions = true)
public final class GalleryCommand implements Callable<Integer> {
  @Mixin private JsonOption json;
  @Mixin private OverwriteOption overwrite;

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      completionCandidates = Names.class,
      description = "Programs such as QuickStart, or all.")
  private List<String> names = List.of();

  @Option(names = "--out", paramLabel = "DIR")
  private Path out;

  @Spec private CommandSpec spec;

  /// The names of programs, for completion.
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return known().iterator();
    }
  }

  /// The results that `--json` prints.
  record Report(List<Row> programs) {}

  /// The figures of a program.
  record Row(String name, boolean holds, List<Outcome.Figure> figures) {}

  @Override
  public Integer call() {
    List<Row> rows = new ArrayList<>();
    Set<Program> chosen = chosen();
    String[] pictures = chosen.stream().map(it -> it.name() + ".png").toArray(String[]::new);
    OutputFolder folder = out == null || names.isEmpty() ? null : overwrite.open(out, pictures);
    for (Program program : chosen) {
      Outcome outcome = program.run().get();
      rows.add(new Row(program.name(), outcome.holds(), outcome.figures()));
      if (!json.chosen()) {
        outcome.figures().forEach(it -> print("%-26s%s%n", program.name(), it));
      }
      if (folder != null) {
        folder.add(outcome.picture());
        folder.write();
      }
    }
    if (json.chosen()) {
      print("%s%n", json.text(new Report(rows)));
    } else if (names.isEmpty()) {
      Program.ALL.forEach(it -> print("%-26s%s%n", it.name(), it.about()));
      print("%nRun some:  flowline gallery QuickStart     or all:  flowline gallery all%n");
    } else if (folder != null) {
      print("written %s%n", folder);
    }
    return rows.stream().allMatch(Row::holds) ? 0 : 1;
  }

  private Set<Program> chosen() {
    Set<Program> chosen = new LinkedHashSet<>();
    for (String name : names) {
      List<Program> found =
          Program.ALL.stream()
              .filter(it -> name.equals("all") || name.equalsIgnoreCase(it.name()))
              .toList();
      if (found.isEmpty()) {
        throw CommandWords.wrong(spec, "no program " + Choice.unknown(name, known()));
      }
      chosen.addAll(found);
    }
    return chosen;
  }

  private static List<String> known() {
    return Program.ALL.stream().map(Program::name).toList();
  }

  private void print(String format, Object... values) {
    spec.commandLine().getOut().printf(format, values);
    spec.commandLine().getOut().flush();
  }
}
