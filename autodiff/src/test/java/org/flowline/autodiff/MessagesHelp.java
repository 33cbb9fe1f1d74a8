package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.jvm.JvmBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Each error gives the operation, the values, the requirement and a remedy.
class MessagesHelp {
  private static final Shape MATRIX = Shape.of(2, 3);

  private static void says(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }

  private static Executable recording(UnaryOperator<Var> program) {
    return () -> Tape.record(MATRIX, program);
  }

  @Test
  void ofShapes() {
    says("shape: [2, -1] has a negative dimension; want 0 or more", () -> Shape.of(2, -1));
    says(
        "shape: [65536, 65536] has more than 2³¹ − 1 values; split it",
        () -> Shape.of(65536, 65536));
    says(
        "shape: [100000, 100000, 0] has no values, but lengths that multiply to more than 2³¹ − 1;"
            + " split it",
        () -> Shape.of(100_000, 100_000, 0));
    says(
        "shape: [0, 100000, 100000] has no values, but lengths that multiply to more than 2³¹ − 1;"
            + " split it",
        () -> Shape.of(0, 100_000, 100_000));
    says("dim: axis 2 of [2, 3]; want -2 … 1", () -> MATRIX.dim(2));
    says("axis: axis 2 of [2, 3]; want -2 … 1", () -> MATRIX.axis(2));
    says("with: axis 2 of [2, 3]; want -2 … 1", () -> MATRIX.with(2, 1));
    says("inner: axis 2 of [2, 3]; want -2 … 1", () -> MATRIX.inner(2));
    says("sum: axis -3 of [2, 3]; want -2 … 1", recording(x -> x.sum(-3)));
    says("without: axis -3 of [2, 3]; want -2 … 1", () -> MATRIX.without(-3));
    says("outer: axis 2 of [2, 3]; want -2 … 1", () -> MATRIX.outer(2));
    assertEquals(Shape.of(2), MATRIX.without(-1));
    assertEquals(3, MATRIX.inner(-2));
    assertEquals(2, MATRIX.outer(-1));
    says("sum: axis 0 of [], a scalar without axes; want none", recording(x -> x.sum().sum(0)));
    says(
        "crossEntropy: axis -1 of [], a scalar without axes; want none",
        recording(x -> x.sum().crossEntropy(x.sum())));
    says(
        "add: shapes [2, 3] and [3, 2] do not broadcast at axis 0; want equal lengths or a 1",
        recording(x -> x.add(x.reshape(3, 2))));
  }

  @Test
  void ofOperations() {
    says(
        "matmul: inner dimensions differ, [2, 3] × [2, 3]; transpose one side?",
        recording(x -> x.matmul(x)));
    says(
        "matmul: inner dimensions differ, [2, 3]ᵀ × [2, 3]ᵀ; transpose one side?",
        recording(x -> x.transpose().matmul(x.transpose())));
    says(
        "matmul: [2, 3] × [6]; want two matrices, or stacks of as many matrices",
        recording(x -> x.matmul(x.reshape(6))));
    says(
        "matmul: inner dimensions differ, [1, 2, 3] × [2, 3]; transpose one side?",
        recording(x -> x.reshape(1, 2, 3).matmul(x)));
    says(
        "matmul: inner dimensions differ, [2, 1, 3] × [2, 3, 1]ᵀ; transpose one side?",
        recording(x -> x.reshape(2, 1, 3).matmul(x.reshape(2, 3, 1).transpose())));
    says(
        "matmul of [2, 1, 3] × [3, 3, 1]: shapes [2] and [3] do not broadcast at axis 0; want equal"
            + " lengths or a 1",
        recording(x -> x.reshape(2, 1, 3).matmul(x.reshape(2, 3, 1).gather(0, 0, 1, 0))));
    says("transpose: [6]; want two axes or more", recording(x -> x.reshape(6).transpose()));
    says(
        "broadcast: [2, 3] does not broadcast to [1, 3]",
        recording(x -> x.broadcast(Shape.of(1, 3))));
    says(
        "broadcast: shapes [2, 3] and [4, 3] do not broadcast at axis 0; want equal lengths or a 1",
        recording(x -> x.broadcast(Shape.of(4, 3))));
    says("reshape: [2, 3] has 6 values, [4] wants 4", recording(x -> x.reshape(4)));
    says(
        "slice: [1, 4) along axis 1 of [2, 3]; want 0 ≤ from ≤ to ≤ 3",
        recording(x -> x.slice(-1, 1, 4)));
    says(
        "slice: [2, 1) along axis 0 of [2, 3]; want 0 ≤ from ≤ to ≤ 2",
        recording(x -> x.slice(0, 2, 1)));
    says("pad: -1 before and 0 after; want 0 or more", recording(x -> x.pad(0, -1, 0)));
    says(
        "piecewise: of [2, 3]; want one number",
        recording(x -> x.piecewise(new double[1], new double[2])));
    says(
        "piecewise: 1 knots; want one or more, finite and ascending, and for each degree a row for each of the pieces, one more than knots",
        recording(x -> x.sum().piecewise(new double[1], new double[3])));
    says("concat: no operands; want one or more", () -> Var.concat(0, List.of()));
    says(
        "concat: [2, 3], [3, 2] along axis 0; want equal lengths along the other axes",
        recording(x -> Var.concat(0, List.of(x, x.reshape(3, 2)))));
    says(
        "concat: [2, 3], [6] along axis 0; want equal lengths along the other axes",
        recording(x -> Var.concat(0, List.of(x, x.reshape(6)))));
    says("concat: axis 7 of [2, 3]; want -2 … 1", recording(x -> Var.concat(7, List.of(x))));
    says(
        "pad: 2147483649 positions along axis 0; want less than 2³¹: split it",
        recording(x -> x.pad(0, Integer.MAX_VALUE, 0)));
    says(
        "concat: 4294967294 positions along axis 0; want less than 2³¹: split it",
        recording(
            x -> {
              Var row = x.sum().broadcast(Shape.of(Integer.MAX_VALUE));
              return Var.concat(0, List.of(row, row));
            }));
    says("constant: 2 values for [3]; want 3", recording(x -> x.constant(Shape.of(3), 1, 2)));
    says(
        "add: shapes [2, 3] and [] differ; broadcast first",
        recording(x -> x.recorder.emit(Op.Binary.ADD, x, x.sum())));
  }

