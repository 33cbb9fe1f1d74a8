/// Where tapes are made to run.
///
/// [org.flowline.autodiff.backend.JvmBackend] plans memory (`MemoryPlan`), turns operations into
/// instructions (`JvmProgram`) and computes with `VectorKernels` or, without the incubating Vector
/// API, `ScalarKernels`; both give the same bits. [org.flowline.autodiff.backend.Nd4jArrays]
/// exchanges data with ND4J.
///
/// The only package that may import `org.nd4j` or `jdk.incubator`.
package org.flowline.autodiff.backend;
