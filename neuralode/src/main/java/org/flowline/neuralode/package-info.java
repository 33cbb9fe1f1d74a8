/// Neural ODEs, their gradients and their training: three vector fields for one engine.
///
/// | | field | state | equation |
/// |---|---|---|---|
/// | forward | `NeuralField` | `y` | `dy/dt = f(t, y; θ)` |
/// | backward | `AdjointField` | `(y, a, g)` | the same, `da/dt = −aᵀ ∂f/∂y`, `dg/dt = −aᵀ ∂f/∂θ` |
/// | training | `GradientFlow` | `θ` | `dθ/dτ = −∇L(θ)` |
///
/// The three `evaluate`s:
///
///     // NeuralField
///     public void evaluate(double t, double[] y, double[] dydt) {
///       f.evaluate(t, y, dydt); // f(t, y; θ)
///     }
///
///     // AdjointField
///     public void evaluate(double t, double[] state, double[] rate) {
///       s.read(state); // y, a
///       f.evaluateAndPullback(t, s.y, s.a, s.dydt, s.yBar, s.thetaBar); // f, aᵀ ∂f/∂y, aᵀ ∂f/∂θ
///       s.writeNegated(rate); // f, −aᵀ ∂f/∂y, −aᵀ ∂f/∂θ
///     }
///
///     // GradientFlow
///     public void evaluate(double tau, double[] theta, double[] rate) {
///       objective.gradient(tau, theta, rate); // ∇L(θ)
///       Vectors.negate(rate); // −∇L(θ)
///     }
///
/// Here are the three fields, their contracts (`DifferentiableField`, `CachingField`,
/// `TwiceDifferentiableField`, `Objective`, `TrainingFlow`) and the classes that serve them
/// (`FieldPrograms`, `TapeBreakpoints`, `EvaluationCache`, `AdjointState`). Start at
/// [org.flowline.neuralode.NeuralField], then [org.flowline.neuralode.gradient.GradientMethod],
/// then [org.flowline.neuralode.training.Trainer].
///
/// | to | look at |
/// |---|---|
/// | write a field with random numbers, noise or several threads | the package `field` |
/// | make a field depend on time or inputs | the package `dynamics` |
/// | compute or check a gradient, find why it is wrong | the package `gradient` |
/// | define a loss along a trajectory | the package `loss` |
/// | differentiate through events | the package `event` |
/// | train | the package `training` |
/// | save, load and use a trained model | the package `model` |
///
/// Every loop through time, depth or training is `org.flowline.odesolvers.Integrator`'s; the
/// exceptions are the reverse sweeps of the discrete adjoints. This package must not import another
/// package of the module but `nn`, nor a command line, plots or ND4J.
package org.flowline.neuralode;
