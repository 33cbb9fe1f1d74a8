package org.flowline.autodiff.backend;

import java.util.ArrayList;
import java.util.List;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Tape;

/// A tape as a list of instructions on planned buffers. Forks share the instructions and the
/// constants.
final class JvmProgram implements Program {
  private final Tape tape;
  private final Instruction[] instructions;
  private final int[] sizes;
  private final int inputs;
  private final int workspace;

  /// Arguments, results (both bound in each run), constants, workspace.
  private final double[][] buffers;

  private JvmProgram(
      Tape tape, Instruction[] instructions, int[] sizes, int workspace, double[][] buffers) {
    this.tape = tape;
    this.instructions = instructions;
    this.sizes = sizes;
    this.inputs = tape.inputShapes().size();
    this.workspace = workspace;
    this.buffers = buffers;
  }

  static JvmProgram compile(Tape tape, Kernels kernels) {
    MemoryPlan plan = new MemoryPlan(tape);
    int[] outputs = tape.outputs();
    List<Instruction> instructions = new ArrayList<>();
    int scratch = 0;
    for (int i = 0; i < tape.nodes().size(); i++) {
      Instruction instruction = Instruction.of(tape, i, plan, kernels, plan.workspaceSize());
      if (instruction != null) {
        instructions.add(instruction);
      }
      if (tape.nodes().get(i).op() instanceof Op.MatMul product && product.transposeB()) {
        int right = tape.nodes().get(i).operands()[1];
        scratch = Math.max(scratch, tape.nodes().get(right).shape().size());
      }
    }
    for (int k = 0; k < outputs.length; k++) {
      if (!plan.isInPlace(k)) {
        instructions.add(Instruction.copyOut(tape, outputs[k], plan, plan.arguments() + k));
      }
    }
    double[][] buffers = new double[plan.workspaceBuffer() + 1][];
    for (int i = 0; i < plan.constants().size(); i++) {
      buffers[plan.arguments() + outputs.length + i] = plan.constants().get(i);
    }
    int workspace = plan.workspaceSize() + scratch;
    buffers[plan.workspaceBuffer()] = new double[workspace];
    List<Integer> sizes = new ArrayList<>();
    tape.inputShapes().forEach(shape -> sizes.add(shape.size()));
    tape.outputShapes().forEach(shape -> sizes.add(shape.size()));
    return new JvmProgram(
        tape,
        instructions.toArray(Instruction[]::new),
        sizes.stream().mapToInt(Integer::intValue).toArray(),
        workspace,
        buffers);
  }

  @Override
  public void run(double[][] in, double[][] out) {
    bind("input", in, 0, inputs);
    bind("output", out, inputs, sizes.length - inputs);
    for (int k = 0; k < out.length; k++) {
      requireOwn(out[k], in, in.length, "an input array");
      requireOwn(out[k], out, k, "another output array");
    }
    for (Instruction instruction : instructions) {
      instruction.run(buffers);
    }
  }

  private static void requireOwn(double[] result, double[][] others, int count, String what) {
    for (int i = 0; i < count; i++) {
      if (result == others[i] && result.length > 0) {
        throw new IllegalArgumentException(
            "run: an output array is " + what + "; want one of its own");
      }
    }
  }

  private void bind(String what, double[][] arrays, int first, int count) {
    if (arrays.length != count) {
      throw new IllegalArgumentException(
          "run: " + arrays.length + " " + what + " arrays, want " + count);
    }
    for (int i = 0; i < count; i++) {
      if (arrays[i].length != sizes[first + i]) {
        throw new IllegalArgumentException(
            "run: "
                + what
                + " "
                + i
                + " has "
                + arrays[i].length
                + " values, want "
                + sizes[first + i]);
      }
      buffers[first + i] = arrays[i];
    }
  }

  @Override
  public Program fork() {
    double[][] own = buffers.clone();
    own[own.length - 1] = new double[workspace];
    return new JvmProgram(tape, instructions, sizes, workspace, own);
  }

  @Override
  public Tape tape() {
    return tape;
  }

  @Override
  public long bytes() {
    return 8L * workspace;
  }
}
