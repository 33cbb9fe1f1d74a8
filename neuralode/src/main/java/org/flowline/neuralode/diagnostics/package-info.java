/// What to watch while training: how curved the loss is and what the method can stand, and where
/// the loss that is gone went. Start at [org.flowline.neuralode.diagnostics.Sharpness].
///
/// | to | look at |
/// |---|---|
/// | see the edge of stability | `Sharpness`, by `Lanczos` |
/// | see gradients vanish or explode through depth | `DepthProfile`, of a recorded solve |
/// | see what training costs, in solves, adjoints and iterations | `CostLedger` |
/// | hold descent against its flow | `EnergyBalance`, `FlowDistance` |
///
/// Those that watch a run are `StepObserver`s, for `Trainer.withStepObserver` and for solves of a
/// flow alike. None costs anything that is not asked for; each says what it cost. Nothing of
/// training or gradients knows them. No file, no plotting here.
package org.flowline.neuralode.diagnostics;
