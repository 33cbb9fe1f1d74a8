package org.flowline.odesolvers;

import org.flowline.odesolvers.field.LambdaField;
import org.flowline.odesolvers.field.ParallelField;
import org.flowline.odesolvers.field.StagedField;
import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.field.VectorField;

/// A field and what it was asked for so far.
final class CountedField {

  private final VectorField field;

  /// The lambda that `field` is, or null. Called here, not through `field`: the JVM may compile
  /// that call before it has seen where it leads, and then never inlines it.
  private final VectorField.Rhs rhs;

  /// The field if it receives stage indices, or null.
  private final StagedField staged;

  private long evaluations;
  private long jacobians;
  private long factorisations;

  CountedField(VectorField field) {
    this.field = field;
    this.rhs = field instanceof LambdaField lambda ? lambda.rhs() : null;
    this.staged = field instanceof StagedField indexed ? indexed : null;
  }

  int dimension() {
    return field.dimension();
  }

  /// Who shares the work on a state.
  ThreadTeam team() {
    return ParallelField.teamOf(field);
  }

  void evaluate(double t, double[] y, double[] dydt) {
    evaluations++;
    if (rhs != null) {
      rhs.evaluate(t, y, dydt);
    } else {
      field.evaluate(t, y, dydt);
    }
  }

  /// Evaluates the field at a stage of an explicit step.
  void evaluateStage(int stage, double t, double[] y, double[] dydt) {
    if (staged == null) {
      evaluate(t, y, dydt);
    } else {
      evaluations++;
      staged.evaluateStage(stage, t, y, dydt);
    }
  }

  /// Counts evaluations made elsewhere.
  void count(long evaluations) {
    this.evaluations += evaluations;
  }

  /// Takes over what an earlier part of the solve has cost.
  void recall(Stats stats) {
    evaluations = stats.evaluations();
    jacobians = stats.jacobians();
    factorisations = stats.factorisations();
  }

  void countJacobian() {
    jacobians++;
  }

  void countFactorisation() {
    factorisations++;
  }

  long evaluations() {
    return evaluations;
  }

  long jacobians() {
    return jacobians;
  }

  long factorisations() {
    return factorisations;
  }
}
