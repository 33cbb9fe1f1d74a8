package org.flowline.neuralode.data;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// The numbers of one file, all with a decimal point or all with a decimal comma. A comma is one
/// where it does not separate cells: `Zeit;A` above `0,25;1,5`.
///
/// `1,234` may be 1.234 or 1234. Refused are numbers of which none tells which it is, and commas
/// and points in one file.
final class Decimals {
  private static final Pattern COMMA = Pattern.compile("[+-]?\\d*,\\d+([eE][+-]?\\d+)?");
  private static final Pattern THOUSANDS = Pattern.compile("[+-]?[1-9]\\d{0,2},\\d{3}");

  private final boolean commas;
  private String point;
  private String comma;
  private boolean decided;

  /// @param separator between cells
  Decimals(char separator) {
    this.commas = separator != ',';
  }

  /// Whether it is a number with a decimal comma, in this file.
  boolean isComma(String text) {
    return commas && text.indexOf(',') >= 0 && COMMA.matcher(text).matches();
  }

  /// The number that this is, as [Clock#number]; none if it is no number.
  ///
  /// @param line that it is in
  /// @throws DataException if it has a comma and others have points, or the other way round
  OptionalDouble number(CsvLine line, String text) {
    OptionalDouble number = Clock.number(text);
    if (number.isPresent()) {
      if (point == null && text.indexOf('.') >= 0) {
        point = text;
        requireOne(line, text);
      }
      return number;
    }
    if (!isComma(text)) {
      return number;
    }
    comma = comma == null ? text : comma;
    requireOne(line, text);
    decided |= !THOUSANDS.matcher(text).matches();
    return Clock.number(text.replace(',', '.'));
  }

  private void requireOne(CsvLine line, String text) {
    if (point != null && comma != null) {
      throw new DataException(
          line.at()
              + DataException.quoted(text)
              + " after "
              + DataException.quoted(text.equals(comma) ? point : comma)
              + "; is the comma a decimal one? Write all numbers with a point");
    }
  }

  /// @throws DataException if commas were read of which none is surely a decimal one
  void requireDecided(String source) {
    if (comma != null && !decided) {
      throw new DataException(
          source
              + ": "
              + DataException.quoted(comma)
              + " may be "
              + comma.replace(',', '.')
              + " or "
              + comma.replace(",", "")
              + "; write one of them");
    }
  }
}
