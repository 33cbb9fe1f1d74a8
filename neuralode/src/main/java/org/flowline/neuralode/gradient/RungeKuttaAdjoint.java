package org.flowline.neuralode.gradient;

import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.field.ParallelField;
import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.method.ButcherTableau;

/// The pullback of a Runge–Kutta step, for its stages `i = s … 1`:
///
///     (I − h a_ii J_iᵀ) k̄ᵢ = h bᵢ λ + h Σ_{j>i} a_ji Ȳⱼ        Ȳᵢ = k̄ᵢᵀ ∂f/∂y
///     ∂L/∂θ += k̄ᵢᵀ ∂f/∂θ                                       ∂L/∂y0 = λ + Σ Ȳᵢ
///
/// An explicit stage has `k̄ᵢ` alone on the left side and costs one pullback. An implicit stage
/// also needs the Jacobian `J_i`, one pullback per component; its system is solved exactly, at any
/// tolerance of Newton's method.
///
/// A last stage that is the first of the next step (FSAL) was evaluated once and is pulled back
/// once, in the earlier step.
final class RungeKuttaAdjoint implements StepAdjoint {
  private final ButcherTableau tableau;
  private final DifferentiableField field;
  private final int n;
  private final int stages;
  private final double[] y;
  private final double[] stageBar;

  private final ThreadTeam team;
  private final ThreadTeam.Work stageState = this::stageState;
  private final ThreadTeam.Work spread = this::spread;

  /// The index of the current stage.
  private int stage;

  private double[] y0;
  private double[][] slopes;
  private double h;
  private Cotangents bar;

  RungeKuttaAdjoint(ButcherTableau tableau, DifferentiableField field) {
    this.tableau = tableau;
    this.field = field;
    this.n = field.dimension();
    this.stages = tableau.stages();
    this.y = new double[n];
    this.stageBar = new double[n];
    this.team = ParallelField.teamOf(field).on(n);
  }

  @Override
  public void pullBack(Trajectory trajectory, int step, Cotangents bar) {
    this.y0 = trajectory.state(step);
    this.slopes = trajectory.slopes(step);
    this.h = trajectory.h(step);
    this.bar = bar;
    boolean shared = tableau.fsal() && trajectory.reusesSlope(step);
    for (int i = stages - 1; i >= 0; i--) {
      bar.size += Vectors.dot(bar.slopes[i], 0, slopes[i]) / h;
      if (i == tableau.stepStages() - 1 && bar.isPending) {
        bar.add(i, 1, bar.pending, 0);
        bar.isPending = false;
      }
      if (i == 0 && shared) {
        System.arraycopy(bar.slopes[0], 0, bar.pending, 0, n);
        bar.isPending = true;
        return;
      }
      if (bar.reached[i]) {
        pullBackStage(trajectory, step, i);
      }
    }
  }

  private void pullBackStage(Trajectory trajectory, int step, int i) {
    double c = tableau.c(i);
    double time = trajectory.stageTime(step, c);
    double[] slopeBar = bar.slopes[i];
    stage = i;
    team.run(stageState);
    double diagonal = tableau.a(i, i);
    if (diagonal != 0) {
      solve(time, h * diagonal, slopeBar, bar);
    }
    double timeBar =
        field instanceof StageCache cache
            ? cache.pullback(step, i, time, y, slopeBar, stageBar, bar.theta)
            : field.pullback(time, y, slopeBar, stageBar, bar.theta);
    bar.pullbacks++;
    bar.rate(slopeBar, stageBar);
    bar.start += timeBar;
    bar.size += c * timeBar;
    if (diagonal != 0) {
      bar.size += diagonal * Vectors.dot(stageBar, 0, slopes[i]);
    }
    team.run(spread);
    for (int j = 0; j < i; j++) {
      bar.reached[j] |= tableau.a(i, j) != 0;
    }
  }

  /// Recomputes the state of the stage.
  private void stageState(int part, int parts) {
    int to = ThreadTeam.rangeStart(n, part + 1, parts);
    int from = ThreadTeam.rangeStart(n, part, parts);
    tableau.stageSum(stage).apply(y0, h, slopes, y, from, to);
  }

  /// `ȳ0 += Ȳᵢ` and `k̄ⱼ += h a_ij Ȳᵢ`
  private void spread(int part, int parts) {
    int from = ThreadTeam.rangeStart(n, part, parts);
    int to = ThreadTeam.rangeStart(n, part + 1, parts);
    Vectors.axpy(1, stageBar, 0, bar.y0, from, to);
    for (int j = 0; j < stage; j++) {
      if (tableau.a(stage, j) != 0) {
        Vectors.axpy(h * tableau.a(stage, j), stageBar, 0, bar.slopes[j], from, to);
      }
    }
  }

  /// `k̄ ← (I − w Jᵀ)⁻¹ k̄`, with the Jacobian at the stage.
  private void solve(double time, double w, double[] slopeBar, Cotangents bar) {
    TransposedSystem system = new TransposedSystem(field, time, y, w);
    bar.pullbacks += system.pullbacks();
    System.arraycopy(system.solve(slopeBar), 0, slopeBar, 0, n);
  }
}
