package org.flowline.examples.cli.fit;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;

/// Ctrl-C, or another signal to end: the first is noted, the second ends the process as usual.
///
/// A shutdown hook would not do: while one runs, pictures cannot be drawn. The JDK's signals are in
/// its module `jdk.unsupported`, which javac warns of, hence by reflection; where they cannot be
/// had, a signal ends the process at once, and the last checkpoint stays.
public final class StopSignal implements AutoCloseable {
  private static final int EXIT_CODES = 128;

  /// The signals, with what else would handle them.
  private final Map<Object, Object> usual = new LinkedHashMap<>();

  private volatile int number;

  private StopSignal() {}

  public static StopSignal watch() {
    StopSignal signal = new StopSignal();
    try {
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object noting =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> signal.came(arguments[0]);
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "notes the signal";
                  });
      Class<?> type = Class.forName("sun.misc.Signal");
      for (String name : new String[] {"INT", "TERM"}) {
        Object each = type.getConstructor(String.class).newInstance(name);
        signal.usual.put(each, handle().invoke(null, each, noting));
      }
    } catch (ReflectiveOperationException e) {
      signal.close();
    }
    return signal;
  }

  private static Method handle() throws ReflectiveOperationException {
    return Class.forName("sun.misc.Signal")
        .getMethod(
            "handle", Class.forName("sun.misc.Signal"), Class.forName("sun.misc.SignalHandler"));
  }

  private Object came(Object signal) throws ReflectiveOperationException {
    number = (int) signal.getClass().getMethod("getNumber").invoke(signal);
    close();
    return null;
  }

  /// Whether it came.
  public boolean stopped() {
    return number != 0;
  }

  /// What a shell makes of the signal that came.
  public int exitCode() {
    return EXIT_CODES + number;
  }

  /// Lets signals do again what they did before.
  @Override
  public synchronized void close() {
    usual.forEach(
        (signal, before) -> {
          try {
            handle().invoke(null, signal, before);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        });
    usual.clear();
  }
}
