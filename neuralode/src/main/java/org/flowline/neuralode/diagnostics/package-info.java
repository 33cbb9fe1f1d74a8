/// Diagnostics of trainings and solves: curvature, stability, energy, cost.
///
/// | to | look at |
/// |---|---|
/// | observe the edge of stability | `Sharpness`, by `Lanczos` |
/// | find vanishing or exploding gradients through depth | `DepthProfile`, of a recorded solve |
/// | count the cost in solves, adjoints and iterations | `CostLedger` |
/// | compare descent with its flow | `EnergyBalance`, `FlowDistance` |
///
/// Start at [org.flowline.neuralode.diagnostics.Sharpness]. Diagnostics of a run are
/// `StepObserver`s, for `Trainer.withStepObserver` and for solves of a flow; each reports its own
/// cost. Nothing of training or gradients imports this package; no file and no plotting here.
package org.flowline.neuralode.diagnostics;
