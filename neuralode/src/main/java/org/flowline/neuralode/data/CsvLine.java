package org.flowline.neuralode.data;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// One line of separated values, and where it is.
///
/// @param decimals what its file's numbers are written with
record CsvLine(String source, CsvRecord cells, Decimals decimals) {

  /// `file:line: `, the beginning of a message.
  String at() {
    return source + ":" + cells.getStartingLineNumber() + ": ";
  }

  int size() {
    return cells.getFieldCount();
  }

  /// Without white space around it.
  String cell(int column) {
    return cells.getField(column).strip();
  }

  List<String> all() {
    return IntStream.range(0, size()).mapToObj(this::cell).toList();
  }

  boolean isBlank() {
    for (int i = 0; i < size(); i++) {
      if (!cells.getField(i).isBlank()) {
        return false;
      }
    }
    return true;
  }

  /// Whether it is a number, with the decimal comma of this file, if it has one.
  boolean isNumber(String text) {
    return Clock.number(text).isPresent() || decimals.isComma(text);
  }

  /// A finite number.
  ///
  /// @param text of the cell
  /// @param column what it is called
  /// @param remedy for what is no number, told at the end of the message
  double finite(String text, String column, String remedy) {
    if (text.isEmpty()) {
      throw wrong(column, "is empty; fill it in or remove the row");
    }
    OptionalDouble value = decimals.number(this, text);
    if (value.isEmpty()) {
      throw wrong(column, "is not a number: " + DataException.quoted(text) + "; " + remedy);
    }
    if (!Double.isFinite(value.getAsDouble())) {
      throw wrong(column, "is " + text + "; want a finite number, or remove the row");
    }
    return value.getAsDouble();
  }

  DataException wrong(String column, String what) {
    return new DataException(at() + "column " + DataException.quoted(column) + " " + what);
  }
}
