package org.flowline.examples.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/// One line of the kernel benchmark: our work and its rivals by name.
///
/// @param flop the multiplications and additions of its matrix products, or 0
/// @param floorNanos a lower bound of the time of its elementary functions, or 0 if not reported
/// @param elements the number of elements of an element-wise function, or 0
record Kernel(
    String name, long flop, double floorNanos, int elements, Work ours, Map<String, Work> rivals) {
  static final String ND4J = "ND4J";
  static final String SAME_DIFF = "SameDiff";
  static final String VECTOR = "vector";

  static Kernel of(String name, Work ours) {
    return new Kernel(name, 0, 0, 0, ours, Map.of());
  }

  Kernel withFlop(long count, double floor) {
    return new Kernel(name, count, floor, elements, ours, rivals);
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
