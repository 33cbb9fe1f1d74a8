package org.flowline.neuralode.training.flow;

import java.util.function.UnaryOperator;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.neuralode.TwiceDifferentiableObjective.Curvature;

/// A Riemannian metric on parameters for [NaturalGradientFlow]: a symmetric positive semi-definite
/// matrix `G(θ)`, given by its products.
///
/// `objective::hessian` is a metric where the loss is convex; its natural gradient is Newton's
/// direction. [org.flowline.neuralode.gradient.TrajectoryHessian#gaussNewtonTimes] is positive
/// semi-definite everywhere.
@FunctionalInterface
public interface Metric {

  /// `G(θ)`, valid until the next call.
  Curvature at(double tau, double[] theta);

  /// `G = I`, the length of a step in θ: the natural gradient is the gradient.
  static Metric euclidean() {
    return (_, _) -> (v, product) -> System.arraycopy(v, 0, product, 0, v.length);
  }

  /// `G = JᵀJ/m` with the Jacobian `J` of a model's `m` outputs, the length of a step in the
  /// outputs: the Gauss–Newton matrix of `1/(2m) ‖outputs − targets‖²`, and the Fisher information
  /// of Gaussian observations of variance 1, as a mean over the outputs. Independent of how θ
  /// parametrises the model. A product costs about three evaluations. Amari (1998); Martens (2020).
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
