package org.flowline.neuralode.gradient;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.flowline.neuralode.DifferentiableField;

/// The most memory held at one time during a computation with a field: garbage is collected at some
/// of the field's evaluations, and what is left is counted.
final class HeldBytes {
  private static final int SAMPLES = 12;
  private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

  private final DifferentiableField field;
  private final long every;
  private long calls;
  private long peak;

  private HeldBytes(DifferentiableField field, long every) {
    this.field = field;
    this.every = every;
  }

  /// Runs `computation` twice: once to count its evaluations, once to look at some of them.
  static long during(DifferentiableField field, Consumer<DifferentiableField> computation) {
    HeldBytes count = new HeldBytes(field, Long.MAX_VALUE);
    computation.accept(count.probed());
    HeldBytes look = new HeldBytes(field, Math.max(1, count.calls / SAMPLES));
    DifferentiableField probed = look.probed();
    long before = held();
    computation.accept(probed);
    // What was there before may have been on its way out.
    return Math.max(0, look.peak - Math.min(before, held()));
  }

  private static long held() {
    System.gc();
    return MEMORY.getHeapMemoryUsage().getUsed();
  }

  /// The field with all its capabilities, seen at every call.
  private DifferentiableField probed() {
    return (DifferentiableField)
        Proxy.newProxyInstance(
            field.getClass().getClassLoader(),
            interfaces(field.getClass()).toArray(Class<?>[]::new),
            (_, method, arguments) -> {
              if (arguments != null && ++calls % every == 0) {
                peak = Math.max(peak, held());
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
