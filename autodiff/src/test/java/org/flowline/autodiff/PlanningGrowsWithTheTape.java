package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.flowline.autodiff.jvm.JvmBackend;
import org.junit.jupiter.api.Test;

/// Simplifying and planning a tape eight times as long takes about eight times the work, counted in
/// allocated bytes; a quadratic algorithm would take 64 times.
class PlanningGrowsWithTheTape {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// Lists and maps double their size, so that growth is uneven.
  private static final double MOST = 12;

  @Test
  void ofElementWiseChains() {
    grows(
        n ->
            Tape.record(
                Shape.of(4),
                x -> {
                  Var y = x;
                  for (int i = 0; i < n; i++) {
                    y = i % 3 == 2 ? y.sum().add(x) : y.mul(x).tanh();
                  }
                  return y;
                }));
  }

  @Test
  void ofRecurrentNetsAndTheirDerivatives() {
    grows(PlanningGrowsWithTheTape::recurrent);
    grows(n -> Derivative.vjp(recurrent(n)));
  }

  @Test
  void ofNestedConcatenations() {
    grows(
        n ->
            Tape.record(
                Shape.of(3),
                x -> {
                  Var y = x.exp();
                  for (int i = 0; i < n; i++) {
                    Var cut = y.slice(0, 0, Math.min(40, y.shape().dim(0)));
                    y = Var.concat(0, List.of(y.slice(0, 1, 3).exp(), cut));
                  }
                  return y;
                }));
  }

  @Test
  void ofConstantParts() {
    grows(
        n ->
            Tape.record(
                Shape.of(2),
                x -> {
                  Var y = x;
                  for (int i = 0; i < n; i++) {
                    y = y.mul(x.constant(Shape.of(2), i, 1).exp().sin());
                  }
                  return y;
                }));
  }

  private static Tape recurrent(int n) {
    return Tape.record(
        Shape.of(n, 2),
        Shape.of(4, 2),
        (x, w) -> {
          Var h = x.slice(0, 0, 1);
          List<Var> states = new ArrayList<>();
          for (int i = 0; i < n; i++) {
            Var in = x.slice(0, i, i + 1).matmul(w.slice(0, 2, 4));
            h = h.matmul(w.slice(0, 0, 2)).add(in).tanh();
            states.add(h);
          }
          return Var.concat(0, states);
        });
  }

  private static void grows(IntFunction<Tape> ofLength) {
    work(ofLength.apply(100)); // what is only loaded once
    double few = work(ofLength.apply(400));
    double many = work(ofLength.apply(3200));
    assertTrue(many < MOST * few, () -> few + " bytes, then " + many);
  }

  private static long work(Tape tape) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    JvmBackend.scalar().compile(tape);
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
