package org.flowline.examples.cli.option;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.flowline.neuralode.data.DidYouMean;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads an option that is one of a few words, those that the constants of `type` print as.
public record Choice<E extends Enum<E>>(Class<E> type) implements ITypeConverter<E> {
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

  /// The word of a constant: `HEAVY_BALL` is `heavy-ball`.
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// What to say of a word that is none of these.
  public static String unknown(String text, List<String> known) {
    String near =
        DidYouMean.nearest(text, known).map(word -> "did you mean " + word + "? ").orElse("");
    return "\"" + text + "\"; " + near + "want one of " + known;
  }
}
