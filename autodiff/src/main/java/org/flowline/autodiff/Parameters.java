package org.flowline.autodiff;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The names and shapes of the slices of one flat parameter vector θ: solvers, flows and files use
/// the vector, models use names such as `layer1.weight`. The entries are consecutive in θ, in the
/// order in which they were added. Immutable.
///
/// | to … | use |
/// |---|---|
/// | lay out a layer | [#none()], [#with(String, int...)] |
/// | compose networks into one θ | [#join(Map)], [#joinValues(Map)] |
/// | take a network out again | [#split(String)], [#splitValues(String, double[])] |
/// | read parameters in a program | [#of(Var)], [View] |
public final class Parameters {

  /// The slice `θ[offset, offset + shape.size())` under a name.
  public record Entry(String name, Shape shape, int offset) {}

  private final Map<String, Entry> entries;
  private final int size;

  private Parameters(Map<String, Entry> entries, int size) {
    this.entries = entries;
    this.size = size;
  }

  /// Returns the empty layout.
  public static Parameters none() {
    return new Parameters(Map.of(), 0);
  }

  /// Returns these parameters followed by one more.
  ///
  /// @throws IllegalArgumentException if the name is taken, or θ would be longer than an array
  public Parameters with(String name, int... dims) {
    if (entries.containsKey(name)) {
      throw new IllegalArgumentException(
          "parameters: \"" + name + "\" is there already; want a new name");
    }
    Shape shape = Shape.of(dims);
    if (shape.size() > Integer.MAX_VALUE - size) {
      throw new IllegalArgumentException(
          "parameters: with \"" + name + "\" more than 2³¹ − 1 numbers; split the model");
    }
    Map<String, Entry> more = new LinkedHashMap<>(entries);
    Entry entry = new Entry(name, shape, size);
    more.put(name, entry);
    return new Parameters(more, size + entry.shape.size());
  }

  /// Returns these parameters followed by the parameters of a part, with the prefix `part.` in
  /// front of their names.
  ///
  /// @throws IllegalArgumentException if such a name is taken
  public Parameters with(String part, Parameters nested) {
    Parameters all = this;
    for (Entry entry : nested.entries.values()) {
      all = all.with(part + "." + entry.name, entry.shape.dims());
    }
    return all;
  }

  /// Composes the parameters of several networks, in the order of the map: the parameter `weight`
  /// of the part `encoder` becomes `encoder.weight`.
  ///
  /// @throws IllegalArgumentException if θ would be longer than an array
  public static Parameters join(Map<String, Parameters> parts) {
    Parameters all = none();
    for (Map.Entry<String, Parameters> part : parts.entrySet()) {
      all = all.with(part.getKey(), part.getValue());
    }
    return all;
  }

  /// Returns the parameters of a part under their own names: those whose names begin with `part.`,
  /// without this prefix. `join` and `split` are inverse: `join(parts).split(name)` has the entries
  /// of `parts.get(name)`.
  ///
  /// @throws IllegalArgumentException if there is no such part; lists the parts
  public Parameters split(String part) {
    Parameters own = none();
    for (Entry entry : entriesOf(part)) {
      own = own.with(entry.name.substring(part.length() + 1), entry.shape.dims());
    }
    return own;
  }

  /// Returns θ composed of the values of every part.
  ///
  /// @param parts the values of each part, in the layout that [#split] returns
  /// @throws IllegalArgumentException if a part is unknown or missing, or a length differs
  public double[] joinValues(Map<String, double[]> parts) {
    double[] theta = new double[size];
    int joined = 0;
    for (Map.Entry<String, double[]> part : parts.entrySet()) {
      int from = 0;
      int length = entriesOf(part.getKey()).stream().mapToInt(entry -> entry.shape.size()).sum();
      requireLength("part \"" + part.getKey() + "\"", part.getValue(), length);
      for (Entry entry : entriesOf(part.getKey())) {
        System.arraycopy(part.getValue(), from, theta, entry.offset, entry.shape.size());
        from += entry.shape.size();
      }
      joined += length;
    }
    if (joined != size) {
      throw new IllegalArgumentException(
          "parameters: parts %s have %s of %s values; want every part of %s"
              .formatted(parts.keySet(), joined, size, parts()));
    }
    return theta;
  }

  /// Returns the values of a part of θ, in the layout that [#split] returns.
  ///
  /// @throws IllegalArgumentException if there is no such part, or the length of `theta` differs
  public double[] splitValues(String part, double[] theta) {
    requireLength("θ", theta, size);
    return entriesOf(part).stream()
        .flatMapToDouble(e -> Arrays.stream(theta, e.offset, e.offset + e.shape.size()))
        .toArray();
  }

  private List<Entry> entriesOf(String part) {
    List<Entry> own =
        entries.values().stream().filter(entry -> entry.name.startsWith(part + ".")).toList();
    if (own.isEmpty()) {
      throw new IllegalArgumentException(
          "parameters: no part \"" + part + "\"; want one of " + parts());
    }
    return own;
  }

  private List<String> parts() {
    return entries.keySet().stream()
        .filter(name -> name.contains("."))
        .map(name -> name.substring(0, name.indexOf('.')))
        .distinct()
        .toList();
  }

  private static void requireLength(String what, double[] values, int length) {
    if (values.length != length) {
      throw new IllegalArgumentException(
          "parameters: " + what + " has " + values.length + " values; want " + length);
    }
  }

  /// Returns the length of θ.
  public int size() {
    return size;
  }

  /// Returns the entries in the order of θ.
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /// Returns the entry of a full name such as `layer1.weight`.
  ///
  /// @throws IllegalArgumentException if there is none; lists the names
  public Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "parameters: no \"" + name + "\"; there are " + entries.keySet());
    }
    return entry;
  }

  /// Returns the parameters as values of the tape of `theta`, a vector of length [#size()].
  ///
  /// @throws IllegalArgumentException if `theta` has another shape
  public View of(Var theta) {
    if (!theta.shape().equals(Shape.of(size))) {
      throw new IllegalArgumentException(
          "parameters: θ has shape " + theta.shape() + ", want [" + size + "]");
    }
    return new View(this, theta, "");
  }

  /// Returns the names and shapes: `parameters [9]: weight [2, 3], bias [3]`.
  @Override
  public String toString() {
    String names =
        entries.values().stream()
            .map(entry -> entry.name + " " + entry.shape)
            .collect(Collectors.joining(", "));
    return "parameters [" + size + "]" + (entries.isEmpty() ? "" : ": " + names);
  }

  /// The parameters by name, each a slice of θ in its shape; [#part] returns a nested part.
  public record View(Parameters layout, Var theta, String prefix) {
    /// Returns the parameter `name` of this part, in its shape.
    ///
    /// @throws IllegalArgumentException if there is none; lists the names
    public Var get(String name) {
      Entry entry = layout.entry(prefix + name);
      return theta.slice(0, entry.offset, entry.offset + entry.shape.size()).reshape(entry.shape);
    }

    /// Returns the parameters whose names begin with `name.`, without this prefix.
    public View part(String name) {
      return new View(layout, theta, prefix + name + ".");
    }

    @Override
    public String toString() {
      return "view of " + layout + (prefix.isEmpty() ? "" : ", part " + prefix);
    }
  }
}
