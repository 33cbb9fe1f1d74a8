/// Compiles tapes for this virtual machine. Start reading at
/// [org.flowline.autodiff.jvm.JvmBackend].
///
/// | to … | look at |
/// |---|---|
/// | follow the compilation of a tape | `JvmProgram` |
/// | see where each value is stored | `MemoryPlan`, `FreeSpace` |
/// | find the loop of an operation | `Instruction`: `Copies`, `Moves`, `Reductions`, `FusedLoop` |
/// | print a program with its cost | `Description` |
///
/// The loops that compute are in `kernels`. Does not import ND4J.
package org.flowline.autodiff.jvm;
