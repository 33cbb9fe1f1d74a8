package org.flowline.autodiff;

import java.util.Locale;
import java.util.stream.Stream;

/// A [Tape] compiled by a [Backend], with every buffer planned: a run allocates nothing. (Vectors
/// are objects until the JIT has compiled the kernels, in the first thousands of runs.)
///
/// Not thread-safe, since a run uses the workspace of the program; [#fork()] returns a program for
/// another thread.
public interface Program {

  /// Computes the outputs for these inputs: one array for each, row by row, of exactly its size.
  /// `out` is overwritten; its arrays must be distinct, also from those in `in`.
  ///
  /// @throws IllegalArgumentException if an array is null, a number of arrays or a length differs,
  ///     or an output array is an input array or another output array
  void run(double[][] in, double[][] out);

  /// Returns the same program with a workspace of its own.
  Program fork();

  /// Returns the tape as the backend runs it, simplified.
  Tape tape();

  /// Returns the bytes of the workspace.
  long bytes();

  /// Returns a table of the operations and their cost: buffers, bytes, FLOP. Long chains and lists
  /// of operands may end in `…`; [#tape()] prints them whole.
  default String describe() {
    long values =
        Stream.concat(tape().inputShapes().stream(), tape().outputShapes().stream())
            .mapToLong(Shape::size)
            .sum();
    return String.format(
        Locale.ROOT,
        "%s%n  %,d bytes of arguments and results, %,d bytes of workspace, %,d FLOP",
        tape(),
        8 * values,
        bytes(),
        tape().flop());
  }
}
