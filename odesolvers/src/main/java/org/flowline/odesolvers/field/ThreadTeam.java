package org.flowline.odesolvers.field;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// Threads that share one piece of work after another, such as the ranges of a long state.
///
/// Between two pieces the threads spin: pieces of 100 µs follow each other closely, and waking a
/// sleeping thread takes half as long as one of them. A thread without work sleeps after some
/// hundred microseconds and ends after some seconds, and none keeps the JVM alive. A thread that
/// has finished its part takes parts that no other has begun, so that no work waits for a sleeping
/// or preempted thread. All teams share the same threads, which work for one caller at a time;
/// meanwhile other callers do all of their parts.
public final class ThreadTeam {

  /// The caller without help.
  public static final ThreadTeam SERIAL = new ThreadTeam(1);

  /// The number of polls before a thread sleeps: some hundred microseconds.
  private static final int LOOKS = 10_000;

  /// The time after which a sleeping thread ends.
  private static final long MOST_IDLE = 5_000_000_000L;

  private static final int MOST_THREADS = 1024;

  /// The number of values per cache line; ranges start at whole lines, so that no two threads write
  /// to the same one.
  private static final int LINE = 8;

  /// The least number of values worth sharing: fewer are done before another thread has polled.
  private static final int WORTH_SHARING = 4096;

  private static final List<Worker> WORKERS = new ArrayList<>();
  private static final AtomicBoolean BUSY = new AtomicBoolean();

  /// The offer of a thread that ends and takes no more work.
  private static final Work ENDED = (_, _) -> {};

  private final int size;

  private ThreadTeam(int size) {
    this.size = size;
  }

  /// Returns a team of the caller and `size − 1` more threads.
  ///
  /// @throws IllegalArgumentException if the size is not in 1 … 1024
  public static ThreadTeam of(int size) {
    if (size < 1 || size > MOST_THREADS) {
      throw new IllegalArgumentException(
          "thread team: " + size + " threads; want 1 … " + MOST_THREADS);
    }
    return size == 1 ? SERIAL : new ThreadTeam(size);
  }

  /// Work in parts that do not touch each other's results.
  @FunctionalInterface
  public interface Work {
    /// Does part `k`, counted from 0, of `parts`.
    void part(int k, int parts);
  }

  /// The number of threads, including the caller.
  public int size() {
    return size;
  }

  /// Returns this team for arithmetic on `n` numbers, or [#SERIAL] for few.
  public ThreadTeam on(int n) {
    return n < WORTH_SHARING ? SERIAL : this;
  }

  /// Returns the start of the range of part `k` of the numbers `0 … n − 1`, and the end of part
  /// `k − 1`.
  public static int rangeStart(int n, int k, int parts) {
    return k == parts ? n : (int) ((long) n * k / parts) & -LINE;
  }

  /// Does one part per thread of the team, the first in the caller's thread, which also does the
  /// parts that no other has begun by then; returns when all are done. Allocates nothing but
  /// missing threads. Throws the exception of the first part that failed.
  public void run(Work work) {
    if (size == 1) {
      work.part(0, 1);
    } else if (BUSY.compareAndSet(false, true)) {
      try {
        share(work);
      } finally {
        BUSY.set(false);
      }
    } else {
      for (int k = 0; k < size; k++) {
        work.part(k, size);
      }
    }
  }

  private void share(Work work) {
    while (WORKERS.size() < size - 1) {
      WORKERS.add(new Worker(WORKERS.size() + 1));
    }
    try {
      for (int k = 1; k < size; k++) {
        while (!WORKERS.get(k - 1).give(work, size)) {
          WORKERS.set(k - 1, new Worker(k));
        }
      }
      work.part(0, size);
    } finally {
      for (int k = 1; k < size; k++) {
        WORKERS.get(k - 1).finish();
      }
    }
    for (int k = 1; k < size; k++) {
      WORKERS.get(k - 1).rethrow();
    }
  }

  /// A thread for part `k`.
  private static final class Worker extends Thread {
    private final int k;

    /// The part that is not begun yet, or null.
    private final AtomicReference<Work> offer = new AtomicReference<>();

    private volatile boolean done = true;
    private volatile boolean asleep;
    private int parts;
    private Throwable thrown;

    Worker(int k) {
      super("flowline-team-" + k);
      this.k = k;
      setDaemon(true);
      start();
    }

    /// Offers the part, and returns false if the thread has ended.
    boolean give(Work work, int of) {
      thrown = null;
      parts = of;
      done = false;
      if (!offer.compareAndSet(null, work)) {
        done = true;
        return false;
      }
      if (asleep) {
        LockSupport.unpark(this);
      }
      return true;
    }

    /// Does the part on offer, unless another thread has begun it.
    private boolean begin() {
      Work work = offer.get();
      if (work == null || work == ENDED || !offer.compareAndSet(work, null)) {
        return false;
      }
      try {
        work.part(k, parts);
      } catch (Throwable all) {
        thrown = all;
      }
      done = true;
      return true;
    }

    /// Does the part, or waits until it is done; called by the caller's thread.
    void finish() {
      begin();
      int looks = 0;
      while (!done) {
        looks++;
        if (looks < LOOKS) {
          Thread.onSpinWait();
        } else {
          Thread.yield();
        }
      }
    }

    void rethrow() {
      Throwable all = thrown;
      thrown = null;
      switch (all) {
        case null -> {}
        case RuntimeException exception -> throw exception;
        case Error error -> throw error;
        default -> throw new IllegalStateException(all);
      }
    }

    @Override
    public void run() {
      int looks = 0;
      while (true) {
        if (begin()) {
          looks = 0;
        } else if (looks < LOOKS) {
          looks++;
          Thread.onSpinWait();
        } else {
          asleep = true;
          long slept = System.nanoTime();
          if (offer.get() == null) {
            LockSupport.parkNanos(this, MOST_IDLE);
          }
          asleep = false;
          if (System.nanoTime() - slept >= MOST_IDLE && offer.compareAndSet(null, ENDED)) {
            return;
          }
          looks = 0;
          interrupted(); // or parking would return at once from then on
        }
      }
    }
  }
}
