/// Describes right-hand sides, and the capabilities that some methods need. Start at
/// [org.flowline.odesolvers.field.VectorField].
///
/// | to …                                     | look at                                       |
/// |------------------------------------------|-----------------------------------------------|
/// | write a field as a lambda                | `VectorField.of`                              |
/// | give an implicit method the Jacobian     | `FieldWithJacobian`                           |
/// | split the state for a symplectic method  | `PartitionedField`, `SecondOrderField`        |
/// | add noise                                | `StochasticField`, `BrownianPath`             |
/// | share one long state among several cores | `ParallelField`, `ThreadTeam`                 |
/// | receive the index of each stage          | `StagedField`                                 |
/// | name the times where `f` is not smooth   | `VectorField.breakpoints`, `Breakpoints`      |
///
/// This package imports neither methods nor the engine.
package org.flowline.odesolvers.field;
