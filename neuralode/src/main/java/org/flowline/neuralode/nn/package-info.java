/// Layers: functions with named parameters, recorded on `Var`s. Start at `Layer`, then `Mlp`.
///
/// Knows `autodiff` only: neither solvers nor training.
package org.flowline.neuralode.nn;