  @Test
  void ofMovesAndWindows() {
    says(
        "permute: order [0, 0] of the axes of [2, 3]; want each axis once",
        recording(x -> x.permute(0, 0)));
    says(
        "permute: order [1] of the axes of [2, 3]; want each axis once",
        recording(x -> x.permute(1)));
    says(
        "gather: position 3 along axis 1 of [2, 3]; want 0 ≤ position < 3",
        recording(x -> x.gather(-1, 0, 3)));
    says(
        "gather: position -1 along axis 0 of [2, 3]; want 0 ≤ position < 2",
        recording(x -> x.gather(0, -1)));
    says(
        "scatter: 1 positions for axis 1 of [2, 3]",
        recording(x -> x.recorder.emit(new Op.Scatter(1, List.of(0), 4), x)));
    says("cumulativeSum: axis 2 of [2, 3]; want -2 … 1", recording(x -> x.cumulativeSum(2)));
    says(
        "cumulativeSumFromEnd: axis 2 of [2, 3]; want -2 … 1",
        recording(x -> x.cumulativeSumFromEnd(2)));
    says("mean: axis 2 of [2, 3]; want -2 … 1", recording(x -> x.mean(2)));
    says("max: axis 2 of [2, 3]; want -2 … 1", recording(x -> x.max(2)));
    says("min: axis 2 of [2, 3]; want -2 … 1", recording(x -> x.min(2)));
    says("logSumExp: axis 2 of [2, 3]; want -2 … 1", recording(x -> x.logSumExp(2)));
    says("logSoftmax: axis 2 of [2, 3]; want -2 … 1", recording(x -> x.logSoftmax(2)));
    says("gather: axis 2 of [2, 3]; want -2 … 1", recording(x -> x.gather(2, 0)));
    says("slice: axis 2 of [2, 3]; want -2 … 1", recording(x -> x.slice(2, 0, 1)));
    says("pad: axis 2 of [2, 3]; want -2 … 1", recording(x -> x.pad(2, 0, 1)));
    says("softmax: axis 2 of [2, 3]; want -2 … 1", recording(x -> x.softmax(2)));
    says(
        "windows: 4 positions wide along axis 1 of [2, 3]; pad it, or take smaller windows",
        recording(x -> x.windows(new int[] {4}, 1)));
    says(
        "windows: 4294967295 positions wide along axis 1 of [2, 3]; pad it, or take smaller windows",
        recording(
            x ->
                x.recorder.emit(
                    new Op.Windows(List.of(3), List.of(1), List.of(Integer.MAX_VALUE)), x)));
    says(
        "windows: sizes [2], strides [0], dilations [1]; want 1 or more each",
        recording(x -> x.windows(new int[] {2}, 0)));
    says(
        "windows: sizes [2], strides [], dilations [1]; want as many of each",
        () -> new Op.Windows(List.of(2), List.of(), List.of(1)));
    says(
        "windows: [2, 3]; want an axis for each of the sizes [1, 1, 1]",
        recording(x -> x.windows(new int[] {1, 1, 1}, 1)));
    says(
        "overlap: [2, 3] are not the windows of [4]",
        recording(
            x ->
                x.recorder.emit(
                    new Op.Overlap(new Op.Windows(List.of(2), List.of(1), List.of(1)), Shape.of(4)),
                    x)));
    says(
        "convolve: [2, 3] with [2, 3]; want [n, c, s…] and [o, c, k…]",
        recording(x -> x.convolve(x, 1)));
    says(
        "convolve: [1, 2, 3] with [2, 3, 1]; want [n, c, s…] and [o, c, k…]",
        recording(x -> x.reshape(1, 2, 3).convolve(x.reshape(2, 3, 1), 1)));
    says(
        "convolve: strides [1], paddings [], dilations [1, 1] over axes [3]; want one of each for each",
        recording(
            x -> {
              Var y = x.reshape(1, 2, 3);
              return y.convolve(y, new int[] {1}, new int[0], new int[] {1, 1});
            }));
  }

