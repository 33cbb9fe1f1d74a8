/// Layers: functions with named parameters, recorded on `Var`s.
///
/// Start at [org.flowline.neuralode.nn.Layer], then [org.flowline.neuralode.nn.Mlp].
///
/// | to | look at |
/// |---|---|
/// | write a layer | `Layer`, with `Linear` as the model |
/// | choose initial weights | `Initializer` |
/// | build a residual network | `ResidualStack` |
///
/// Must not import anything but `autodiff`: neither solvers nor training.
package org.flowline.neuralode.nn;
