package org.flowline.autodiff.jvm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;

/// The place of each value of a tape: in an argument array, in a result array, among the constants
/// or in one workspace.
///
/// Reshapes and contiguous slices are views of their operand; the operands of a contiguous
/// concatenation are computed in place inside it; results are computed in the caller's array. All
/// other values share the workspace, each until its last use ([FreeSpace]). Buffers are numbered:
/// arguments, results, constants, workspace.
final class MemoryPlan {
  /// Offsets in the workspace are multiples of this, a cache line.
  private static final int ALIGNMENT = 8;

  private final List<Tape.Node> nodes;
  private final int arguments;
  private final int[] outputs;

  /// The node that contains a view, and the offset of the view in it; else the node itself, at 0.
  private final int[] host;

  private final int[] shift;

  /// The buffer of a host, its offset there, and the last node that reads it.
  private final int[] buffer;

  private final int[] offset;
  private final int[] lastUse;
  private final List<double[]> constants = new ArrayList<>();
  private int workspace;

  MemoryPlan(Tape tape) {
    nodes = tape.nodes();
    arguments = tape.inputShapes().size();
    outputs = tape.outputs();
    int n = nodes.size();
    host = new int[n];
    shift = new int[n];
    buffer = new int[n];
    offset = new int[n];
    lastUse = new int[n];
    Arrays.fill(buffer, -1);
    findViews();
    computeInPlaceOfConcatenations();
    findLastUses();
    placeArgumentsAndConstants();
    placeResults();
    placeWorkspace();
  }

  int bufferOf(int node) {
    return buffer[root(node)];
  }

  int offsetOf(int node) {
    int root = root(node);
    return node == root ? offset[node] : shift[node] + offset[root];
  }

  /// Returns whether the node has a place of its own.
  boolean isHost(int node) {
    return root(node) == node;
  }

  /// Returns whether the node needs no instruction, being a view of its operand.
  boolean isView(int node) {
    Op op = nodes.get(node).op();
    return op instanceof Op.Reshape
        || op instanceof Op.StopGradient
        || op instanceof Op.Slice slice && contiguous(operandShape(node), slice.axis());
  }

  /// Returns whether result `k` is computed in the caller's array; otherwise it is copied at the
  /// end.
  boolean isInPlace(int k) {
    return bufferOf(outputs[k]) == arguments + k && offsetOf(outputs[k]) == 0;
  }

  int arguments() {
    return arguments;
  }

  List<double[]> constants() {
    return constants;
  }

  int workspaceBuffer() {
    return arguments + outputs.length + constants.size();
  }

  int workspaceSize() {
    return workspace;
  }

  private Shape operandShape(int node) {
    return nodes.get(nodes.get(node).operands()[0]).shape();
  }

  /// Returns whether parts along `axis` are contiguous.
  private static boolean contiguous(Shape shape, int axis) {
    return shape.outer(axis) == 1;
  }

  /// Returns the outermost host of a node. Links all hosts on the way directly to it, so that
  /// chains of views are walked once.
  private int root(int node) {
    int root = node;
    int at = 0;
    for (; host[root] != root; root = host[root]) {
      at += shift[root];
    }
    for (int i = node; host[i] != root && i != root; ) {
      int next = host[i];
      int further = at - shift[i];
      host[i] = root;
      shift[i] = at;
      at = further;
      i = next;
    }
    return root;
  }

  private void findViews() {
    for (int i = 0; i < nodes.size(); i++) {
      host[i] = i;
      if (isView(i)) {
        host[i] = nodes.get(i).operands()[0];
        shift[i] =
            nodes.get(i).op() instanceof Op.Slice slice
                ? slice.from() * operandShape(i).inner(slice.axis())
                : 0;
      }
    }
  }

  /// Places a computed value inside the concatenation that reads it, unless it is already part of
  /// another value or a result.
  private void computeInPlaceOfConcatenations() {
    boolean[] results = new boolean[nodes.size()];
    for (int output : outputs) {
      results[root(output)] = true;
    }
    for (int i = 0; i < nodes.size(); i++) {
      if (!(nodes.get(i).op() instanceof Op.Concat(int axis))
          || !contiguous(nodes.get(i).shape(), axis)) {
        continue;
      }
      int at = 0;
      for (int operand : nodes.get(i).operands()) {
        int owner = root(operand);
        boolean whole = nodes.get(owner).shape().size() == nodes.get(operand).shape().size();
        if (whole && owner != i && computed(owner) && !results[owner]) {
          host[owner] = i;
          shift[owner] = at;
        }
        at += nodes.get(operand).shape().size();
      }
    }
  }

  private boolean computed(int node) {
    Op op = nodes.get(node).op();
    return !(op instanceof Op.Input || op instanceof Op.Constant);
  }

  private void findLastUses() {
    for (int i = 0; i < nodes.size(); i++) {
      for (int operand : nodes.get(i).operands()) {
        lastUse[root(operand)] = Math.max(lastUse[root(operand)], i);
      }
    }
    for (int output : outputs) {
      lastUse[root(output)] = nodes.size();
    }
  }

  private void placeArgumentsAndConstants() {
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).op() instanceof Op.Input input) {
        buffer[i] = input.index();
      } else if (nodes.get(i).op() instanceof Op.Constant constant) {
        double[] values = new double[nodes.get(i).shape().size()];
        constant.copyTo(values, 0);
        buffer[i] = arguments + outputs.length + constants.size();
        constants.add(values);
      }
    }
  }

  private void placeResults() {
    for (int k = 0; k < outputs.length; k++) {
      int owner = root(outputs[k]);
      boolean whole = nodes.get(owner).shape().size() == nodes.get(outputs[k]).shape().size();
      if (buffer[owner] < 0 && whole) {
        buffer[owner] = arguments + k;
      }
    }
  }

  private void placeWorkspace() {
    int[] firstWrite = firstWrites();
    FreeSpace free = new FreeSpace();
    List<List<Integer>> readLast = new ArrayList<>();
    for (int i = 0; i <= nodes.size(); i++) {
      readLast.add(new ArrayList<>(1));
    }
    for (int i = 0; i < nodes.size(); i++) {
      int owner = root(i);
      if (firstWrite[owner] == i && buffer[owner] < 0) {
        buffer[owner] = workspaceBuffer();
        offset[owner] = free.take(rounded(owner));
        readLast.get(Math.max(i, lastUse[owner])).add(owner);
      }
      for (int done : readLast.get(i)) {
        free.giveBack(offset[done], rounded(done));
      }
    }
    workspace = free.largest();
  }

  /// Returns, for each host, the first node that is computed inside it.
  private int[] firstWrites() {
    int[] first = new int[nodes.size()];
    Arrays.fill(first, nodes.size());
    for (int i = nodes.size() - 1; i >= 0; i--) {
      first[root(i)] = i;
    }
    return first;
  }

  private int rounded(int node) {
    long size = Math.max(1, nodes.get(node).shape().size());
    return (int) Math.min(Integer.MAX_VALUE, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }
}
