package org.flowline.odesolvers.ensemble;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepObserver;

/// Solves an ensemble of independent problems on several threads, with the bits of single solves.
///
/// Problems that share a field or an observer, whose workspaces serve one solve at a time, form a
/// chain, which one thread solves in order. Chains run in parallel.
public final class Ensemble {

  private final List<InitialValueProblem> problems;
  private final Solution[] solutions;
  private final Throwable[] thrown;

  private Ensemble(List<InitialValueProblem> problems) {
    this.problems = List.copyOf(problems);
    this.solutions = new Solution[problems.size()];
    this.thrown = new Throwable[problems.size()];
  }

  /// Solves independent problems on all cores, each with the bits of
  /// [org.flowline.odesolvers.Integrator#solve], for any number of threads; see
  /// [InitialValueProblem] for sharing.
  ///
  /// @return the solutions in the order of the problems
  /// @throws EnsembleException once all are solved, if one of them threw
  public static List<Solution> solveAll(List<InitialValueProblem> problems) {
    return solveAll(problems, Runtime.getRuntime().availableProcessors());
  }

  /// Solves independent problems as [#solveAll(List)] does, on this many threads.
  ///
  /// @throws IllegalArgumentException if the number of threads is not positive
  public static List<Solution> solveAll(List<InitialValueProblem> problems, int threads) {
    return new Ensemble(problems).solve(threads);
  }

  private List<Solution> solve(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "solveAll: %s threads, want at least 1".formatted(threads));
    }
    List<List<Integer>> chains = chains();
    if (threads == 1 || chains.size() < 2) {
      chains.forEach(this::run);
    } else {
      try (ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, chains.size()))) {
        List<Future<?>> all = new ArrayList<>();
        chains.forEach(chain -> all.add(pool.submit(() -> run(chain))));
        all.forEach(Ensemble::join);
      }
    }
    return result();
  }

  private void run(List<Integer> chain) {
    for (int i : chain) {
      try {
        solutions[i] = problems.get(i).solve();
      } catch (RuntimeException | Error e) {
        thrown[i] = e;
      }
    }
  }

  /// Waits for a chain, which throws nothing; an interruption cancels no solve.
  private static void join(Future<?> chain) {
    boolean interrupted = false;
    while (true) {
      try {
        chain.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        throw new IllegalStateException("solveAll: a chain of problems failed", e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Solution> result() {
    List<Solution> all = Collections.unmodifiableList(Arrays.asList(solutions));
    int[] failed = IntStream.range(0, thrown.length).filter(i -> thrown[i] != null).toArray();
    if (failed.length > 0) {
      var failure = new EnsembleException(failed[0], thrown[failed[0]], all);
      Arrays.stream(failed).skip(1).forEach(i -> failure.addSuppressed(thrown[i]));
      throw failure;
    }
    return all;
  }

  /// Returns the connected components of "shares a field or an observer with", each in ascending
  /// order.
  private List<List<Integer>> chains() {
    int[] root = new int[problems.size()];
    Map<Object, Integer> owner = new IdentityHashMap<>();
    for (int i = 0; i < root.length; i++) {
      root[i] = i;
      join(root, owner, i, problems.get(i).field());
      for (StepObserver observer : problems.get(i).integrator().observers()) {
        join(root, owner, i, observer);
      }
    }
    Map<Integer, List<Integer>> chains = new LinkedHashMap<>();
    for (int i = 0; i < root.length; i++) {
      chains.computeIfAbsent(find(root, i), _ -> new ArrayList<>()).add(i);
    }
    return List.copyOf(chains.values());
  }

  private static void join(int[] root, Map<Object, Integer> owner, int i, Object shared) {
    Integer other = owner.putIfAbsent(shared, i);
    if (other != null) {
      root[find(root, i)] = find(root, other);
    }
  }

  private static int find(int[] root, int i) {
    int at = i;
    while (root[at] != at) {
      root[at] = root[root[at]];
      at = root[at];
    }
    return at;
  }
}
