package org.flowline.neuralode;

import java.util.function.UnaryOperator;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.jvm.JvmBackend;

/// A loss recorded as a tape; see [Objective#traced].
final class TracedObjective implements TwiceDifferentiableObjective {
  private final Tape tape;
  private final int dimension;
  private final Program program;
  private final double[][] in = new double[1][];
  private final double[][] out = {new double[1], null};
  private final double[][] value = {out[0]};
  private final Costs.Account account = new Costs.Account();

  /// The programs of the loss alone and of Hessian products, compiled at first use.
  private Program forward;

  private Program product;

  TracedObjective(int dimension, UnaryOperator<Var> loss) {
    this.tape = Tape.record(Shape.of(dimension), loss);
    this.dimension = dimension;
    this.program = JvmBackend.best().compile(Derivative.gradient(tape));
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    in[0] = theta;
    out[1] = gradient;
    account.gradient();
    program.run(in, out);
    return out[0][0];
  }

  @Override
  public double loss(double tau, double[] theta) {
    if (forward == null) {
      forward = JvmBackend.best().compile(tape);
    }
    in[0] = theta;
    forward.run(in, value);
    return value[0][0];
  }

  @Override
  public Curvature hessian(double tau, double[] theta) {
    if (product == null) {
      product = JvmBackend.best().compile(Derivative.hvp(tape));
    }
    double[] at = theta.clone();
    double[] loss = new double[1];
    double[] gradient = new double[dimension];
    return account.counted(
        (v, hv) -> product.run(new double[][] {at, v}, new double[][] {loss, gradient, hv}));
  }

  @Override
  public Costs costs() {
    return account.costs();
  }
}
