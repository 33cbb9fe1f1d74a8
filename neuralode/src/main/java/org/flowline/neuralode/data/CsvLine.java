package org.flowline.neuralode.data;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// One line of separated values, with its position.
///
/// @param decimals the notation of the file's numbers
record CsvLine(String source, CsvRecord cells, Decimals decimals) {

  /// Returns `file:line: `, the prefix of messages.
  String at() {
    return source + ":" + cells.getStartingLineNumber() + ": ";
  }

  int size() {
    return cells.getFieldCount();
  }

  /// Returns a cell without surrounding white space.
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

  /// Returns whether the text is a number in this file's notation.
  boolean isNumber(String text) {
    return Clock.number(text).isPresent() || decimals.isComma(text);
  }

  /// Returns the finite number in a cell.
  ///
  /// @param column the column's name
  /// @param remedy the end of the message for text that is not a number
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

  DataException wrong(String column, String problem) {
    return new DataException("%scolumn %s %s", at(), DataException.quoted(column), problem);
  }
}
