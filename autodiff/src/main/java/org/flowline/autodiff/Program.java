package org.flowline.autodiff;

import java.util.Locale;
import java.util.stream.Stream;

/// A [Tape] bound to a [Backend], every buffer planned: running it allocates nothing. (Vectors are
/// objects until the JIT has compiled the kernels, in the first thousands of runs.)
///
/// Not thread-safe, since a run uses the program's own workspace; [#fork()] gives another thread
/// its own.
public interface Program {

  /// Computes the outputs for these inputs: one array for each, row by row, of exactly its size.
  ///
  /// `out` is overwritten; none of its arrays may be one of `in`, or come twice.
  ///
  /// @throws IllegalArgumentException if one is null, a number of arrays or a length differs, or an
  ///     output array is an input array or another output array
  void run(double[][] in, double[][] out);

  /// The same program with a workspace of its own.
  Program fork();

  /// What this program computes, as the backend runs it.
  Tape tape();

  /// The bytes held by this program's workspace.
  long bytes();

  /// What will run, operation by operation, and what it costs: buffers, bytes, FLOP. Long chains
  /// and lists of operands may end in `…`; [#tape()] prints them whole.
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
