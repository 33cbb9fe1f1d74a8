package org.flowline.neuralode.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Which cell of a line is what.
///
/// @param names of all columns, as many as each line has cells
/// @param time the column of times, or -1
/// @param group the column of the trajectory's name, or -1
record CsvColumns(
    List<String> names, int time, int group, List<Integer> states, List<Integer> inputs) {

  /// A first column without a name, of which nobody says what it is, holds the numbers of the rows:
  /// it is no state, and not taken for time.
  ///
  /// @param names in the first line
  static CsvColumns of(String at, List<String> names, CsvOptions options) {
    int group = options.group().map(name -> index(at, names, name)).orElse(-1);
    int time =
        options
            .time()
            .map(name -> name.isEmpty() ? 0 : index(at, names, name))
            .orElse(group == 0 ? 1 : 0);
    List<Integer> inputs = options.inputs().stream().map(name -> index(at, names, name)).toList();
    boolean numbered = time != 0 && names.getFirst().isEmpty();
    List<Integer> states =
        options.columns().isEmpty()
            ? IntStream.range(numbered ? 1 : 0, names.size())
                .boxed()
                .filter(i -> i != time && i != group && !inputs.contains(i))
                .toList()
            : options.columns().stream().map(name -> index(at, names, name)).toList();
    if (time >= names.size() || states.isEmpty()) {
      throw new DataException(
          at + "no column is left for the state; want time and at least one component");
    }
    CsvColumns columns = new CsvColumns(names, time, group, states, inputs);
    if (names.get(time).isEmpty() && options.time().isEmpty()) {
      throw new DataException(
          at
              + "column "
              + (time + 1)
              + ", the time, has no name; is it a row number? Give --time "
              + DataException.quoted(
                  columns.names(states).stream()
                      .filter(name -> !name.isEmpty())
                      .findFirst()
                      .orElse("t"))
              + ", or the column a name");
    }
    columns.requireNames(at);
    return columns;
  }

  /// These and no others: nothing is time.
  static CsvColumns only(String at, List<String> names, List<String> columns) {
    List<Integer> states = columns.stream().map(name -> index(at, names, name)).toList();
    CsvColumns only = new CsvColumns(names, -1, -1, states, List.of());
    only.requireNames(at);
    return only;
  }

  static int index(String at, List<String> names, String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      Optional<String> nearest = Names.nearest(name, names);
      throw new DataException(
          at
              + "no column "
              + DataException.quoted(name)
              + nearest
                  .map(other -> "; did you mean " + DataException.quoted(other) + "?")
                  .orElse("; want one of " + DataException.quoted(String.join(", ", names))));
    }
    return index;
  }

  private void requireNames(String at) {
    List<Integer> used = new ArrayList<>(states);
    used.addAll(inputs);
    used.sort(null);
    for (int i : used) {
      String name = names.get(i);
      int last = names.lastIndexOf(name);
      if (name.isEmpty() || names.indexOf(name) != last) {
        throw new DataException(
            at
                + "column "
                + (last + 1)
                + (name.isEmpty() ? " has no name" : " is " + DataException.quoted(name) + " again")
                + "; give every column a name of its own");
      }
    }
    IntStream.of(time, group).filter(i -> i >= 0).forEach(used::add);
    Set<Integer> seen = new HashSet<>();
    for (int i : used) {
      if (!seen.add(i)) {
        throw new DataException(
            at
                + "column "
                + DataException.quoted(names.get(i))
                + " is asked for twice; want it as time, group, component or input");
      }
    }
  }

  void requireWidth(CsvLine line) {
    if (line.size() != names.size()) {
      throw new DataException(
          line.at() + line.size() + " columns; want " + names.size() + " as in the first line");
    }
  }

  List<String> names(List<Integer> columns) {
    return columns.stream().map(names::get).toList();
  }
}
