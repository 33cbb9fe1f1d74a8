package org.flowline.examples.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// One line of the benchmark: our work and its rivals by name.
///
/// @param flop multiplications and additions of its matrix products, 0 where it has none
/// @param floorNanos what its elementary functions take at least, 0 where that is not asked
/// @param elements of an element-wise function, else 0
record Kernel(
    String name, long flop, double floorNanos, int elements, Work ours, Map<String, Work> rivals) {
  static final String ND4J = "ND4J";
  static final String SAME_DIFF = "SameDiff";
  static final String VECTOR = "vector";

  Kernel {
    rivals = Collections.unmodifiableMap(new LinkedHashMap<>(rivals)); // in this order
  }

  static Kernel of(String name, Work ours) {
    return new Kernel(name, 0, 0, 0, ours, Map.of());
  }

  Kernel withName(String other) {
    return new Kernel(other, flop, floorNanos, elements, ours, rivals);
  }

  Kernel withFlop(long count) {
    return new Kernel(name, count, floorNanos, elements, ours, rivals);
  }

  Kernel withFloorNanos(double nanos) {
    return new Kernel(name, flop, nanos, elements, ours, rivals);
  }

  Kernel withElements(int count) {
    return new Kernel(name, flop, floorNanos, count, ours, rivals);
  }

  Kernel withRival(String rival, Work work) {
    Map<String, Work> more = new LinkedHashMap<>(rivals);
    more.put(rival, work);
    return new Kernel(name, flop, floorNanos, elements, ours, more);
  }
}
