package org.flowline.autodiff.jvm;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;

/// A planned program as a table: for each operation its operands, its shape, the place and the cost
/// of its result; then the results and the buffers. A cell too long for its column ends in `…`.
final class Description {
  private static final String ROW = "  %-6s %-32s %-16s %-14s %-26s %10s";

  private final Tape tape;
  private final List<Tape.Node> nodes;
  private final MemoryPlan plan;

  /// The whole workspace, including the scratch of kernels.
  private final long workspaceBytes;

  Description(Tape tape, MemoryPlan plan, long workspaceBytes) {
    this.tape = tape;
    this.nodes = tape.nodes();
    this.plan = plan;
    this.workspaceBytes = workspaceBytes;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(row("", "operation", "operands", "shape", "lies in", "FLOP"));
    for (int i = 0; i < nodes.size(); i++) {
      Tape.Node node = nodes.get(i);
      long flop = tape.flop(node);
      text.append(
          row(
              "%" + i,
              shortened(node.op().label(), " · ", 32),
              shortened(names(node.operands()), ", ", 16),
              node.shape(),
              place(i),
              flop == 0 ? "" : String.format(Locale.ROOT, "%,d", flop)));
    }
    text.append(row("", "return", names(tape.outputs()), "", "", ""));
    return text.append(buffers()).toString();
  }

  private static String names(int[] ids) {
    return Arrays.stream(ids).mapToObj(id -> "%" + id).collect(Collectors.joining(", "));
  }

  /// Returns the parts of the text that fit into the width.
  private static String shortened(String text, String separator, int width) {
    if (text.length() <= width) {
      return text;
    }
    int end = text.lastIndexOf(separator, width - separator.length() - 1);
    return end < 0
        ? text.substring(0, width - 1) + "…"
        : text.substring(0, end + separator.length()) + "…";
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, ROW, cells).stripTrailing() + "\n";
  }

  private String place(int node) {
    if (plan.isView(node)) {
      return "%" + nodes.get(node).operands()[0];
    }
    int buffer = plan.bufferOf(node);
    if (buffer < plan.arguments()) {
      return "argument " + buffer;
    }
    if (nodes.get(node).op() instanceof Op.Constant) {
      return "constant";
    }
    long from = 8L * plan.offsetOf(node);
    String within =
        String.format(Locale.ROOT, "[%,d, %,d)", from, from + 8L * nodes.get(node).shape().size());
    return buffer == plan.workspaceBuffer()
        ? "workspace " + within
        : "result " + (buffer - plan.arguments()) + " " + within;
  }

  private String buffers() {
    long arguments = bytes(tape.inputShapes());
    long results = bytes(tape.outputShapes());
    long constants = plan.constants().stream().mapToLong(values -> 8L * values.length).sum();
    long tables =
        IntStream.range(0, nodes.size()).mapToLong(i -> 4L * Instruction.tableSize(tape, i)).sum();
    long planned = 8L * plan.workspaceSize();
    long[] sharing = sharing().toArray();
    return String.format(
        Locale.ROOT,
        """
          %,d bytes of arguments and results: %,d in %s, %,d in %s
          %,d bytes of constants in %s, %,d of index tables
          %,d bytes of workspace: %,d for values (%s, side by side %,d), %,d for kernels
          %,d FLOP\
        """,
        arguments + results,
        arguments,
        tape.inputShapes().size(),
        results,
        tape.outputShapes().size(),
        constants,
        plan.constants().size(),
        tables,
        workspaceBytes,
        planned,
        sharing.length,
        Arrays.stream(sharing).sum(),
        workspaceBytes - planned,
        tape.flop());
  }

  /// Returns the bytes of each value that has a place of its own in the workspace.
  private LongStream sharing() {
    return IntStream.range(0, nodes.size())
        .filter(i -> plan.isHost(i) && plan.bufferOf(i) == plan.workspaceBuffer())
        .mapToLong(i -> 8L * nodes.get(i).shape().size());
  }

  private static long bytes(List<Shape> shapes) {
    return shapes.stream().mapToLong(shape -> 8L * shape.size()).sum();
  }
}