  @Test
  void ofChoices() {
    says(
        "where: shapes [3, 2] and [2, 3] do not broadcast at axis 0; want equal lengths or a 1",
        recording(x -> x.where(x.reshape(3, 2), x)));
    says(
        "where: shapes [[2, 3], [2, 3], []] differ; broadcast first",
        recording(x -> x.recorder.emit(new Op.Where(), x, x, x.sum())));
    says("clamp: to [2.0, 1.0]; want low ≤ high", recording(x -> x.clamp(2, 1)));
    says("clamp: to [NaN, 1.0]; want low ≤ high", recording(x -> x.clamp(Double.NaN, 1)));
    says("clampMin: to NaN; want a number", recording(x -> x.clampMin(Double.NaN)));
    says("clampMax: to NaN; want a number", recording(x -> x.clampMax(Double.NaN)));
    says("stack: no operands; want one or more", () -> Var.stack(0, List.of()));
    says(
        "stack: parts [2, 3] and [3, 2]; want one shape",
        recording(x -> Var.stack(0, List.of(x, x.transpose()))));
    says(
        "crossEntropy: logits [2, 3] and p [3]; want one shape",
        recording(x -> x.crossEntropy(x.sum(0))));
    says("stack: axis 3 for parts [2, 3]; want 0 … 2", recording(x -> Var.stack(3, List.of(x, x))));
    says(
        "matmul: [2, 2, 3] × [3, 3, 2]; want two matrices, or stacks of as many matrices",
        recording(
            x ->
                x.recorder.emit(
                    new Op.MatMul(false, false),
                    x.broadcast(Shape.of(2, 2, 3)),
                    x.transpose().broadcast(Shape.of(3, 3, 2)))));
  }

  @Test
  void ofTapesAndDerivatives() {
    Tape tape = Tape.record(MATRIX, Var::exp);
    says(
        "apply: arguments [[3, 2]], want [[2, 3]]",
        recording(x -> tape.apply(List.of(x.reshape(3, 2))).getFirst()));
    says("select: no output 7; want one of the 1, counted from 0", () -> tape.select(7));
    says("select: no output -1; want one of the 1, counted from 0", () -> tape.select(0, -1));
    Tape nothing = Tape.record(List.of(), _ -> List.of());
    assertEquals(List.of(), nothing.apply(List.of()));
    says(
        "apply: arguments [[2, 3]], want []", recording(x -> nothing.apply(List.of(x)).getFirst()));
    says(
        "gradient: outputs [[2, 3]]; want one scalar: take a sum, or vjp",
        () -> Derivative.gradient(tape));
    says("hvp: outputs [[2, 3]]; want one scalar: take a sum, or vjp", () -> Derivative.hvp(tape));
    says(
        "hessian: outputs [[2, 3]]; want one scalar: take a sum, or vjp",
        () -> Derivative.hessian(tape));
    says("vjp: no input 1; want one of the 1, counted from 0", () -> Derivative.vjp(tape, 1));
    says("vjp: no input -1; want one of the 1, counted from 0", () -> Derivative.vjp(tape, 0, -1));
    says(
        "gradient: no input 1; want one of the 1, counted from 0",
        () -> Derivative.gradient(Tape.record(MATRIX, Var::sum), 1));
    says(
        "divergence: no input 1; want one of the 1, counted from 0",
        () -> Derivative.divergence(tape, 1));
    says(
        "hutchinson: no input 1; want one of the 1, counted from 0",
        () -> Derivative.hutchinson(tape, 1));
    says(
        "gradient check: gradient of length 1 at a point of length 2",
        () -> GradientCheck.of(_ -> 0, new double[1], new double[2]));
  }

