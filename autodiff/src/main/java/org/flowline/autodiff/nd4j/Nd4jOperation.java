package org.flowline.autodiff.nd4j;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.Op;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.custom.CumSum;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erfc;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/// One operation as ND4J calls. Does not change its operands, and may return one of them.
@FunctionalInterface
interface Nd4jOperation {
  INDArray apply(INDArray[] x);

  /// Returns the operation for operands and a result of these shapes. Empty arrays do not reach
  /// ND4J.
  static Nd4jOperation of(Op op, List<Shape> operands, Shape shape) {
    boolean fromNothing = !operands.isEmpty() && operands.stream().allMatch(x -> x.size() == 0);
    if (shape.size() == 0 || fromNothing) {
      INDArray neutral = filled(shape, op instanceof Op.Max ? Double.NEGATIVE_INFINITY : 0);
      return _ -> neutral;
    }
    return switch (op) {
      case Op.Input input -> x -> x[input.index()];
      case Op.Constant constant -> {
        INDArray value = constant(constant, shape);
        yield _ -> value;
      }
      case Op.Unary unary -> {
        UnaryOperator<INDArray> function = unary(unary);
        yield x -> function.apply(x[0]);
      }
      case Op.Power(double p) -> x -> Transforms.pow(x[0], p);
      case Op.Binary binary -> x -> binary(binary, x[0], x[1]);
      case Op.Piecewise pieces ->
          x -> {
            double[] values = new double[pieces.width()];
            pieces.evaluate(x[0].getDouble(0), values, 0);
            return Nd4j.createFromArray(values);
          };
      case Op.Where _ -> x -> select(x[0].neq(0), x[1], x[2]);
      case Op.StopGradient _ -> x -> x[0];
      case Op.MatMul product -> x -> matmul(product, x[0], x[1], shape);
      case Op.Permute(List<Integer> order) -> x -> x[0].permute(ints(order)).dup('c');
      case Op.Broadcast _ -> x -> broadcast(x[0], shape);
      case Op.Sum(List<Integer> axes) -> x -> axes.isEmpty() ? x[0] : x[0].sum(ints(axes));
      case Op.Max(List<Integer> axes) -> x -> axes.isEmpty() ? x[0] : max(x[0], ints(axes));
      case Op.CumulativeSum(int axis, boolean reverse) ->
          x -> Nd4j.exec(new CumSum(x[0], false, reverse, axis))[0];
      case Op.Gather(int axis, List<Integer> indices) -> {
        INDArray positions = Nd4j.createFromArray(ints(indices));
        yield x -> gather(axis, positions, x[0]);
      }
      case Op.Scatter(int axis, List<Integer> indices, int _) -> {
        INDArray positions = Nd4j.createFromArray(ints(indices));
        INDArray zeros = filled(shape, 0).swapAxes(0, axis);
        yield x -> scatter(zeros, positions, x[0].swapAxes(0, axis)).swapAxes(0, axis).dup('c');
      }
      case Op.Windows windows -> {
        INDArray sources = Nd4j.createFromArray(windows.sources(operands.getFirst()));
        yield x -> reshape(gather(0, sources, flat(x[0])), shape);
      }
      case Op.Overlap(Op.Windows windows, Shape _) -> {
        INDArray targets = Nd4j.createFromArray(windows.sources(shape));
        INDArray zeros = filled(Shape.of(shape.size()), 0);
        yield x -> reshape(scatter(zeros, targets, flat(x[0])), shape);
      }
      case Op.Fused(Shape _, Tape body) -> {
        Nd4jProgram program = Nd4jProgram.compile(body);
        yield x -> program.results(broadcast(x, shape))[0];
      }
      case Op.Reshape _ -> x -> reshape(x[0], shape);
      case Op.Slice(int axis, int from, int to) -> x -> slice(x[0], axis, from, to);
      case Op.Pad(int axis, int before, int after) -> {
        int[][] widths = new int[shape.rank()][2];
        widths[axis] = new int[] {before, after};
        yield x -> Nd4j.pad(x[0], widths);
      }
      case Op.Concat(int axis) ->
          x ->
              Nd4j.concat(
                  axis, Arrays.stream(x).filter(part -> !part.isEmpty()).toArray(INDArray[]::new));
    };
  }

  private static UnaryOperator<INDArray> unary(Op.Unary op) {
    return switch (op) {
      case NEG -> INDArray::neg;
      case ABS -> Transforms::abs;
      case SIGN -> x -> select(x.isNaN(), x, Transforms.sign(x));
      case STEP -> x -> number(x.gt(0));
      case EXP -> Transforms::exp;
      case EXPM1 -> Nd4jOperation::expm1;
      case LOG -> Transforms::log;
      case LOG1P -> Nd4jOperation::log1p;
      case SQRT -> Transforms::sqrt;
      case SIN -> Transforms::sin;
      case COS -> Transforms::cos;
      case TANH -> Transforms::tanh;
      case SIGMOID -> Transforms::sigmoid;
      case SOFTPLUS -> x -> Transforms.relu(x).add(log1p(Transforms.exp(Transforms.abs(x).neg())));
      case RELU -> Transforms::relu;
      case ERF -> x -> Nd4j.exec(new Erf(x, x.ulike()));
      case ERFC -> x -> Nd4j.exec(new Erfc(x, x.ulike()));
    };
  }

