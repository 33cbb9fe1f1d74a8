package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The library example of the README compiles and learns the circle.
class ReadmeExampleRuns {
  private static final String IMPORTS =
      """
      import java.util.*;
      import org.flowline.neuralode.*;
      import org.flowline.neuralode.gradient.*;
      import org.flowline.neuralode.training.objective.*;
      import org.flowline.neuralode.nn.*;
      import org.flowline.neuralode.training.*;
      import org.flowline.odesolvers.*;
      import org.flowline.odesolvers.method.*;
      """;

  @TempDir Path folder;

  @Test
  void asItStands() throws Exception {
    String readme = Files.readString(Path.of("..", "..", "README.md"));
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
    assertTrue(block.find(), "the README has a Java example");
    String example = block.group(1);
    assertTrue(example.lines().filter(line -> !line.isBlank()).count() <= 15, "it is short");
    Path source = folder.resolve("Example.java");
    Files.writeString(
        source,
        IMPORTS + "public class Example { public static void main(String[] a) {" + example + "} }");
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                messages,
                messages,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
    assertEquals(0, failed, messages.toString(StandardCharsets.UTF_8));

    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    URI classes = folder.toUri();
    try (URLClassLoader loader =
        new URLClassLoader(List.of(classes.toURL()).toArray(java.net.URL[]::new))) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader
          .loadClass("Example")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(console);
    }
    Matcher result =
        Pattern.compile("loss (\\S+), y\\(2\\) = \\[(\\S+), (\\S+)]")
            .matcher(printed.toString(StandardCharsets.UTF_8));
    assertTrue(result.find(), printed.toString(StandardCharsets.UTF_8));
    assertTrue(Double.parseDouble(result.group(1).replace(',', '.')) < 1e-3);
    assertEquals(Math.cos(2), Double.parseDouble(result.group(2)), 0.1);
    assertEquals(Math.sin(2), Double.parseDouble(result.group(3)), 0.1);
  }
}
