package org.flowline.neuralode;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Threads that wait for the next evaluation awake: parts of 100 µs come one after another, and
/// waking a sleeping thread takes half as long as one of them. A thread without work goes to sleep
/// after a while, and none keeps the JVM alive. One crew at a time works for one caller; others do
/// their parts themselves.
final class Crew {

  static final Crew COMMON = new Crew();

  /// How often a thread looks for work before it goes to sleep: some hundred microseconds.
  private static final int LOOKS = 10_000;

  private final List<Hand> hands = new ArrayList<>();
  private final AtomicBoolean busy = new AtomicBoolean();

  private Crew() {}

  /// Work in parts that do not touch each other's results.
  interface Work {
    void part(int k);
  }

  /// Does the parts `0 … parts − 1`, each in a thread of its own, the first in the caller's.
  void run(Work work, int parts) {
    if (parts == 1 || !busy.compareAndSet(false, true)) {
      for (int k = 0; k < parts; k++) {
        work.part(k);
      }
      return;
    }
    try {
      while (hands.size() < parts - 1) {
        hands.add(new Hand(hands.size() + 1));
      }
      for (int k = 1; k < parts; k++) {
        hands.get(k - 1).give(work);
      }
      work.part(0);
    } finally {
      for (int k = 1; k < parts; k++) {
        hands.get(k - 1).await();
      }
      busy.set(false);
    }
    for (int k = 1; k < parts; k++) {
      hands.get(k - 1).rethrow();
    }
  }

  private static final class Hand extends Thread {
    private final int k;
    private volatile Work work;
    private volatile boolean asleep;
    private Throwable thrown;

    Hand(int k) {
      super("flowline-crew-" + k);
      this.k = k;
      setDaemon(true);
      start();
    }

    void give(Work next) {
      thrown = null;
      work = next;
      if (asleep) {
        LockSupport.unpark(this);
      }
    }

    void await() {
      int looks = 0;
      while (work != null) {
        looks++;
        if (looks < LOOKS) {
          Thread.onSpinWait();
        } else {
          Thread.yield();
        }
      }
    }

    void rethrow() {
      switch (thrown) {
        case null -> {}
        case RuntimeException exception -> throw exception;
        case Error error -> throw error;
        default -> throw new IllegalStateException(thrown);
      }
    }

    @Override
    public void run() {
      int looks = 0;
      while (true) {
        Work next = work;
        if (next != null) {
          try {
            next.part(k);
          } catch (Throwable all) {
            thrown = all;
          }
          work = null;
          looks = 0;
        } else if (looks < LOOKS) {
          looks++;
          Thread.onSpinWait();
        } else {
          asleep = true;
          if (work == null) {
            LockSupport.park(this);
          }
          asleep = false;
          looks = 0;
        }
      }
    }
  }
}
