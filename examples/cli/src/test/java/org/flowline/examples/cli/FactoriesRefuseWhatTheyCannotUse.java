package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Tolerance;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// Every public factory, constructor and wither of the three library modules either returns or
/// refuses its arguments by an `IllegalArgumentException`, an `IllegalStateException` or an
/// exception of the project, with a message; a `NullPointerException` is for a null. No call takes
/// 5 seconds.
///
/// Arguments are drawn at random: numbers at the ends of their ranges, arrays of all lengths,
/// objects that other factories have made, functions that return nothing useful.
class FactoriesRefuseWhatTheyCannotUse {
  private static final int CALLS = 15;

  /// Inner loops without checks, and classes that are public for other packages of the module only.
  private static final Set<String> UNCHECKED =
      Set.of(
          "org.flowline.neuralode.Vectors",
          "org.flowline.odesolvers.method.LinearCombination",
          "org.flowline.odesolvers.field.ThreadTeam.rangeStart",
          "org.flowline.autodiff.Recorder");

  private final SplittableRandom random = new SplittableRandom(14);
  private final Map<Class<?>, List<Object>> made = new LinkedHashMap<>();
  private final Map<String, String> faults = new TreeMap<>();
  private boolean useless;
  private ExecutorService worker = worker();

  private static ExecutorService worker() {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
  }

  @Test
  void ofTheWholeLibrary() throws Exception {
    List<Class<?>> classes = classes();
    assertTrue(classes.size() > 150, "classes found: " + classes.size());
    classes.forEach(this::keepConstants);
    keepSeeds();
    List<Executable> all = classes.stream().flatMap(type -> executables(type).stream()).toList();
    assertTrue(all.size() > 400, "factories found: " + all.size());
    for (int round = 0; round < CALLS; round++) {
      for (Executable one : all) {
        call(one);
      }
    }
    assertEquals("", String.join("\n", faults.values()));
  }

  private static List<Class<?>> classes() throws ClassNotFoundException {
    List<Class<?>> all = new ArrayList<>();
    for (JavaClass found :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(
                "org.flowline.autodiff", "org.flowline.odesolvers", "org.flowline.neuralode")) {
      String name = found.getName();
      boolean internal =
          name.contains(".fixtures.") || name.contains(".jvm.") || name.contains(".nd4j.");
      if (!internal && !UNCHECKED.contains(name) && !found.isAnonymousClass()) {
        Class<?> type = Class.forName(name);
        if (isVisible(type)) {
          all.add(type);
        }
      }
    }
    all.sort(Comparator.comparing(Class::getName));
    return all;
  }

  private static boolean isVisible(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
  }

  private static List<Executable> executables(Class<?> type) {
    List<Executable> all = new ArrayList<>();
    if (!Modifier.isAbstract(type.getModifiers())) {
      all.addAll(Arrays.asList(type.getConstructors()));
    }
    for (Method method : type.getDeclaredMethods()) {
      boolean wither = method.getName().startsWith("with");
      if (Modifier.isPublic(method.getModifiers())
          && !method.isSynthetic()
          && !UNCHECKED.contains(type.getName() + "." + method.getName())
          && (Modifier.isStatic(method.getModifiers()) || wither)) {
        all.add(method);
      }
    }
    all.removeIf(one -> Arrays.asList(one.getParameterTypes()).contains(Path.class));
    all.sort(Comparator.comparing(Executable::toGenericString));
    return all;
  }

  private void keepConstants(Class<?> type) {
    for (Field field : type.getFields()) {
      try {
        if (Modifier.isStatic(field.getModifiers())) {
          keep(field.get(null));
        }
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void keepSeeds() {
    Mlp layer = Mlp.of(Activation.TANH, 2, 3, 2);
    NeuralField field = NeuralField.of(layer, 1, 2);
    field.bind(layer.initial(new SplittableRandom(1)));
    TimeSeries series =
        new TimeSeries(
            "t",
            List.of("a", "b"),
            new double[] {0, 1, 2},
            List.of(new double[] {1, 2}, new double[] {2, 1}, new double[] {0, 1}));
    TimeSeries narrow =
        new TimeSeries(
            "t", List.of("a"), new double[] {0, 1}, List.of(new double[] {1}, new double[] {2}));
    for (Object seed :
        List.of(
            layer,
            field,
            series,
            narrow,
            Measurements.of(series),
            Tolerance.of(1e-3, 1e-3),
            StepSize.Adaptive.of(1e-3, 1e-3),
            Integrator.of(Methods.RK4, StepSize.Constant.of(0.1, 10)),
            Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-3, 1e-3)),
            Objective.traced(2, theta -> theta.square().sum()),
            Optimizer.adam(0.1),
            Shape.of(2, 3),
            Parameters.none().with("w", 2),
            Tape.record(Shape.of(2), Var::square))) {
      keep(seed);
    }
  }

  private void keep(Object made) {
    if (made != null && made.getClass().getName().startsWith("org.flowline.")) {
      List<Object> alike = this.made.computeIfAbsent(made.getClass(), _ -> new ArrayList<>());
      if (alike.size() < 6) {
        alike.add(made);
      }
    }
  }

  private void call(Executable one) throws InterruptedException {
    useless = false;
    Object receiver = null;
    if (one instanceof Method method && !Modifier.isStatic(method.getModifiers())) {
      receiver = object(one.getDeclaringClass());
      if (receiver == null || Proxy.isProxyClass(receiver.getClass())) {
        return;
      }
    }
    Type[] types = one.getGenericParameterTypes();
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = value(types[i]);
    }
    boolean excused = useless;
    Object on = receiver;
    try {
      Object result =
          worker
              .submit(
                  () ->
                      one instanceof Constructor<?> constructor
                          ? constructor.newInstance(arguments)
                          : ((Method) one).invoke(on, arguments))
              .get(5, TimeUnit.SECONDS);
      if (!excused) { // an object made of null would fail later
        keep(result);
      }
    } catch (TimeoutException e) {
      faults.putIfAbsent(one.toString(), said(one, arguments) + "\n    over 5 s");
      worker = worker();
    } catch (ExecutionException e) {
      Throwable cause =
          e.getCause() instanceof InvocationTargetException thrown
              ? thrown.getCause()
              : e.getCause();
      if (!isClear(cause, excused)) {
        faults.putIfAbsent(one.toString(), said(one, arguments) + "\n    " + place(cause));
      }
    }
  }

