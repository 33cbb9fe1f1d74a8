package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Comments, messages and pages use standard technical English: no listed word, and no comment
/// that starts without a subject or a verb. Names and claims of tests are not checked.
class LanguageIsPlain {

  /// Words with a plainer equivalent, and things that act like people.
  private static final Pattern WORDS =
      Pattern.compile(
          "\\b(behind|anew|so many|nobody|whoever|whomever|beside whom|(is|are|was) asked"
              + "|asks|stands|sees|knows|knew|(is|are) told|in vain|by itself|by themselves"
              + "|that very|what is not)\\b",
          Pattern.CASE_INSENSITIVE);

  /// Starts of fragments.
  private static final Pattern START =
      Pattern.compile(
          "(What|Whether|Of|As|That|Those|Where|How|Who|Whose|Why|Which|Such|Much|But|And|Or|So)\\b");

  private static final Pattern QUOTED = Pattern.compile("\"((?:\\\\.|[^\"\\\\])*)\"");

  private static final Path ROOT = Path.of("..", "..");

  @Test
  void inSourcesAndMarkdown() throws IOException {
    List<String> found = new ArrayList<>();
    int files = 0;
    try (Stream<Path> tree = Files.walk(ROOT)) {
      for (Path file : tree.filter(LanguageIsPlain::isChecked).sorted().toList()) {
        List<String> lines = Files.readAllLines(file);
        String name = ROOT.relativize(file).toString();
        found.addAll(file.toString().endsWith(".java") ? inJava(name, lines) : inText(name, lines));
        files++;
      }
    }
    assertEquals(List.of(), found, () -> String.join("\n", found));
    assertTrue(files > 500, "only " + files + " files found");
  }

  @ParameterizedTest
  @CsvSource({
    "/// Whether it is done., Whether",
    "/// The rows behind this one., behind",
    "'  int n = 0; // so many rows', so many",
    "'  say(\"training stands at \" + n);', stands",
    "/// Returns whether the solve is done., ''",
    "'  int behind = 0;', ''"
  })
  void theCheckFindsWhatItShould(String line, String word) {
    List<String> found = inJava("A.java", List.of(line));
    assertEquals(word.isEmpty() ? List.of() : List.of("A.java:1: " + word), found);
  }

  private static boolean isChecked(Path file) {
    String name = file.toString();
    return !name.contains("/target/")
        && !name.contains("/.git/")
        && !name.endsWith("LanguageIsPlain.java")
        && (name.endsWith(".java") || name.endsWith(".md") || name.endsWith(".mustache"));
  }

  private static List<String> inJava(String file, List<String> lines) {
    List<String> found = new ArrayList<>();
    boolean comment = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      String place = file + ":" + (i + 1) + ": ";
      if (line.startsWith("///")) {
        String text = line.substring(3).strip();
        Matcher start = START.matcher(text);
        if (!comment && start.lookingAt()) {
          found.add(place + start.group());
        }
        addWords(place, text, found);
      } else {
        QUOTED.matcher(line).results().forEach(text -> addWords(place, text.group(1), found));
        int slashes = QUOTED.matcher(line).replaceAll("").indexOf("// ");
        if (slashes >= 0) {
          addWords(place, QUOTED.matcher(line).replaceAll("").substring(slashes), found);
        }
      }
      comment = line.startsWith("///");
    }
    return found;
  }

  private static List<String> inText(String file, List<String> lines) {
    List<String> found = new ArrayList<>();
    boolean code = false;
    for (int i = 0; i < lines.size(); i++) {
      code ^= lines.get(i).startsWith("```");
      if (!code) {
        addWords(file + ":" + (i + 1) + ": ", lines.get(i), found);
      }
    }
    return found;
  }

  private static void addWords(String place, String text, List<String> found) {
    WORDS.matcher(text).results().forEach(word -> found.add(place + word.group()));
  }
}
