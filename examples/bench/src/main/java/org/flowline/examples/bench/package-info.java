/// What is fast, how fast, and beside whom: the suites of the command `flowline bench`. Start at
/// [org.flowline.examples.bench.KernelBench].
///
/// Every rival is timed in the same run, on one thread, in turns with ours. `KernelsJmh` holds a
/// few of the same kernels for JMH. Only `Nd4jRivals` may import ND4J, which may be missing.
package org.flowline.examples.bench;
