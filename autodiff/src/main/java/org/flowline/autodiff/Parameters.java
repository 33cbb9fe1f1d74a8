package org.flowline.autodiff;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Names and shapes for the slices of one flat parameter vector θ: solvers, flows and files see a
/// vector, users see `layer1.weight`. Immutable; the entries lie in θ one after the other, in the
/// order in which they were added.
public final class Parameters {

  /// `θ[offset, offset + shape.size())` under a name.
  public record Entry(String name, Shape shape, int offset) {}

  private final Map<String, Entry> entries;
  private final int size;

  private Parameters(Map<String, Entry> entries, int size) {
    this.entries = entries;
    this.size = size;
  }

  /// No parameters, to begin with.
  public static Parameters none() {
    return new Parameters(Map.of(), 0);
  }

  /// These parameters and one more behind them.
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

  /// These parameters and those of a part, whose names get the prefix `part.`.
  ///
  /// @throws IllegalArgumentException if such a name is taken
  public Parameters with(String part, Parameters nested) {
    Parameters all = this;
    for (Entry entry : nested.entries.values()) {
      all = all.with(part + "." + entry.name, entry.shape.dims());
    }
    return all;
  }

  /// The length of θ.
  public int size() {
    return size;
  }

  /// The entries in the order in which they lie in θ.
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /// Where the parameter of this full name, as `layer1.weight`, lies.
  ///
  /// @throws IllegalArgumentException if there is none, naming what there is
  public Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "parameters: no \"" + name + "\"; there are " + entries.keySet());
    }
    return entry;
  }

  /// The parameters as values of the tape that `theta`, a vector of length [#size()], belongs to.
  ///
  /// @throws IllegalArgumentException if `theta` has another shape
  public View of(Var theta) {
    if (!theta.shape().equals(Shape.of(size))) {
      throw new IllegalArgumentException(
          "parameters: θ has shape " + theta.shape() + ", want [" + size + "]");
    }
    return new View(this, theta, "");
  }

  /// As `parameters [9]: weight [2, 3], bias [3]`.
  @Override
  public String toString() {
    return entries.values().stream()
        .map(entry -> entry.name + " " + entry.shape)
        .collect(
            Collectors.joining(
                ", ", "parameters [" + size + "]" + (entries.isEmpty() ? "" : ": "), ""));
  }

  /// Parameters by name, each a shaped slice of θ; [#part] goes into a nested part.
  public record View(Parameters layout, Var theta, String prefix) {
    /// The parameter `name` of this part, in its shape.
    ///
    /// @throws IllegalArgumentException if there is none, naming what there is
    public Var get(String name) {
      Entry entry = layout.entry(prefix + name);
      return theta.slice(0, entry.offset, entry.offset + entry.shape.size()).reshape(entry.shape);
    }

    /// The parameters whose names begin with `name.`, without it.
    public View part(String name) {
      return new View(layout, theta, prefix + name + ".");
    }
  }
}
