package org.flowline.autodiff.jvm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.flowline.autodiff.Layout;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.kernels.Kernels;

/// A chain of element-wise operations, evaluated block by block, so that intermediate values stay
/// in the first-level cache. A block is some whole rows of the result, or a part of one long row.
/// The pullback of `tanh` has a loop of its own: one pass instead of three.
final class FusedLoop implements Instruction {
  /// The largest block in elements; a few blocks fit the cache.
  static final int BLOCK = 1024;

  private final Op[] ops;
  private final int[][] operands;
  private final int result;

  /// For a node that is an operand of the chain: its place, its layout, and whether it is read in
  /// place.
  private final Place[] places;

  private final Layout[] layouts;
  private final boolean[] inPlace;

  /// For a node that is a constant number: a block of it.
  private final double[][] known;

  /// The block of scratch that holds the value of a node.
  private final int[] slot;

  private final Place out;
  private final Kernels kernels;
  private final int workspace;
  private final int scratch;
  private final int rows;
  private final int columns;

  /// The largest block of this chain, in elements.
  private final int block;

  /// The number of whole rows in a block; 1 where a row is longer than a block.
  private final int height;

  /// For the product in `g·(1 − y·y)`, the pullback of `tanh`, where it runs in one loop: the node
  /// `y`; else −1.
  private final int[] tanh;

  /// The nodes that such a loop computes.
  private final boolean[] within;

  private final Kernels.Grid[] grids;
  private final Kernels.Grid[] lastGrids;

  FusedLoop(
      Tape tape, int node, Place[] x, Place out, Kernels kernels, int workspace, int scratch) {
    Tape.Node fused = tape.nodes().get(node);
    Tape body = ((Op.Fused) fused.op()).body();
    int n = body.nodes().size();
    this.ops = new Op[n];
    this.operands = new int[n][];
    for (int i = 0; i < n; i++) {
      ops[i] = body.nodes().get(i).op();
      operands[i] = body.nodes().get(i).operands();
    }
    this.result = body.outputs()[0];
    this.block = Math.min(BLOCK, out.size());
    this.out = out;
    this.kernels = kernels;
    this.workspace = workspace;
    this.scratch = scratch;
    List<Shape> shapes = new ArrayList<>();
    for (Place place : x) {
      shapes.add(place.shape());
    }
    this.columns = Layout.rowLength(shapes, out.shape());
    this.rows = columns == 0 ? 0 : out.size() / columns;
    this.places = new Place[n];
    this.layouts = new Layout[n];
    this.inPlace = new boolean[n];
    this.known = new double[n][];
    for (int i = 0; i < n; i++) {
      if (ops[i] instanceof Op.Input input) {
        Layout layout = Layout.of(shapes.get(input.index()), out.shape(), columns);
        places[i] = x[input.index()];
        layouts[i] = layout;
        inPlace[i] = layout == Layout.WHOLE || layout == Layout.ROW && onlyInBinaries(i);
        Op source = tape.nodes().get(fused.operands()[input.index()]).op();
        if (layout == Layout.NUMBER && source instanceof Op.Constant constant) {
          known[i] = new double[block];
          Arrays.fill(known[i], constant.value());
        }
      }
    }
    this.tanh = new int[n];
    this.within = new boolean[n];
    joinTanhPullbacks();
    this.slot = slots();
    this.height = Math.clamp(BLOCK / Math.max(1, columns), 1, Math.max(1, rows));
    this.grids = grids(height, Math.min(columns, BLOCK));
    this.lastGrids = columns <= BLOCK ? grids(rows % height, columns) : grids(1, columns % BLOCK);
  }

  static int scratchSize(Tape body, Shape target) {
    return body.nodes().size() * Math.min(BLOCK, target.size());
  }

  /// Finds the pullbacks of `tanh` whose `y` is read in place; a block of scratch might be reused.
  private void joinTanhPullbacks() {
    int[] uses = new int[ops.length];
    uses[result]++;
    for (int[] x : operands) {
      for (int operand : x) {
        uses[operand]++;
      }
    }
    Arrays.fill(tanh, -1);
    for (int i = 0; i < ops.length; i++) {
      if (ops[i] != Op.Binary.MUL || isRow(operands[i][0])) {
        continue;
      }
      int slope = operands[i][1];
      if (ops[slope] != Op.Binary.SUB || uses[slope] != 1 || !isOne(operands[slope][0])) {
        continue;
      }
      int square = operands[slope][1];
      if (ops[square] != Op.Binary.MUL || uses[square] != 1) {
        continue;
      }
      int y = operands[square][0];
      if (y == operands[square][1] && inPlace[y] && !isRow(y)) {
        tanh[i] = y;
        within[slope] = true;
        within[square] = true;
      }
    }
  }

  private boolean isOne(int node) {
    return known[node] != null && known[node][0] == 1;
  }

