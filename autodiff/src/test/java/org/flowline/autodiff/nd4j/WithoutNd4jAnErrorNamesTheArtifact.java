package org.flowline.autodiff.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.jvm.JvmBackend;
import org.junit.jupiter.api.Test;

/// ND4J is optional: each case runs in a virtual machine of its own, with less on its class path.
class WithoutNd4jAnErrorNamesTheArtifact {
  private static final String REMEDY =
      "add org.nd4j:nd4j-native-platform (for a GPU, org.nd4j:nd4j-cuda-11.6-platform) to the class"
          + " path";

  /// The number of calls of each entry point by [Child].
  private static final int ENTRIES = 6;

  @Test
  void withNothingOfIt() throws Exception {
    String said = run(jar -> jar.contains("flowline") || jar.contains("classes"));
    String refused = "ND4J is not on the class path; " + REMEDY;
    assertEquals("exp 0 = 1.0\n" + (refused + "\n").repeat(ENTRIES).strip(), said);
  }

  @Test
  void withoutANativeLibrary() throws Exception {
    String said = run(jar -> !jar.startsWith("nd4j-native"));
    List<String> lines = said.lines().toList();
    assertEquals("exp 0 = 1.0", lines.getFirst(), said);
    assertEquals(1 + ENTRIES, lines.size(), said);
    for (String refused : lines.subList(1, lines.size())) {
      assertTrue(
          refused.startsWith("ND4J does not start, for want of a native library (")
              && refused.endsWith("); " + REMEDY),
          said);
    }
  }

  /// Returns the output of [Child] in a virtual machine with the selected entries of the class
  /// path.
  private static String run(Predicate<String> wanted) throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> wanted.test(Path.of(entry).getFileName().toString()))
            .collect(Collectors.joining(File.pathSeparator));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process child =
        new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dstdout.encoding=UTF-8",
                "-cp",
                classPath,
                Child.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), said);
    return said.strip();
  }

  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      Program exp = JvmBackend.best().compile(Tape.record(Shape.scalar(), Var::exp));
      double[][] out = new double[1][1];
      exp.run(new double[1][1], out);
      System.out.println("exp 0 = " + out[0][0]);
      refused(Nd4jBackend::create);
      refused(Nd4jBackend::create); // also when asked again
      refused(() -> Nd4jArrays.array(new double[1], Shape.scalar()));
      refused(() -> Nd4jArrays.flat(null));
      refused(() -> Nd4jArrays.shape(null));
      refused(() -> Nd4jArrays.write(new double[1], null));
    }

    private static void refused(Runnable entry) {
      try {
        entry.run();
      } catch (IllegalStateException refused) {
        System.out.println(refused.getMessage());
      }
    }
  }
}
