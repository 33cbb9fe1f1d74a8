package org.flowline.neuralode.gradient;

import java.util.Arrays;
import java.util.stream.Stream;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.Breakpoints;

/// `∂L/∂tᵢ`, accumulated from the cotangents of the nodes between steps. A node moves with the
/// observation times and with events by the convention of [DiscreteAdjoint].
final class TimeGradient {
  private final StepSize stepSize;

  /// Times at which a step ends and does not move: the forced ones of the step size, and with the
  /// breakpoints of the field.
  private final Breakpoints forced;

  private final Breakpoints fixed;
  private final double[] times;
  private final int direction;
  private final double[] bar;

  /// The time of the last jump before the current nodes, NaN if there is none, and its cotangent.
  private double jump = Double.NaN;

  private double jumpBar;

  /// @param breakpoints of the field
  /// @param times the observation times
  TimeGradient(StepSize stepSize, Breakpoints breakpoints, double[] times) {
    this.stepSize = stepSize;
    StepSize.Adaptive.Forced given =
        switch (stepSize) {
          case StepSize.Adaptive adaptive -> adaptive.forced();
          case StepSize.Fixed steps -> steps.forced();
        };
    boolean none = given == StepSize.Adaptive.Forced.NONE;
    this.forced = none ? Breakpoints.NONE : new Breakpoints(given.stops(), given.jumps());
    this.fixed = none ? breakpoints : Breakpoints.union(Stream.of(forced, breakpoints));
    this.times = times;
    this.direction = times[times.length - 1] > times[0] ? 1 : -1;
    this.bar = new double[times.length];
  }

  /// `∂L/∂tᵢ`, the array being accumulated.
  double[] values() {
    return bar;
  }

  /// Sets the time of the last jump before the nodes to come; NaN if there is none.
  void setJump(double jump) {
    this.jump = jump;
    this.jumpBar = 0;
  }

  /// The cotangent of the time of the last jump.
  double jumpBar() {
    return jumpBar;
  }

  /// Returns whether the state jumped at this node.
  boolean isJump(double node) {
    return node == jump;
  }

  /// Returns whether observation `i` is later than a node, in the direction of the solve.
  boolean isAfter(int i, double node) {
    return Double.compare(times[i], node) == direction;
  }

  /// Returns whether observation `i` is a node at this time which moves with it.
  boolean movesWith(int i, double node) {
    return stepSize instanceof StepSize.Grid && times[i] == node;
  }

  /// Adds to `∂L/∂tᵢ`.
  void addObservation(int i, double timeBar) {
    bar[i] += timeBar;
  }

  /// Adds `∂L/∂T` of a node at this time to the times the node moves with.
  void addNode(double at, double nodeBar) {
    if (isJump(at)) {
      jumpBar += nodeBar;
      return;
    }
    int last = times.length - 1;
    switch (stepSize) {
      case StepSize.Adaptive _ -> {
        if (at == times[last]) {
          bar[last] += nodeBar;
        } else if (isFixed(at)) {
          return;
        } else if (Double.isNaN(jump)) {
          bar[0] += nodeBar;
        } else {
          jumpBar += nodeBar;
        }
      }
      case StepSize.Constant constant -> {
        if (isInside(at) && fixed.contains(at)) {
          return;
        }
        long steps = constant.steps();
        double node = Math.rint((at - times[0]) / constant.h());
        bar[0] += (steps - node) * nodeBar / steps;
        bar[last] += node * nodeBar / steps;
      }
      case StepSize.Grid _ -> {
        if (isInside(at) && forced.contains(at)) {
          return;
        }
        int index = direction > 0 ? Math.max(0, Arrays.binarySearch(times, at)) : 0;
        while (direction < 0 && index < last && times[index] > at) {
          index++;
        }
        while (index > 0 && times[index - 1] == at) {
          index--; // a node moves with its first observation
        }
        bar[index] += times[index] == at ? nodeBar : 0;
      }
    }
  }

  private boolean isInside(double at) {
    return at != times[0] && at != times[times.length - 1];
  }

  /// Returns whether a step ended at a fixed time since the start or the last jump: such nodes, and
  /// those after them, do not move.
  private boolean isFixed(double at) {
    double start = Double.isNaN(jump) ? times[0] : jump;
    return (at - fixed.next(start, direction)) * direction >= 0;
  }
}
