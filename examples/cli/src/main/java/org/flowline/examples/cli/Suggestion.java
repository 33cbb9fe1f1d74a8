package org.flowline.examples.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.flowline.neuralode.data.DidYouMean;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/// What may have been meant by a word that no command knows.
public final class Suggestion {
  /// What other programs call options.
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "epochs", "iterations",
          "lr", "rate",
          "learning-rate", "rate",
          "rtol", "tolerance",
          "method", "solver",
          "hidden", "width",
          "layers", "depth");

  private Suggestion() {}

  /// The option, without its dashes: what others call so, the only one that begins so, or the
  /// nearest.
  ///
  /// @param word with or without dashes and a value, perhaps with underscores
  /// @param not options that cannot be meant
  public static Optional<String> option(String word, CommandSpec spec, List<String> not) {
    String name = word.replaceFirst("^-+", "").replaceFirst("=.*", "").replace('_', '-');
    List<String> known =
        spec.options().stream()
            .map(OptionSpec::longestName)
            .filter(option -> option.startsWith("--") && !not.contains(option))
            .map(option -> option.substring(2))
            .toList();
    String other = ELSEWHERE.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    if (known.contains(other)) {
      return Optional.of(other);
    }
    List<String> begin = known.stream().filter(option -> option.startsWith(name)).toList();
    return begin.size() == 1 && !name.isEmpty()
        ? Optional.of(begin.getFirst())
        : DidYouMean.nearest(name, known);
  }

  /// What to write instead of words that a command does not know.
  static Optional<String> by(UnmatchedArgumentException unknown) {
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
