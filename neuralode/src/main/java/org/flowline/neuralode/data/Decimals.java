package org.flowline.neuralode.data;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// The numbers of one file, all with a decimal point or all with a decimal comma. A comma is
/// decimal if it does not separate cells: `Zeit;A` above `0,25;1,5`.
///
/// `1,234` may be 1.234 or 1234: a file in which every comma is ambiguous is refused, as are commas
/// and points in one file.
final class Decimals {
  private static final Pattern COMMA = Pattern.compile("[+-]?\\d*,\\d+([eE][+-]?\\d+)?");
  private static final Pattern THOUSANDS = Pattern.compile("[+-]?[1-9]\\d{0,2},\\d{3}");

  private final boolean commas;
  private String point;
  private String comma;
  private boolean decided;

  /// @param separator the separator of cells
  Decimals(char separator) {
    this.commas = separator != ',';
  }

  /// Returns whether the text is a number with a decimal comma in this file.
  boolean isComma(String text) {
    return commas && text.indexOf(',') >= 0 && COMMA.matcher(text).matches();
  }

  /// Returns the number as [Clock#number] does; empty if the text is not a number.
  ///
  /// @throws DataException if one number of the file has a comma and another one a point
  OptionalDouble number(CsvLine line, String text) {
    OptionalDouble number = Clock.number(text);
    if (number.isPresent()) {
      if (point == null && text.indexOf('.') >= 0) {
        point = text;
        requireOne(line, text, comma);
      }
      return number;
    }
    if (!isComma(text)) {
      return number;
    }
    comma = comma == null ? text : comma;
    requireOne(line, text, point);
    decided |= !THOUSANDS.matcher(text).matches();
    return Clock.number(text.replace(',', '.'));
  }

  private static void requireOne(CsvLine line, String text, String other) {
    if (other != null) {
      throw new DataException(
          "%s%s after %s; is the comma a decimal one? Write all numbers with a point",
          line.at(), DataException.quoted(text), DataException.quoted(other));
    }
  }

  /// @throws DataException if every comma of the file is ambiguous
  void requireDecided(String source) {
    if (comma != null && !decided) {
      throw new DataException(
          "%s: %s may be %s or %s; write one of them",
          source, DataException.quoted(comma), comma.replace(',', '.'), comma.replace(",", ""));
    }
  }
}
