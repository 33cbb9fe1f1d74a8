package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.StepSize;

/// `∂L/∂tᵢ`, collected from the cotangents of nodes between steps: how nodes move with the times
/// that the caller chose, by the convention of [DiscreteAdjoint].
final class NodeTimes {
  private final StepSize stepSize;
  private final long steps;
  private final double[] times;
  private final int direction;
  private final double[] bar;

  /// @param steps how many steps the solve had
  /// @param times the observation times
  NodeTimes(StepSize stepSize, long steps, double[] times) {
    this.stepSize = stepSize;
    this.steps = steps;
    this.times = times;
    this.direction = times[1] > times[0] ? 1 : -1;
    this.bar = new double[times.length];
  }

  /// `∂L/∂tᵢ`, the array being filled.
  double[] bar() {
    return bar;
  }

  /// Whether observation `i` is behind a node at this time.
  boolean isAfter(int i, double node) {
    return Double.compare(times[i], node) == direction;
  }

  /// Whether observation `i` is a node at this time which moves with it.
  boolean movesWith(int i, double node) {
    return stepSize instanceof StepSize.Grid && times[i] == node;
  }

  /// Hands `∂L/∂T_node`, with the nodes moving freely, to the times.
  void move(long node, double at, double nodeBar) {
    int last = times.length - 1;
    switch (stepSize) {
      case StepSize.Adaptive adaptive -> {
        if (node == steps) {
          bar[last] += nodeBar;
        } else if (!forced(adaptive, at)) {
          bar[0] += nodeBar;
        }
      }
      case StepSize.Constant _ -> {
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

  /// Whether a step had to end at this node or before: such nodes stand still.
  private boolean forced(StepSize.Adaptive adaptive, double at) {
    return passed(adaptive.forced().stops(), at) || passed(adaptive.forced().jumps(), at);
  }

  private boolean passed(double[] forced, double at) {
    for (double time : forced) {
      if ((time - times[0]) * direction > 0 && (at - time) * direction >= 0) {
        return true;
      }
    }
    return false;
  }
}
