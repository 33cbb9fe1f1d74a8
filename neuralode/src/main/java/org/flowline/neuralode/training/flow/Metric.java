package org.flowline.neuralode.training.flow;

import java.util.function.UnaryOperator;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.neuralode.TwiceDifferentiableObjective.Curvature;

/// How long a direction is, depending on where: a symmetric positive semi-definite matrix `G(θ)`,
/// given by its products. For [NaturalGradientFlow].
///
/// `objective::hessian` is a metric too, where the loss is convex; its natural gradient is Newton's
/// direction. Of a `TrajectoryObjective`, `(tau, theta) -> { var h = objective.hessian(theta);
/// return (v, out) -> System.arraycopy(h.gaussNewtonTimes(v), 0, out, 0, out.length); }` is
/// positive semi-definite anywhere.
@FunctionalInterface
public interface Metric {

  /// `G(θ)`, valid until asked again.
  Curvature at(double tau, double[] theta);

  /// The length of steps in θ itself, `G = I`: the natural gradient is the gradient.
  static Metric euclidean() {
    return (_, _) -> (v, product) -> System.arraycopy(v, 0, product, 0, v.length);
  }

  /// The length of steps in what a model says, `G = JᵀJ/m` with the Jacobian `J` of its `m`
  /// outputs: Gauss and Newton's matrix of the loss `1/(2m) ‖outputs − targets‖²`, and Fisher's of
  /// Gaussian observations of variance 1, a mean over the outputs. Does not depend on how θ names
  /// the models. A product costs about three evaluations. Amari (1998); Martens (2020).
  ///
  /// @param dimension the length of θ
  /// @param outputs from θ, of shape `[dimension]`, to an array of any shape
  static Metric gaussNewton(int dimension, UnaryOperator<Var> outputs) {
    Tape tape = Tape.record(Shape.of(dimension), outputs);
    Program forward = JvmBackend.best().compile(Derivative.jvp(tape));
    Program back = JvmBackend.best().compile(Derivative.vjp(tape));
    int m = tape.outputShapes().getFirst().size();
    double[] value = new double[m];
    double[] tangent = new double[m];
    return (_, theta) -> {
      double[] at = theta.clone();
      return (v, product) -> {
        forward.run(new double[][] {at, v}, new double[][] {value, tangent});
        back.run(new double[][] {at, tangent}, new double[][] {value, product});
        for (int i = 0; i < product.length; i++) {
          product[i] /= m;
        }
      };
    };
  }
}
