package org.flowline.neuralode.data;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/// The words for a missing value: the usual ones of instruments and programs, and words of a user.
///
/// @param more words of the user; numbers match by value
record MissingWords(List<String> more) {
  private static final Set<String> USUAL =
      Set.of(
          "", "NA", "N/A", "#N/A", "#NA", "<NA>", "NaN", "nan", "NAN", "-nan", "null", "NULL",
          "None", "-", ".", "?");

  static boolean isUsual(String text) {
    return USUAL.contains(text);
  }

  /// Tests the first character before the set: most cells are numbers.
  boolean has(String text) {
    boolean digit = !text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '9';
    return !digit && isUsual(text)
        || !more.isEmpty() && more.stream().anyMatch(it -> same(it, text));
  }

  private static boolean same(String word, String text) {
    OptionalDouble number = Clock.number(word);
    return word.equals(text) || number.isPresent() && number.equals(Clock.number(text));
  }
}
