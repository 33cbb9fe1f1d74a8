package org.flowline.examples.cli.option;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.flowline.neuralode.data.DidYouMean;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/// Suggestions for unknown options and commands.
public final class OptionHints {
  /// The names of options in other programs.
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "epochs", "iterations",
          "lr", "rate",
          "learning-rate", "rate",
          "rtol", "tolerance",
          "method", "solver",
          "hidden", "width",
          "layers", "depth");

  private OptionHints() {}

  /// Returns an option without its dashes: the synonym from other programs, the only one with this
  /// prefix, or the one with the nearest name.
  ///
  /// @param word with or without dashes, underscores and a value
  /// @param not options that are left out
  static Optional<String> option(String word, CommandSpec spec, List<String> not) {
    String name = word.replaceFirst("^-+", "").replaceFirst("=.*", "").replace('_', '-');
    List<String> known =
        spec.options().stream()
            .map(OptionSpec::longestName)
            .filter(option -> option.startsWith("--") && !not.contains(option))
            .map(option -> option.substring(2))
            .toList();
    String synonym = ELSEWHERE.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    if (known.contains(synonym)) {
      return Optional.of(synonym);
    }
    List<String> begin = known.stream().filter(option -> option.startsWith(name)).toList();
    return begin.size() == 1 && !name.isEmpty()
        ? Optional.of(begin.getFirst())
        : DidYouMean.nearest(name, known);
  }

  /// Returns a suggestion for the first unknown argument.
  public static Optional<String> of(UnmatchedArgumentException unknown) {
    CommandSpec spec = unknown.getCommandLine().getCommandSpec();
    String word = unknown.getUnmatched().getFirst();
    if (!spec.subcommands().isEmpty()) {
      return word.startsWith("-")
          ? unknown.getSuggestions().stream().findFirst()
          : DidYouMean.nearest(word, spec.subcommands().keySet());
    }
    if (word.startsWith("-") || word.equals("help")) {
      return option(word, spec, List.of()).map(name -> "--" + name);
    }
    boolean wantsData =
        word.chars().noneMatch(Character::isISOControl)
            && spec.findOption("--data") != null
            && !unknown.getCommandLine().getParseResult().hasMatchedOption("--data");
    return wantsData ? Optional.of("--data " + word) : Optional.empty();
  }
}
