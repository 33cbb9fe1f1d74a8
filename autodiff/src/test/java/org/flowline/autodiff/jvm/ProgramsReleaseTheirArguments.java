package org.flowline.autodiff.jvm;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.ref.WeakReference;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.junit.jupiter.api.Test;

/// A program releases its argument arrays after a run, also after a refused one.
class ProgramsReleaseTheirArguments {

  @Test
  void whatTheCallerDropsIsFree() throws InterruptedException {
    Program program = JvmBackend.scalar().compile(Tape.record(Shape.of(1 << 20), Var::neg));
    WeakReference<double[]> argument = ran(program, 1 << 20);
    WeakReference<double[]> refused = ran(program, 5);
    for (int i = 0; i < 50 && (argument.get() != null || refused.get() != null); i++) {
      System.gc();
      Thread.onSpinWait();
    }
    assertNull(argument.get());
    assertNull(refused.get());
    ran(program, 1 << 20);
  }

  private static WeakReference<double[]> ran(Program program, int results) {
    double[] argument = new double[1 << 20];
    double[][] out = {new double[results]};
    if (results == argument.length) {
      program.run(new double[][] {argument}, out);
    } else {
      assertThrows(
          IllegalArgumentException.class, () -> program.run(new double[][] {argument}, out));
    }
    return new WeakReference<>(argument);
  }
}