  private static INDArray binary(Op.Binary op, INDArray a, INDArray b) {
    return switch (op) {
      case ADD -> a.add(b);
      case SUB -> a.sub(b);
      case MUL -> a.mul(b);
      case DIV -> a.div(b);
      case POW -> power(a, b);
      case GREATER -> number(a.gt(b));
      case GREATER_EQUAL -> number(Transforms.greaterThanOrEqual(a, b));
      case EQUAL -> number(a.eq(b));
    };
  }

  /// `aᵇ` with the edge values of Java, where ±1 to an infinite power is NaN, as `b − b` is.
  private static INDArray power(INDArray a, INDArray b) {
    INDArray power = Transforms.pow(a, b);
    return select(Transforms.abs(a).eq(1), power.add(b.sub(b)), power);
  }

  /// `(u − 1)·x/ln u` with the rounded `u = eˣ` (Kahan); ND4J's own function loses digits near 0.
  private static INDArray expm1(INDArray x) {
    INDArray u = Transforms.exp(x);
    INDArray near = u.sub(1).mul(x).div(Transforms.log(u));
    return select(u.eq(1), x, select(Transforms.abs(x).gt(1), u.sub(1), near));
  }

  /// `ln u·x/(u − 1)` with the rounded `u = 1 + x` (Kahan); ND4J's own function loses digits near
  /// 0.
  private static INDArray log1p(INDArray x) {
    INDArray u = x.add(1);
    INDArray log = Transforms.log(u);
    INDArray near = log.mul(x).div(u.sub(1));
    return select(u.eq(1), x, select(Transforms.abs(x).gt(1), log, near));
  }

  private static INDArray matmul(Op.MatMul op, INDArray a, INDArray b, Shape shape) {
    int rank = shape.rank();
    int matrices = shape.outer(rank - 2);
    INDArray[] products = new INDArray[matrices];
    for (int k = 0; k < matrices; k++) {
      INDArray left = a.tensorAlongDimension(k, rank - 2, rank - 1);
      INDArray right = b.tensorAlongDimension(k, rank - 2, rank - 1);
      products[k] = Nd4j.gemm(left, right, op.transposeA(), op.transposeB());
    }
    return reshape(Nd4j.stack(0, products), shape);
  }

  /// The maximum, NaN if there is a NaN; ND4J's own maximum ignores NaN.
  private static INDArray max(INDArray x, int[] axes) {
    INDArray max = x.max(axes);
    INDArray nan = number(x.isNaN()).max(axes).gt(0);
    return select(nan, x.sum(axes), max);
  }

  private static INDArray[] broadcast(INDArray[] x, Shape shape) {
    return Arrays.stream(x).map(each -> broadcast(each, shape)).toArray(INDArray[]::new);
  }

  private static INDArray broadcast(INDArray x, Shape shape) {
    if (x.length() == shape.size()) {
      return reshape(x, shape);
    }
    long[] own = x.shape();
    long[] aligned = new long[shape.rank()];
    Arrays.fill(aligned, 1);
    System.arraycopy(own, 0, aligned, aligned.length - own.length, own.length);
    return x.reshape('c', aligned).broadcast(dims(shape));
  }

  private static INDArray gather(int axis, INDArray positions, INDArray x) {
    return exec(
        DynamicCustomOp.builder("gather").addInputs(x, positions).addIntegerArguments(axis));
  }

  /// Adds each part of `x` to `zeros` at its position along the first axis. The `true` is a lock,
  /// without which parts at the same position are lost in a race.
  private static INDArray scatter(INDArray zeros, INDArray positions, INDArray x) {
    return exec(
        DynamicCustomOp.builder("scatter_add")
            .addInputs(zeros, positions, x)
            .addBooleanArguments(true));
  }

  private static INDArray select(INDArray condition, INDArray a, INDArray b) {
    return exec(DynamicCustomOp.builder("select").addInputs(condition, a, b));
  }

  private static INDArray exec(DynamicCustomOp.DynamicCustomOpsBuilder op) {
    CustomOp built = op.build();
    return Nd4j.exec(built)[0];
  }

  private static INDArray slice(INDArray x, int axis, int from, int to) {
    INDArrayIndex[] indices = new INDArrayIndex[x.rank()];
    Arrays.fill(indices, NDArrayIndex.all());
    indices[axis] = NDArrayIndex.interval(from, to);
    return x.get(indices).dup('c');
  }

  /// 1 where `condition` holds, else 0.
  private static INDArray number(INDArray condition) {
    return condition.castTo(DataType.DOUBLE);
  }

  private static INDArray flat(INDArray x) {
    return reshape(x, Shape.of((int) x.length()));
  }

  private static INDArray reshape(INDArray x, Shape shape) {
    return x.reshape('c', dims(shape));
  }

  private static INDArray constant(Op.Constant constant, Shape shape) {
    double[] values = new double[shape.size()];
    constant.copyTo(values, 0);
    return Nd4jArrays.array(values, shape);
  }

  private static INDArray filled(Shape shape, double value) {
    return constant(Op.Constant.filled(shape, value), shape);
  }

  private static long[] dims(Shape shape) {
    return Arrays.stream(shape.dims()).asLongStream().toArray();
  }

  private static int[] ints(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }
}
