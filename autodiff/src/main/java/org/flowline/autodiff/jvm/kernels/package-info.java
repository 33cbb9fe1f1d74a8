/// Scalar and vector kernels: the loops that compute, bit for bit the same. Start reading at
/// [org.flowline.autodiff.jvm.kernels.Kernels].
///
/// | to … | look at |
/// |---|---|
/// | add an elementary function | `ScalarMath` and `VectorMath`, or a pair of their own |
/// | see how a matrix product is blocked | `MatrixProduct`, `WideBlocks`, `RegisterBlocks` |
///
/// Only these classes and `PeakRate` import the incubating Vector API. They do not import the plan
/// of a program, only [org.flowline.autodiff.Op].
package org.flowline.autodiff.jvm.kernels;
