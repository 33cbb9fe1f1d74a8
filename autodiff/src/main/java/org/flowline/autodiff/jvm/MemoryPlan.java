package org.flowline.autodiff.jvm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;

/// Where each value of a tape lies: in an argument array, in a result array, among the constants or
/// in one workspace.
///
/// Reshapes and contiguous slices are views of their operand; the operands of a contiguous
/// concatenation are computed in place inside it; results are computed in the caller's array; the
/// rest shares the workspace, each value for as long as it is read ([FreeSpace]). Buffers
/// are numbered: arguments, results, constants, workspace.
final class MemoryPlan {
  /// Offsets in the workspace are multiples of this, a cache line.
  private static final int ALIGNMENT = 8;

  private final List<Tape.Node> nodes;
  private final int arguments;
  private final int[] outputs;

  /// For a view: the node it lies in, and where; else itself, at 0.
  private final int[] host;

  private final int[] shift;

  /// For a host: its buffer, its offset there, and when it is read last.
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

  /// Whether the node has a place of its own, in no other's.
  boolean isHost(int node) {
    return root(node) == node;
  }

  /// Whether the node needs no instruction, because its value lies in its operand.
  boolean isView(int node) {
    Op op = nodes.get(node).op();
    return op instanceof Op.Reshape
        || op instanceof Op.StopGradient
        || op instanceof Op.Slice slice && contiguous(operandShape(node), slice.axis());
  }

  /// Whether result `k` is computed where the caller wants it; otherwise it is copied there at the
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

  /// Whether parts along `axis` lie in one piece.
  private static boolean contiguous(Shape shape, int axis) {
    return shape.outer(axis) == 1;
  }

  /// The host that is nobody's view, in which all on the way there lie directly from now on: so
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

  /// Lets a value that is computed anew, and needed nowhere in a larger place, live inside the
  /// concatenation it joins.
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

  /// A host is written first when the earliest value inside it is computed.
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