  private static boolean isClear(Throwable cause, boolean excused) {
    if (cause instanceof NullPointerException || cause instanceof ClassCastException) {
      return excused;
    }
    boolean known =
        cause.getClass() == IllegalArgumentException.class
            || cause.getClass() == IllegalStateException.class
            || cause.getClass().getName().startsWith("org.flowline.");
    return known && cause.getMessage() != null && cause.getMessage().length() > 10;
  }

  private static String place(Throwable cause) {
    return cause
        + Arrays.stream(cause.getStackTrace())
            .filter(at -> at.getClassName().startsWith("org.flowline"))
            .limit(2)
            .map(at -> " at " + at)
            .reduce("", String::concat);
  }

  private static String said(Executable one, Object[] arguments) {
    String list = Arrays.deepToString(arguments);
    return one.getDeclaringClass().getSimpleName()
        + "."
        + one.getName()
        + (list.length() > 300 ? list.substring(0, 300) + "…" : list);
  }

  @SafeVarargs
  private <T> T oneOf(T... values) {
    return values[random.nextInt(values.length)];
  }

  private Object value(Type type) {
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      if (raw == List.class || raw == Iterable.class) {
        return list(generic.getActualTypeArguments()[0]);
      }
      return object(raw);
    }
    return type instanceof Class<?> plain ? object(plain) : nothing();
  }

  private Object list(Type element) {
    List<Object> list = new ArrayList<>();
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      Object value = value(element);
      if (value != null) {
        list.add(value);
      }
    }
    return list;
  }

  private Object nothing() {
    useless = true;
    return null;
  }

  private Object object(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return oneOf(-1, 0, 1, 2, 3, 5, 130, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (type == long.class || type == Long.class) {
      return oneOf(-1L, 0L, 1L, 2L, 1000L, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (type == double.class || type == Double.class) {
      return oneOf(
          0.0, -1.0, 1.0, 0.5, 3.0, 1e-300, 1e300, Double.NaN, Double.POSITIVE_INFINITY, -0.0);
    }
    if (type == boolean.class || type == Boolean.class) {
      return random.nextBoolean();
    }
    if (type.isPrimitive()) {
      return zero(type);
    }
    if (random.nextInt(12) == 0) {
      return nothing();
    }
    if (type == String.class) {
      return oneOf("", "a", "b", "w", "two words", "\u0000\n");
    }
    if (type.isArray()) {
      Object array = Array.newInstance(type.getComponentType(), random.nextInt(4));
      for (int i = 0; i < Array.getLength(array); i++) {
        Array.set(array, i, object(type.getComponentType()));
      }
      return array;
    }
    if (type.isEnum()) {
      return oneOf(type.getEnumConstants());
    }
    if (RandomGenerator.class.isAssignableFrom(type)) {
      return new SplittableRandom(3);
    }
    List<Object> known =
        made.entrySet().stream()
            .filter(entry -> type.isAssignableFrom(entry.getKey()))
            .sorted(Comparator.comparing(entry -> entry.getKey().getName()))
            .flatMap(entry -> entry.getValue().stream())
            .toList();
    if (!known.isEmpty() && type != Object.class) {
      return known.get(random.nextInt(known.size()));
    }
    if (type.isInterface() && !type.isSealed()) {
      useless = true;
      return Proxy.newProxyInstance(
          type.getClassLoader() == null ? getClass().getClassLoader() : type.getClassLoader(),
          new Class<?>[] {type},
          (proxy, method, arguments) -> answer(proxy, method, arguments));
    }
    return nothing();
  }

  /// The answer of a function that does nothing.
  private static Object answer(Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> proxy == arguments[0];
      case "toString" -> method.getDeclaringClass().getSimpleName();
      default -> {
        Class<?> type = method.getReturnType();
        yield type.isPrimitive() && type != void.class ? zero(type) : null;
      }
    };
  }

  private static Object zero(Class<?> primitive) {
    return Array.get(Array.newInstance(primitive, 1), 0);
  }
}
