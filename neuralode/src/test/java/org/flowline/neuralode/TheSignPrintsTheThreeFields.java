package org.flowline.neuralode;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The package sign and the module's README print `evaluate` of the three fields as the sources
/// have it, in at most eight lines.
class TheSignPrintsTheThreeFields {
  private static final Path PACKAGE = Path.of("src/main/java/org/flowline/neuralode");

  @ParameterizedTest
  @ValueSource(strings = {"NeuralField", "AdjointField", "GradientFlow"})
  void ofThisField(String name) throws IOException {
    String source = Files.readString(PACKAGE.resolve(name + ".java"));
    int from = source.indexOf("  public void evaluate(");
    String evaluate = source.substring(from, source.indexOf("\n  }\n", from) + 4).stripIndent();
    assertTrue(evaluate.lines().count() <= 8, evaluate);
    String printed = "// " + name + "\n" + evaluate;
    String sign = Files.readString(PACKAGE.resolve("package-info.java"));
    assertTrue(sign.replaceAll("(?m)^/// {5}", "").contains(printed), sign);
    String readme = Files.readString(Path.of("README.md"));
    assertTrue(readme.contains(printed), readme);
  }
}
