/// Programs and their derivatives.
///
/// A model is a Java method on [org.flowline.autodiff.Var]s. It runs once to record a
/// [org.flowline.autodiff.Tape]; a [org.flowline.autodiff.Derivative] turns a tape into another
/// tape; a [org.flowline.autodiff.Backend] turns a tape into a [org.flowline.autodiff.Program],
/// which computes on flat `double[]` and allocates nothing.
///
/// Start reading at `Tape`, then `Op`, then `Pullbacks`; `Var` is what users write, and what it
/// composes is in `Activations`, `Softmax` and `Convolution`. Nothing here knows solvers, ND4J
/// (only `backend` does) or the Vector API (only `backend` does).
package org.flowline.autodiff;
