/// Programs and their derivatives.
///
/// A model is a Java method on `Var`s. It runs once to record a `Tape`; `Derivative` transforms a
/// tape into another tape; a `Backend` compiles a tape to a `Program`, which computes on flat
/// `double[]` and allocates nothing. Start reading at [org.flowline.autodiff.Tape], then
/// [org.flowline.autodiff.Op], then `Pullbacks`.
///
/// | to … | look at |
/// |---|---|
/// | write a model | [org.flowline.autodiff.Var]; also `Softmax`, `Convolution` |
/// | name its parameters | [org.flowline.autodiff.Parameters] |
/// | differentiate it | [org.flowline.autodiff.Derivative], [org.flowline.autodiff.SplitVjp] |
/// | check a gradient | [org.flowline.autodiff.GradientCheck] |
/// | add an operation | [org.flowline.autodiff.Op], and README.md of this module |
/// | make a tape faster | `Simplify`: `ConstantFolding`, `ElementwiseFusion` |
///
/// Imports neither a backend nor the Vector API, ND4J or another module of Flowline.
package org.flowline.autodiff;
