package org.flowline.neuralode.training.objective;

import java.util.Optional;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.Costs;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.field.ShardedField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.PreparedGradient;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.nn.Layer;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Status;

/// Rows flow for one unit of time; the last columns of each arrive as logits:
///
///     dY/dt = layer(Y; θ)        L(θ) = −mean ln softmax(logits(1))[label]
///
/// One solve of all rows, hence with the same steps for all, and its exact gradient by the discrete
/// adjoint; from 256 rows on on all cores.
public final class CrossEntropy implements Objective {
  private static final double[] TIMES = {0, 1};

  private final ShardedField field;
  private final PreparedGradient gradient;
  private final double[] start;
  private final TrajectoryLoss loss;
  private final Costs.Account account = new Costs.Account();
  private Status lastStatus;

  /// @param start the rows at time 0, one after the other
  /// @param classes how many logits there are
  /// @param labels of each row the index of its class
  public CrossEntropy(Layer layer, Integrator solver, double[] start, int classes, int[] labels) {
    int rows = labels.length;
    int columns = start.length / rows;
    this.field = ShardedField.of(layer, rows, columns);
    this.gradient = new DiscreteAdjoint(solver).prepare(field);
    this.start = start;
    this.loss =
        TrajectoryLoss.traced(
            TIMES.length,
            start.length,
            y -> {
              Var ends = y.reshape(TIMES.length * rows, columns).slice(0, rows, 2 * rows);
              Var logits = ends.slice(1, columns - classes, columns);
              Var certain = logits.constant(Shape.of(rows, classes), certain(labels, classes));
              return logits.crossEntropy(certain).mean();
            });
  }

  /// Of each row 1 for its class, 0 for the others.
  private static double[] certain(int[] labels, int classes) {
    double[] p = new double[labels.length * classes];
    for (int i = 0; i < labels.length; i++) {
      p[i * classes + labels[i]] = 1;
    }
    return p;
  }

  @Override
  public int dimension() {
    return field.parameterCount();
  }

  @Override
  public double gradient(double tau, double[] theta, double[] thetaBar) {
    field.bind(theta);
    TrajectoryGradient found = gradient.gradient(start, TIMES, loss);
    System.arraycopy(found.theta(), 0, thetaBar, 0, thetaBar.length);
    lastStatus = found.status();
    account.gradient();
    gradient.charge(account, found);
    return found.loss();
  }

  @Override
  public Optional<Status> failure() {
    return Optional.ofNullable(lastStatus).filter(status -> !status.succeeded());
  }

  @Override
  public Costs costs() {
    return account.costs();
  }
}
