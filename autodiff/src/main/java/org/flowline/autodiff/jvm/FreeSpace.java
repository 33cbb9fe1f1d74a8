package org.flowline.autodiff.jvm;

import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The free parts of a growing array, by best fit: takes the smallest hole that is large enough,
/// the first of equal ones; else the array grows. Each step costs `O(log holes)`.
final class FreeSpace {
  /// The length of each hole by its start; no two holes touch, and none touches the end.
  private final NavigableMap<Integer, Integer> holes = new TreeMap<>();

  /// The same holes, as `length·2³² + start`.
  private final NavigableSet<Long> bySize = new TreeSet<>();

  private int end;
  private int largest;

  /// Reserves `length` elements. Returns their start.
  ///
  /// @throws IllegalArgumentException if no array is that long
  int take(int length) {
    Long smallest = bySize.ceiling(key(length, 0));
    if (smallest != null) {
      int at = smallest.intValue();
      int left = remove(at) - length;
      if (left > 0) {
        add(at + length, left);
      }
      return at;
    }
    if (length > Integer.MAX_VALUE - end) {
      throw new IllegalArgumentException(
          "compile: a workspace of more than 2³¹ − 1 numbers; split the program or its batch");
    }
    end += length;
    largest = Math.max(largest, end);
    return end - length;
  }

  void giveBack(int at, int length) {
    int from = at;
    int to = at + length;
    if (holes.containsKey(to)) {
      to += remove(to);
    }
    Integer before = holes.lowerKey(from);
    if (before != null && before + holes.get(before) == from) {
      remove(before);
      from = before;
    }
    if (to == end) {
      end = from;
    } else {
      add(from, to - from);
    }
  }

  /// Returns the largest length of the array so far.
  int largest() {
    return largest;
  }

  private void add(int at, int length) {
    holes.put(at, length);
    bySize.add(key(length, at));
  }

  private int remove(int at) {
    int length = holes.remove(at);
    bySize.remove(key(length, at));
    return length;
  }

  private static long key(int length, int at) {
    return (long) length << 32 | at;
  }
}
