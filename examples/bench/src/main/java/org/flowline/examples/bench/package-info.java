/// The suites of the command `flowline bench`, and its work–precision diagrams.
///
/// | suite | class |
/// |---|---|
/// | `bench [NAME…]`: gradients, training, solves, prediction |
/// [org.flowline.examples.bench.WorkloadBench] |
/// | `bench --detest`: 25 problems beside the classical codes |
/// [org.flowline.examples.bench.DetestBench] |
/// | `bench --kernels`: matrix products, functions, networks |
/// [org.flowline.examples.bench.KernelBench] |
/// | `work-precision` | [org.flowline.examples.bench.WorkPrecision] |
///
/// Every rival is timed in the same run, on one thread, interleaved with ours (`InterleavedTimer`),
/// and runs without our engine. Only `Nd4jRivals` may import ND4J, which may be missing. Nothing
/// here draws or parses a command line.
package org.flowline.examples.bench;