  /// Assigns blocks of scratch; a block is reused after the last read of its value. A number that
  /// is laid out once for all blocks keeps its block.
  private int[] slots() {
    int[] lastUse = new int[ops.length];
    for (int i = 0; i < ops.length; i++) {
      for (int operand : operands[i]) {
        lastUse[operand] = i;
      }
    }
    int[] slots = new int[ops.length];
    Arrays.fill(slots, -1);
    Deque<Integer> free = new ArrayDeque<>();
    int next = 0;
    for (int i = 0; i < ops.length; i++) {
      if (inPlace[i] || known[i] != null) {
        continue;
      }
      for (int operand : operands[i]) {
        if (lastUse[operand] == i && slots[operand] >= 0 && layouts[operand] != Layout.NUMBER) {
          free.push(slots[operand]);
          lastUse[operand] = -1; // given back once, though it may be read twice
        }
      }
      slots[i] = free.isEmpty() ? next++ : free.pop();
    }
    return slots;
  }

  /// Returns the row strides of each operation of two operands.
  private Kernels.Grid[] grids(int blockHeight, int width) {
    Kernels.Grid[] all = new Kernels.Grid[ops.length];
    for (int i = 0; i < all.length; i++) {
      if (ops[i] instanceof Op.Binary) {
        boolean a = isRow(operands[i][0]);
        boolean b = isRow(operands[i][1]);
        all[i] =
            a || b
                ? new Kernels.Grid(blockHeight, width, a ? 0 : width, b ? 0 : width)
                : Kernels.Grid.flat(blockHeight * width);
      }
    }
    return all;
  }

  private boolean isRow(int node) {
    return inPlace[node] && layouts[node] == Layout.ROW;
  }

  /// Returns whether only operations of two operands, which read a repeated row in place, read it.
  private boolean onlyInBinaries(int node) {
    for (int i = 0; i < ops.length; i++) {
      for (int operand : operands[i]) {
        if (operand == node && !(ops[i] instanceof Op.Binary)) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public void run(double[][] buffers) {
    for (int i = 0; i < ops.length; i++) {
      if (layouts[i] == Layout.NUMBER && known[i] == null) {
        int at = scratch + slot[i] * block;
        double value = buffers[places[i].buffer()][places[i].offset()];
        Arrays.fill(buffers[workspace], at, at + block, value);
      }
    }
    if (columns > BLOCK) {
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column += BLOCK) {
          block(buffers, row, 1, column, Math.min(BLOCK, columns - column));
        }
      }
    } else {
      for (int row = 0; row < rows; row += height) {
        block(buffers, row, Math.min(height, rows - row), 0, columns);
      }
    }
  }

  private void block(double[][] buffers, int row, int blockHeight, int column, int width) {
    int n = blockHeight * width;
    boolean regular = blockHeight == height && width == Math.min(columns, BLOCK);
    Kernels.Grid[] how = regular ? grids : lastGrids;
    for (int i = 0; i < ops.length; i++) {
      if (places[i] != null) {
        layOut(buffers, i, row, blockHeight, column, width);
        continue;
      }
      if (within[i]) {
        continue;
      }
      boolean last = i == result;
      double[] to = buffers[last ? out.buffer() : workspace];
      int at = last ? out.offset() + row * columns + column : scratch + slot[i] * block;
      int[] x = operands[i];
      double[] a = array(buffers, x[0]);
      int ao = offset(x[0], row, column);
      if (tanh[i] >= 0) {
        double[] y = array(buffers, tanh[i]);
        kernels.tanhPullback(a, ao, y, offset(tanh[i], row, column), to, at, n);
        continue;
      }
      switch (ops[i]) {
        case Op.Unary op -> kernels.unary(op, a, ao, to, at, n);
        case Op.Power(double p) -> kernels.power(p, a, ao, to, at, n);
        case Op.Binary op -> {
          double[] b = array(buffers, x[1]);
          kernels.binary(op, how[i], a, ao, b, offset(x[1], row, column), to, at);
        }
        case Op.Where _ -> {
          double[] b = array(buffers, x[1]);
          double[] c = array(buffers, x[2]);
          int bo = offset(x[1], row, column);
          kernels.where(a, ao, b, bo, c, offset(x[2], row, column), to, at, n);
        }
        default -> throw new IllegalStateException(ops[i].label() + " in an element-wise chain");
      }
    }
  }

  /// Lays out an operand that repeats within a block, unless it is read in place.
  private void layOut(
      double[][] buffers, int node, int row, int blockHeight, int column, int width) {
    Place place = places[node];
    double[] from = buffers[place.buffer()];
    double[] to = buffers[workspace];
    int at = scratch + slot[node] * block;
    if (layouts[node] == Layout.COLUMN) {
      for (int i = 0; i < blockHeight; i++) {
        double value = from[place.offset() + row + i];
        Arrays.fill(to, at + i * width, at + (i + 1) * width, value);
      }
    } else if (layouts[node] == Layout.ROW && !inPlace[node]) {
      for (int i = 0; i < blockHeight; i++) {
        System.arraycopy(from, place.offset() + column, to, at + i * width, width);
      }
    }
  }

  private double[] array(double[][] buffers, int node) {
    if (known[node] != null) {
      return known[node];
    }
    return buffers[inPlace[node] ? places[node].buffer() : workspace];
  }

  private int offset(int node, int row, int column) {
    if (!inPlace[node]) {
      return known[node] != null ? 0 : scratch + slot[node] * block;
    }
    int from = places[node].offset() + column;
    return layouts[node] == Layout.ROW ? from : from + row * columns;
  }
}
