package org.flowline.neuralode.data;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// One line of separated values, with its position.
///
/// @param decimals the notation of the file's numbers
/// @param isComment whether a comment above the numbers holds names
record CsvLine(
    String source, long number, List<String> cells, Decimals decimals, boolean isComment) {

  /// Returns `file:line: `, the prefix of messages.
  String at() {
    return source + ":" + number + ": ";
  }

  int size() {
    return cells.size();
  }

  /// Returns a cell without surrounding white space.
  String cell(int column) {
    return cells.get(column).strip();
  }

  List<String> all() {
    return IntStream.range(0, size()).mapToObj(this::cell).toList();
  }

  /// Returns all cells but empty ones at the end.
  List<String> names() {
    int count = size();
    while (count > 0 && isBlankFrom(count - 1)) {
      count--;
    }
    return all().subList(0, count);
  }

  boolean isBlank() {
    return isBlankFrom(0);
  }

  boolean isBlankFrom(int column) {
    for (int i = column; i < size(); i++) {
      if (!cells.get(i).isBlank()) {
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
