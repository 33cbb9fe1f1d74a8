package org.flowline.autodiff.jvm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.kernels.Kernels;

/// A tape compiled to a list of instructions on planned buffers. Forks share the instructions and
/// the constants.
final class JvmProgram implements Program {
  private final Tape tape;
  private final Kernels kernels;
  private final Instruction[] instructions;
  private final int workspace;

  /// Arguments and results (only during a run), constants, workspace.
  private final double[][] buffers;

  private JvmProgram(
      Tape tape, Kernels kernels, Instruction[] instructions, int workspace, double[][] buffers) {
    this.tape = tape;
    this.kernels = kernels;
    this.instructions = instructions;
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
      scratch = Math.max(scratch, Instruction.scratchSize(tape, i, kernels));
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
    return new JvmProgram(
        tape, kernels, instructions.toArray(new Instruction[0]), workspace, buffers);
  }

  @Override
  public void run(double[][] in, double[][] out) {
    tape.requireArguments(in, out);
    System.arraycopy(in, 0, buffers, 0, in.length);
    System.arraycopy(out, 0, buffers, in.length, out.length);
    try {
      for (Instruction instruction : instructions) {
        instruction.run(buffers);
      }
    } finally {
      Arrays.fill(buffers, 0, in.length + out.length, null);
    }
  }

  @Override
  public Program fork() {
    double[][] own = buffers.clone();
    own[own.length - 1] = new double[workspace];
    return new JvmProgram(tape, kernels, instructions, workspace, own);
  }

  @Override
  public Tape tape() {
    return tape;
  }

  @Override
  public long bytes() {
    return 8L * workspace;
  }

  @Override
  public String describe() {
    return new Description(tape, new MemoryPlan(tape), bytes()).toString();
  }

  /// Returns a line such as `program [[5, 2], [2, 3]] → [[3]] on VectorKernels`.
  @Override
  public String toString() {
    return "program %s → %s on %s"
        .formatted(tape.inputShapes(), tape.outputShapes(), kernels.getClass().getSimpleName());
  }
}
