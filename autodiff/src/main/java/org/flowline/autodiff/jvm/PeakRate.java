package org.flowline.autodiff.jvm;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// The largest rate of multiply-adds of one thread of this machine, the unit of kernel benchmarks.
public final class PeakRate {
  /// The number of independent chains: enough to hide the latency of a multiply-add (4 cycles, two
  /// operations in each), and few enough for 16 registers.
  private static final int CHAINS = 12;

  private static final int BURST = 2_000;
  private static final int BURSTS = 20;

  private PeakRate() {}

  /// Measures one round of multiply-adds in registers, on vectors where the Vector API is loaded,
  /// else on numbers. Returns 10⁹ operations per second (a multiply-add is two). The first hundreds
  /// of rounds, before JIT compilation, are slower; afterwards a round takes about 60 µs.
  public static double gflops() {
    boolean vectors = JvmBackend.vectorsLoaded();
    double sum = 0;
    long start = System.nanoTime();
    for (int i = 0; i < BURSTS; i++) {
      sum += vectors ? Vectors.burst(1e-3 * i) : Numbers.burst(1e-3 * i);
    }
    long nanos = Math.max(1, System.nanoTime() - start);
    if (Double.isNaN(sum)) {
      throw new AssertionError("peak rate: the sum of finite numbers is NaN");
    }
    return 2.0 * (vectors ? Vectors.LANES.length() : 1) * CHAINS * BURST * BURSTS / nanos;
  }

  /// A class of its own, which is never loaded without the module.
  private static final class Vectors {
    private static final VectorSpecies<Double> LANES = DoubleVector.SPECIES_PREFERRED;

    private static double burst(double x) {
      DoubleVector u = DoubleVector.broadcast(LANES, x);
      DoubleVector v = DoubleVector.broadcast(LANES, 0.5);
      DoubleVector s0 = u, s1 = u, s2 = u, s3 = u, s4 = u, s5 = u;
      DoubleVector s6 = u, s7 = u, s8 = u, s9 = u, s10 = u, s11 = u;
      for (int i = 0; i < BURST; i++) {
        s0 = u.fma(v, s0);
        s1 = u.fma(v, s1);
        s2 = u.fma(v, s2);
        s3 = u.fma(v, s3);
        s4 = u.fma(v, s4);
        s5 = u.fma(v, s5);
        s6 = u.fma(v, s6);
        s7 = u.fma(v, s7);
        s8 = u.fma(v, s8);
        s9 = u.fma(v, s9);
        s10 = u.fma(v, s10);
        s11 = u.fma(v, s11);
      }
      DoubleVector low = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
      DoubleVector high = s6.add(s7).add(s8).add(s9).add(s10).add(s11);
      return low.add(high).lane(0);
    }
  }

  private static final class Numbers {
    private static double burst(double u) {
      double v = 0.5;
      double s0 = u, s1 = u, s2 = u, s3 = u, s4 = u, s5 = u;
      double s6 = u, s7 = u, s8 = u, s9 = u, s10 = u, s11 = u;
      for (int i = 0; i < BURST; i++) {
        s0 = Math.fma(u, v, s0);
        s1 = Math.fma(u, v, s1);
        s2 = Math.fma(u, v, s2);
        s3 = Math.fma(u, v, s3);
        s4 = Math.fma(u, v, s4);
        s5 = Math.fma(u, v, s5);
        s6 = Math.fma(u, v, s6);
        s7 = Math.fma(u, v, s7);
        s8 = Math.fma(u, v, s8);
        s9 = Math.fma(u, v, s9);
        s10 = Math.fma(u, v, s10);
        s11 = Math.fma(u, v, s11);
      }
      return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11;
    }
  }
}
