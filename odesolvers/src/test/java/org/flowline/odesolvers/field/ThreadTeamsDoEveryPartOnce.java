package org.flowline.odesolvers.field;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadTeamsDoEveryPartOnce {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void withAnyNumberOfWorkers(int size) {
    for (int round = 0; round < 1000; round++) {
      var done = new AtomicIntegerArray(size);
      ThreadTeam.of(size)
          .run(
              (k, parts) -> {
                assertEquals(size, parts);
                done.incrementAndGet(k);
              });
      for (int k = 0; k < size; k++) {
        assertEquals(1, done.get(k));
      }
    }
  }

  /// Each part waits for the other to have begun, which one thread alone could not do.
  @Test
  void inThreadsAtTheSameTime() {
    var begun = new CountDownLatch(2);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    ThreadTeam.of(2)
        .run(
            (_, _) -> {
              threads.add(Thread.currentThread());
              begun.countDown();
              try {
                begun.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertEquals(2, threads.size());
    assertTrue(threads.remove(Thread.currentThread()));
    assertTrue(threads.iterator().next().isDaemon());
  }

  @Test
  void andEndTheirThreadsWithoutWork() throws InterruptedException {
    for (int round = 0; round < 2; round++) {
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      while (threads.size() < 2) {
        ThreadTeam.of(2).run((_, _) -> threads.add(Thread.currentThread()));
      }
      threads.remove(Thread.currentThread());
      for (Thread thread : threads) {
        thread.join(60_000);
        assertTrue(!thread.isAlive(), "ended");
      }
    }
  }

  @Test
  void ofABoundedNumberOfThreads() {
    for (int size : new int[] {-1, 0, 1025, Integer.MAX_VALUE}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> ThreadTeam.of(size)).getMessage();
      assertEquals("thread team: " + size + " threads; want 1 … 1024", message);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void alsoWhereOneThrowsAndAgainAfterwards(int thrower) {
    var done = new AtomicIntegerArray(3);
    ThreadTeam team = ThreadTeam.of(3);
    var wanted = new IllegalStateException("part " + thrower);
    ThreadTeam.Work work =
        (k, _) -> {
          done.incrementAndGet(k);
          if (k == thrower) {
            throw wanted;
          }
        };
    assertSame(wanted, assertThrows(IllegalStateException.class, () -> team.run(work)));
    team.run((k, _) -> done.incrementAndGet(k));
    for (int k = 0; k < 3; k++) {
      assertEquals(2, done.get(k));
    }
  }

  /// A part that runs the team itself is served by its own thread.
  @Test
  void ofWorkWithinWork() {
    var done = new AtomicIntegerArray(4);
    ThreadTeam team = ThreadTeam.of(2);
    team.run((outer, _) -> team.run((inner, _) -> done.incrementAndGet(2 * outer + inner)));
    for (int i = 0; i < 4; i++) {
      assertEquals(1, done.get(i));
    }
  }

  @Test
  void ofSeveralCallersAtOnce() throws InterruptedException {
    var done = new AtomicIntegerArray(4);
    Thread[] callers = new Thread[2];
    for (int i = 0; i < 2; i++) {
      int caller = i;
      Runnable run =
          () -> {
            for (int round = 0; round < 1000; round++) {
              ThreadTeam.of(2).run((k, _) -> done.incrementAndGet(2 * caller + k));
            }
          };
      callers[i] = new Thread(run);
      callers[i].start();
    }
    for (Thread caller : callers) {
      caller.join();
    }
    for (int i = 0; i < 4; i++) {
      assertEquals(1000, done.get(i));
    }
  }

  @Test
  void andLeaveAnInterruptToTheCaller() {
    Thread.currentThread().interrupt();
    var done = new AtomicIntegerArray(2);
    ThreadTeam.of(2).run((k, _) -> done.incrementAndGet(k));
    assertTrue(Thread.interrupted());
    assertEquals(2, done.get(0) + done.get(1));
  }

  @Property
  void inRangesThatTile(
      @ForAll @IntRange(min = 0, max = 100_000) int n,
      @ForAll @IntRange(min = 1, max = 70) int of) {
    assertEquals(0, ThreadTeam.rangeStart(n, 0, of));
    assertEquals(n, ThreadTeam.rangeStart(n, of, of));
    for (int k = 0; k < of; k++) {
      assertTrue(ThreadTeam.rangeStart(n, k, of) <= ThreadTeam.rangeStart(n, k + 1, of));
    }
  }
}
