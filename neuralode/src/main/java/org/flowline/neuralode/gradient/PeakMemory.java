package org.flowline.neuralode.gradient;

import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.flowline.neuralode.DifferentiableField;

/// The peak heap memory of a computation with a field, sampled after garbage collections at some of
/// the field's evaluations.
final class PeakMemory {
  private static final int SAMPLES = 12;

  private final DifferentiableField field;
  private final long interval;
  private long calls;
  private long peak;

  private PeakMemory(DifferentiableField field, long interval) {
    this.field = field;
    this.interval = interval;
  }

  /// Runs `computation` twice: first to count its evaluations, then to sample some of them.
  static long during(DifferentiableField field, Consumer<DifferentiableField> computation) {
    PeakMemory count = new PeakMemory(field, Long.MAX_VALUE);
    computation.accept(count.probe());
    PeakMemory samples = new PeakMemory(field, Math.max(1, count.calls / SAMPLES));
    DifferentiableField probe = samples.probe();
    long before = heap();
    computation.accept(probe);
    // Objects counted before may have been garbage soon after.
    return Math.max(0, samples.peak - Math.min(before, heap()));
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /// A proxy of the field, with all its interfaces, that counts and samples its calls.
  private DifferentiableField probe() {
    return (DifferentiableField)
        Proxy.newProxyInstance(
            field.getClass().getClassLoader(),
            interfaces(field.getClass()).toArray(Class<?>[]::new),
            (_, method, arguments) -> {
              if (arguments != null && ++calls % interval == 0) {
                peak = Math.max(peak, heap());
              }
              try {
                return method.invoke(field, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Set<Class<?>> interfaces(Class<?> type) {
    Set<Class<?>> all = new LinkedHashSet<>(Set.of(DifferentiableField.class));
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Class<?> one : at.getInterfaces()) {
        if (Modifier.isPublic(one.getModifiers())) {
          all.add(one);
        }
      }
    }
    return all;
  }
}
