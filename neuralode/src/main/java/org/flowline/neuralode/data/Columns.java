package org.flowline.neuralode.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// The role of each column of a table.
///
/// @param names the names of all columns
/// @param time the index of the time column, or −1
/// @param group the index of the column that names the trajectory, or −1
record Columns(
    List<String> names, int time, int group, List<Integer> states, List<Integer> inputs) {

  /// Assigns the roles that the options name. A first column without a name and without a role in
  /// the options holds row numbers: it is neither a state nor the time.
  ///
  /// @param at the prefix of messages
  static Columns of(String at, List<String> names, CsvOptions options) {
    int group = options.group().map(name -> index(at, names, name)).orElse(-1);
    int time =
        options
            .time()
            .map(name -> name.isEmpty() ? 0 : index(at, names, name))
            .orElse(group == 0 ? 1 : 0);
    List<Integer> inputs = indices(at, names, options.inputs());
    Set<Integer> driving = Set.copyOf(inputs);
    boolean numbered = time != 0 && names.getFirst().isEmpty();
    List<Integer> states =
        options.columns().isEmpty()
            ? IntStream.range(numbered ? 1 : 0, names.size())
                .boxed()
                .filter(i -> i != time && i != group && !driving.contains(i))
                .toList()
            : indices(at, names, options.columns());
    if (time >= names.size() || states.isEmpty()) {
      throw new DataException(
          at + "no column is left for the state; want time and at least one component");
    }
    Columns columns = new Columns(names, time, group, states, inputs);
    if (names.get(time).isEmpty() && options.time().isEmpty()) {
      List<String> named = columns.names(states).stream().filter(name -> !name.isEmpty()).toList();
      throw new DataException(
          "%scolumn %s, the time, has no name; is it a row number? Give --time %s, or the column a name",
          at, time + 1, DataException.quoted(named.isEmpty() ? "t" : named.getFirst()));
    }
    columns.requireNames(at);
    return columns;
  }

  /// Returns these columns as states, without a time.
  static Columns only(String at, List<String> names, List<String> columns) {
    Columns only = new Columns(names, -1, -1, indices(at, names, columns), List.of());
    only.requireNames(at);
    return only;
  }

  private static List<Integer> indices(String at, List<String> names, List<String> wanted) {
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; !wanted.isEmpty() && i < names.size(); i++) {
      first.putIfAbsent(names.get(i), i);
    }
    return wanted.stream()
        .map(name -> first.containsKey(name) ? first.get(name) : index(at, names, name))
        .toList();
  }

  private static int index(String at, List<String> names, String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      String remedy =
          DidYouMean.nearest(name, names)
              .map(other -> "did you mean " + DataException.quoted(other) + "?")
              .orElse("want one of " + DataException.quoted(String.join(", ", names)));
      throw new DataException("%sno column %s; %s", at, DataException.quoted(name), remedy);
    }
    return index;
  }

  private void requireNames(String at) {
    List<Integer> used = new ArrayList<>(states);
    used.addAll(inputs);
    used.sort(null);
    Map<String, Integer> count = new HashMap<>();
    names.forEach(name -> count.merge(name, 1, Integer::sum));
    for (int i : used) {
      String name = names.get(i);
      if (name.isEmpty() || count.get(name) > 1) {
        int last = names.lastIndexOf(name);
        String problem =
            name.isEmpty() ? "has no name" : "is " + DataException.quoted(name) + " again";
        throw new DataException(
            "%scolumn %s %s; give every column a name of its own", at, last + 1, problem);
      }
    }
    IntStream.of(time, group).filter(i -> i >= 0).forEach(used::add);
    Set<Integer> seen = new HashSet<>();
    for (int i : used) {
      if (!seen.add(i)) {
        throw new DataException(
            "%scolumn %s has two roles; want it as time, group, component or input",
            at, DataException.quoted(names.get(i)));
      }
    }
  }

  /// Requires a cell for each column; empty ones may follow.
  void requireWidth(CsvLine line) {
    if (line.size() < names.size() || !line.isBlankFrom(names.size())) {
      throw new DataException(
          "%s%s columns; want %s as in the first line", line.at(), line.size(), names.size());
    }
  }

  List<String> names(List<Integer> columns) {
    return columns.stream().map(names::get).toList();
  }
}
