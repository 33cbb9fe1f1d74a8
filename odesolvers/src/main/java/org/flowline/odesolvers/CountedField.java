package org.flowline.odesolvers;

import org.flowline.odesolvers.field.Breakpoints;
import org.flowline.odesolvers.field.LambdaField;
import org.flowline.odesolvers.field.ParallelField;
import org.flowline.odesolvers.field.StagedField;
import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.field.VectorField;

/// A field with the counts of its evaluations.
final class CountedField {

  private final VectorField field;

  /// The lambda of a field made by [VectorField#of], or null. A call through `field` might be
  /// compiled before the JVM has profiled its target, and would then never be inlined.
  private final VectorField.Rhs rhs;

  /// The field if it is to receive stage indices, or null.
  private final StagedField staged;

  long evaluations;
  long jacobians;
  long factorisations;

  CountedField(VectorField field) {
    this(field, null);
  }

  private CountedField(VectorField field, StagedField staged) {
    this.field = field;
    this.staged = staged;
    this.rhs = field instanceof LambdaField lambda ? lambda.rhs() : null;
  }

  /// Returns a field that receives the stage indices of [#evaluateStage] if it can.
  static CountedField staged(VectorField field) {
    return new CountedField(field, field instanceof StagedField staged ? staged : null);
  }

  int dimension() {
    return field.dimension();
  }

  Breakpoints breakpoints() {
    return field.breakpoints();
  }

  /// The threads that share the work on a state.
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

  /// Restores the counts of an earlier part of the solve.
  void restoreCounts(Stats stats) {
    evaluations = stats.evaluations();
    jacobians = stats.jacobians();
    factorisations = stats.factorisations();
  }
}
