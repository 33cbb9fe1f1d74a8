package org.flowline.examples.cli.option;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// The options of a command under headings, by the classes that declare them; all others last.
public record GroupedHelp(List<Headed> headed) {

  /// The options that are fields of these classes.
  record Headed(String heading, List<Class<?>> holders) {

    static Headed of(String heading, Class<?>... holders) {
      return new Headed(heading, List.of(holders));
    }

    private List<OptionSpec> of(List<OptionSpec> options) {
      return holders.stream()
          .flatMap(holder -> options.stream().filter(option -> isOf(holder, option)))
          .toList();
    }

    private static boolean isOf(Class<?> holder, OptionSpec option) {
      return option.userObject() instanceof Field field && field.getDeclaringClass() == holder;
    }
  }

  /// Sets the help of a command.
  public void applyTo(CommandLine command) {
    command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
    command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, this::text);
  }

  private String text(Help help) {
    List<OptionSpec> rest = new ArrayList<>(help.commandSpec().options());
    StringBuilder text = new StringBuilder();
    for (Headed one : headed) {
      List<OptionSpec> options = one.of(help.commandSpec().options());
      rest.removeAll(options);
      text.append(section(help, one.heading(), options));
    }
    return text.append(section(help, "This run", rest)).toString();
  }

  /// A section with the column widths of all options.
  private static String section(Help help, String heading, List<OptionSpec> options) {
    List<OptionSpec> all = help.commandSpec().options();
    Help.Layout layout = help.createDefaultLayout(all, List.of(), help.colorScheme());
    layout.addAllOptions(options, help.parameterLabelRenderer());
    return "%n%s%n%s".formatted(heading, layout);
  }
}
