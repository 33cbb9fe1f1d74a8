package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.odesolvers.StepSize;

/// `∂L/∂tᵢ`, collected from the cotangents of nodes between steps: how nodes move with the times
/// that the caller chose and with events, by the convention of [DiscreteAdjoint].
final class NodeTimes {
  private final StepSize stepSize;
  private final double[] times;
  private final int direction;
  private final double[] bar;

  /// The jump behind which the nodes are that are walked over, NaN if there is none, and its
  /// cotangent.
  private double jump = Double.NaN;

  private double jumpBar;

  /// @param times the observation times
  NodeTimes(StepSize stepSize, double[] times) {
    this.stepSize = stepSize;
    this.times = times;
    this.direction = times[1] > times[0] ? 1 : -1;
    this.bar = new double[times.length];
  }

  /// `∂L/∂tᵢ`, the array being filled.
  double[] bar() {
    return bar;
  }

  /// From now on nodes are behind a jump of the state at this time, up to the jump before; NaN if
  /// there is none.
  void follow(double jump) {
    this.jump = jump;
    this.jumpBar = 0;
  }

  /// The cotangent of the time of the jump that nodes follow.
  double jumpBar() {
    return jumpBar;
  }

  /// Whether the state jumped at this node.
  boolean jumped(double node) {
    return node == jump;
  }

  /// Whether observation `i` is behind a node at this time.
  boolean isAfter(int i, double node) {
    return Double.compare(times[i], node) == direction;
  }

  /// Whether observation `i` is a node at this time which moves with it.
  boolean movesWith(int i, double node) {
    return stepSize instanceof StepSize.Grid && times[i] == node;
  }

  /// Hands `∂L/∂T` of a node at this time, with the nodes moving freely, to what it moves with.
  void move(double at, double nodeBar) {
    if (jumped(at)) {
      jumpBar += nodeBar;
      return;
    }
    int last = times.length - 1;
    switch (stepSize) {
      case StepSize.Adaptive adaptive -> {
        if (at == times[last]) {
          bar[last] += nodeBar;
        } else if (!forced(adaptive, at)) {
          moveWithStart(nodeBar);
        }
      }
      case StepSize.Constant constant -> {
        long steps = constant.steps();
        double node = Math.rint((at - times[0]) / constant.h());
        bar[0] += (steps - node) * nodeBar / steps;
        bar[last] += node * nodeBar / steps;
      }
      case StepSize.Grid _ -> {
        int index = Arrays.binarySearch(times, 0, times.length, at);
        if (direction > 0 && index >= 0) {
          bar[index] += nodeBar;
        }
        for (int i = 0; direction < 0 && i < times.length; i++) {
          bar[i] += times[i] == at ? nodeBar : 0;
        }
      }
    }
  }

  private void moveWithStart(double nodeBar) {
    if (Double.isNaN(jump)) {
      bar[0] += nodeBar;
    } else {
      jumpBar += nodeBar;
    }
  }

  /// Whether a step had to end at this node or before, since the start: such nodes stand still.
  private boolean forced(StepSize.Adaptive adaptive, double at) {
    return passed(adaptive.forced().stops(), at) || passed(adaptive.forced().jumps(), at);
  }

  private boolean passed(double[] forced, double at) {
    double start = Double.isNaN(jump) ? times[0] : jump;
    for (double time : forced) {
      if ((time - start) * direction > 0 && (at - time) * direction >= 0) {
        return true;
      }
    }
    return false;
  }
}