  @Test
  void ofRuns() {
    Program program =
        JvmBackend.best()
            .compile(Tape.record(List.of(Shape.of(2)), in -> List.of(in.get(0), in.get(0).exp())));
    double[] x = new double[2];
    double[] y = new double[2];
    double[] z = new double[2];
    says("run: 2 input arrays, want 1", () -> program.run(new double[][] {x, x}, new double[0][]));
    says("run: 1 output arrays, want 2", () -> program.run(new double[][] {x}, new double[][] {y}));
    says(
        "run: input 0 has 3 values, want 2",
        () -> program.run(new double[][] {new double[3]}, new double[][] {y, z}));
    says(
        "run: output 1 has 1 values, want 2",
        () -> program.run(new double[][] {x}, new double[][] {y, new double[1]}));
    says(
        "run: an output array is an input array; want one of its own",
        () -> program.run(new double[][] {x}, new double[][] {y, x}));
    says(
        "run: an output array is another output array; want one of its own",
        () -> program.run(new double[][] {x}, new double[][] {y, y}));
  }

  @Test
  void ofNull() {
    says("record: result 0 is null; want a Var", recording(_ -> null));
    says(
        "record: result 1 is null; want a Var",
        () -> Tape.record(List.of(MATRIX), in -> Arrays.asList(in.getFirst(), null)));
    says(
        "record: the program returned null; want a list of its results",
        () -> Tape.record(List.of(MATRIX), _ -> null));
    says("add: operand is null; want a Var", recording(x -> x.add((Var) null)));
    says("matmul ·: operand is null; want a Var", recording(x -> x.matmul(null)));
    says("where: operand is null; want a Var", recording(x -> x.where(null, x)));
    says("convolve: operand is null; want a Var", recording(x -> x.convolve(null, 1)));
    says("crossEntropy: operand is null; want a Var", recording(x -> x.crossEntropy(null)));
    says("stack: operand is null; want a Var", recording(_ -> Var.stack(0, nulls())));
    says("concat: operand is null; want a Var", recording(_ -> Var.concat(0, nulls())));
    Program program = JvmBackend.best().compile(Tape.record(Shape.of(2), Var::exp));
    double[][] x = {{1, 2}};
    says("run: input arrays are null, want 1", () -> program.run(null, x));
    says("run: output arrays are null, want 1", () -> program.run(x, null));
    says("run: input 0 is null, want 2 values", () -> program.run(new double[][] {null}, x));
    says("run: output 0 is null, want 2 values", () -> program.run(x, new double[][] {null}));
  }

  private static List<Var> nulls() {
    return Collections.singletonList(null);
  }

  @Test
  void ofCompiling() {
    for (int size : new int[] {1 << 30, Integer.MAX_VALUE}) {
      Tape large =
          Tape.record(
              Shape.scalar(),
              x -> x.broadcast(Shape.of(size)).cumulativeSum(0).cumulativeSum(0).sum());
      says(
          "compile: a workspace of more than 2³¹ − 1 numbers; split the program or its batch",
          () -> JvmBackend.scalar().compile(large));
    }
  }

  @Test
  void ofParameters() {
    Parameters parameters = Parameters.none().with("weight", 2, 3).with("bias", 3);
    says(
        "parameters: \"bias\" is there already; want a new name", () -> parameters.with("bias", 1));
    says(
        "parameters: with \"more\" more than 2³¹ − 1 numbers; split the model",
        () -> parameters.with("more", Integer.MAX_VALUE - 8));
    says("parameters: no \"wieght\"; there are [weight, bias]", () -> parameters.entry("wieght"));
    says(
        "parameters: θ has shape [2, 3], want [9]", recording(x -> parameters.of(x).get("weight")));
    says(
        "parameters: no \"first.bias\"; there are [weight, bias]",
        () -> Tape.record(Shape.of(9), x -> parameters.of(x).part("first").get("bias")));
  }
}
