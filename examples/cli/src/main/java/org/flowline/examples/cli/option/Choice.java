package org.flowline.examples.cli.option;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.flowline.examples.cli.fit.FitConfig;
import org.flowline.neuralode.data.DidYouMean;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Converts the words of an option to the constants of an enum, which print as these words.
public record Choice<E extends Enum<E>>(Class<E> type) implements ITypeConverter<E> {

  /// Registers the converters of all options.
  public static void register(CommandLine command) {
    register(command, SolveOptions.Gradient.class);
    register(command, DescentOptions.Descent.class);
    register(command, FitConfig.RateSchedule.class);
    register(command, LearningOptions.Apart.class);
    register(command, DataOption.Header.class);
    register(command, KindOptions.Nonlinearity.class);
  }

  private static <E extends Enum<E>> void register(CommandLine command, Class<E> type) {
    command.registerConverter(type, new Choice<>(type));
  }

  @Override
  public E convert(String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(choice -> choice.toString().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException(unknown(text, words())));
  }

  private List<String> words() {
    return Arrays.stream(type.getEnumConstants()).map(Object::toString).toList();
  }

  /// Returns the word of a constant: `heavy-ball` for `HEAVY_BALL`.
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Returns the message for an unknown word.
  public static String unknown(String text, List<String> known) {
    String near =
        DidYouMean.nearest(text, known).map(word -> "did you mean " + word + "? ").orElse("");
    return "\"" + text + "\"; " + near + "want one of " + known;
  }
}
