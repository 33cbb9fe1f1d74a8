package org.flowline.examples.cli.fit;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.Map;

/// A request to stop by Ctrl-C, SIGTERM or SIGHUP (a closed terminal): the first is recorded, the
/// second ends the process. A signal that the process was started to ignore, as by `nohup`, remains
/// ignored.
///
/// A shutdown hook does not serve: pictures cannot be drawn while one runs. The JDK's signals are
/// in its module `jdk.unsupported`, of which javac warns; hence the reflection. Where they are
/// missing, a signal ends the process at once, and the last checkpoint remains.
public final class StopSignal implements AutoCloseable {
  private static final int EXIT_CODES = 128;

  /// The signals with their previous handlers.
  private final Map<Object, Object> previous = new LinkedHashMap<>();

  private volatile int number;

  private StopSignal() {}

  /// Handles the signals until [#close].
  public static StopSignal watch() {
    StopSignal signal = new StopSignal();
    try {
      MethodHandle received =
          MethodHandles.lookup()
              .bind(signal, "received", MethodType.methodType(void.class, Object.class));
      Object recording =
          MethodHandleProxies.asInterfaceInstance(
              Class.forName("sun.misc.SignalHandler"), received);
      for (String name : new String[] {"INT", "TERM", "HUP"}) {
        Object each =
            Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
        signal.previous.put(each, handle().invoke(null, each, recording));
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

  private void received(Object signal) throws ReflectiveOperationException {
    number = (int) signal.getClass().getMethod("getNumber").invoke(signal);
    close();
  }

  /// Returns whether a signal was received.
  public boolean stopped() {
    return number != 0;
  }

  /// Returns the exit code of a shell for the received signal.
  public int exitCode() {
    return EXIT_CODES + number;
  }

  /// Restores the previous handlers.
  @Override
  public synchronized void close() {
    previous.forEach(
        (signal, before) -> {
          try {
            handle().invoke(null, signal, before);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        });
    previous.clear();
  }
}
