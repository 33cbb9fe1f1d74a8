/// Where tapes are made to run.
///
/// [org.flowline.autodiff.jvm.JvmBackend] plans memory (`MemoryPlan`), turns operations into
/// instructions (`JvmProgram`) and computes with `VectorKernels` or, without the incubating Vector
/// API, `ScalarKernels`; both give the same bits. [org.flowline.autodiff.nd4j.Nd4jBackend]
/// runs the same tapes on ND4J, operation by operation (`Nd4jOperation`), and
/// [org.flowline.autodiff.nd4j.Nd4jArrays] exchanges data with it.
///
/// The only package of the library that may import `org.nd4j` or `jdk.incubator`.
package org.flowline.autodiff.jvm;
