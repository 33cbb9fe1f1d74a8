package org.flowline.examples.cli.option;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.flowline.examples.cli.fit.FitConfig;
import org.flowline.neuralode.data.DidYouMean;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Converts the words of an option to the constants of an enum, which print as these words.
public record Choice<E extends Enum<E>>(Class<E> type) implements ITypeConverter<E> {

  /// Registers the converters of all options.
  public static void register(CommandLine command) {
    register(command, SolveOptions.Gradient.class);
    register(command, DescentOptions.Descent.class);
    register(command, FitConfig.RateSchedule.class);
    register(command, LearningOptions.Apart.class);
    register(command, DataOption.Header.class);
    register(command, KindOptions.Nonlinearity.class);
    command.registerConverter(int.class, Choice::whole);
    command.registerConverter(Integer.class, Choice::whole);
    command.registerConverter(double.class, Choice::decimal);
    command.registerConverter(Double.class, Choice::decimal);
  }

  /// The words of other programs, and the nearest words here in meaning.
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("sgd", "gradient-descent"),
          Map.entry("gd", "gradient-descent"),
          Map.entry("momentum", "heavy-ball"),
          Map.entry("nag", "nesterov"),
          Map.entry("adagrad", "rmsprop"),
          Map.entry("newton", "damped-newton"),
          Map.entry("lbfgs", "damped-newton"),
          Map.entry("bfgs", "damped-newton"),
          Map.entry("adjoint", "discrete or, in constant memory, backsolve"),
          Map.entry("continuous", "backsolve"),
          Map.entry("backprop", "discrete"),
          Map.entry("autodiff", "discrete"),
          Map.entry("forward", "sensitivity"),
          Map.entry("rk45", "dopri5"),
          Map.entry("ode45", "dopri5"),
          Map.entry("dop853", "vern7"),
          Map.entry("dopri8", "vern7"),
          Map.entry("radau", "kvaerno5"),
          Map.entry("bdf", "kvaerno5"),
          Map.entry("lsoda", "kvaerno5"),
          Map.entry("ode15s", "kvaerno5"),
          Map.entry("ode23s", "rodas5p"),
          Map.entry("logistic", "sigmoid"));

  private static <E extends Enum<E>> void register(CommandLine command, Class<E> type) {
    command.registerConverter(type, new Choice<>(type));
  }

  /// Reads a whole number, also as 1e4.
  private static int whole(String text) {
    try {
      return new BigDecimal(text.strip()).intValueExact();
    } catch (NumberFormatException e) {
      throw new TypeConversionException("\"" + text + "\" is not a number; want one like 1000");
    } catch (ArithmeticException e) {
      throw new TypeConversionException(
          "\"" + text + "\"; want a whole number of at most " + Integer.MAX_VALUE);
    }
  }

  /// Reads a number, also as a share in per cent.
  private static double decimal(String text) {
    String word = text.strip();
    try {
      return word.endsWith("%")
          ? new BigDecimal(word.substring(0, word.length() - 1)).movePointLeft(2).doubleValue()
          : Double.parseDouble(word);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("\"" + text + "\" is not a number; want one like 0.2");
    }
  }

  @Override
  public E convert(String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(choice -> choice.toString().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException(unknown(text, words())));
  }

  private List<String> words() {
    return Arrays.stream(type.getEnumConstants()).map(Object::toString).toList();
  }

  /// Returns the word of a constant: `heavy-ball` for `HEAVY_BALL`.
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Returns the message for an unknown word.
  public static String unknown(String text, List<String> known) {
    String near =
        Optional.ofNullable(ELSEWHERE.get(text.toLowerCase(Locale.ROOT).replace("-", "")))
            .filter(word -> known.contains(word.split(" ", 2)[0]))
            .or(() -> DidYouMean.nearest(text, known))
            .map(word -> "did you mean " + word + "? ")
            .orElse("");
    return "\"" + text + "\"; " + near + "want one of " + known;
  }
}
