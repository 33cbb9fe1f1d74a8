package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Every Java fragment in a Markdown file compiles, the README's program learns, and every
/// `flowline` command runs, with few iterations, in an empty folder or on the shipped data.
class MarkdownExamplesRun {

  private static final Path ROOT = Path.of("..", "..");

  private static final Pattern BLOCK =
      Pattern.compile("^```(java|sh)\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

  private static final Pattern CLASS =
      Pattern.compile("^public (?:final )?class (\\w+)", Pattern.MULTILINE);

  private static final Pattern IMPORT = Pattern.compile("^import .*;\n", Pattern.MULTILINE);

  /// Options whose value is a file or a folder.
  private static final Set<String> PATHS =
      Set.of("--out", "--data", "--resume", "--config", "--input-data", "--new", "--snapshot");

  /// Commands that write to a folder of their own unless `--out` names another.
  private static final Set<String> WRITES =
      Set.of("train", "classify", "hybrid", "resnet-euler", "lab", "work-precision", "export");

  /// Commands that are run once, though several files show them.
  private static final Set<String> SLOW = Set.of("gradcheck", "hybrid", "resnet-euler");

  @TempDir Path folder;

  private record Block(Path file, String language, String text) {}

  private static List<Block> blocks() throws IOException {
    List<Block> blocks = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(ROOT)) {
      for (Path file : tree.filter(MarkdownExamplesRun::isMarkdown).sorted().toList()) {
        Matcher block = BLOCK.matcher(Files.readString(file));
        while (block.find()) {
          blocks.add(new Block(file, block.group(1), block.group(2)));
        }
      }
    }
    return blocks;
  }

  private static boolean isMarkdown(Path file) {
    return file.toString().endsWith(".md")
        && !file.toString().contains("/target/")
        && !file.toString().contains("/.git/");
  }

  @Test
  void javaFragmentsCompileAndTheReadmeProgramLearnsTheCircle() throws Exception {
    List<Block> readme = byFile("java").get(ROOT.resolve("README.md"));
    Matcher name = CLASS.matcher(readme.getFirst().text);
    assertTrue(name.find(), "the README has a class");
    Path classes = compileAll();
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader
          .loadClass(name.group(1))
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(console);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    Matcher result = Pattern.compile("loss (\\S+), y\\(2\\) = \\[(\\S+), (\\S+)]").matcher(text);
    assertTrue(result.find(), text);
    assertTrue(Double.parseDouble(result.group(1).replace(',', '.')) < 1e-3, text);
    assertEquals(Math.cos(2), Double.parseDouble(result.group(2)), 0.1);
    assertEquals(Math.sin(2), Double.parseDouble(result.group(3)), 0.1);
  }

  @Test
  void commandsRun() throws IOException {
    List<Executable> checks = new ArrayList<>();
    Set<String> once = new HashSet<>();
    for (List<Block> file : byFile("sh").values()) {
      Path here = Files.createTempDirectory(folder, "commands");
      for (Block block : file) {
        block
            .text
            .lines()
            .map(line -> line.replaceFirst("\\s+#.*", "").strip())
            .filter(line -> line.matches("(examples/)?flowline\\b.*"))
            .filter(line -> !SLOW.contains(lastWord(line)) || once.add(lastWord(line)))
            .forEach(line -> checks.add(() -> run(here, block.file, line)));
      }
    }
    assertTrue(checks.size() > 10, () -> "only " + checks.size() + " commands found");
    assertAll(checks);
  }

  private static String lastWord(String line) {
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  private static void run(Path here, Path file, String line) {
    List<String> words = new ArrayList<>(List.of(line.split("\\s+")));
    words.removeFirst();
    String command = words.isEmpty() ? "" : words.getFirst();
    boolean slow = Set.of("bench", "work-precision").contains(command) || line.contains("lab all");
    for (int i = 1; i < words.size(); i++) {
      if (PATHS.contains(words.get(i - 1)) || words.get(i).endsWith(".flowline")) {
        words.set(i, place(here, words.get(i)).toString());
      }
      if (words.get(i - 1).equals("--iterations")) {
        words.set(i, "20");
      }
    }
    if (WRITES.contains(command) && !words.contains("--out") && !words.contains("--resume")) {
      words.addAll(List.of("--out", here.resolve("out/" + command).toString()));
    }
    if (Set.of("train", "classify", "gradcheck").contains(command)
        && !words.contains("--iterations")
        && !words.contains("--resume")) {
      words.addAll(List.of("--iterations", "20"));
    }
    if (slow) {
      words.add("--help");
    }
    CommandLineRun run = CommandLineRun.of(words.toArray(String[]::new));
    assertEquals(0, run.exitCode(), () -> file + ": " + line + "\n" + run.err());
  }

  /// Returns a file of `examples/data` in the repository; all other paths are in the folder `here`.
  private static Path place(Path here, String path) {
    return (path.startsWith("examples/data/") ? ROOT : here).resolve(path);
  }

  private static Map<Path, List<Block>> byFile(String language) throws IOException {
    return blocks().stream()
        .filter(block -> block.language.equals(language))
        .collect(Collectors.groupingBy(Block::file, TreeMap::new, Collectors.toList()));
  }

  private static String importsOfAllPackages() throws IOException {
    StringBuilder imports =
        new StringBuilder(
            "import java.util.*;\nimport java.util.stream.*;\nimport java.nio.file.*;\n");
    for (String module : List.of("autodiff", "odesolvers", "neuralode")) {
      Path sources = ROOT.resolve(module).resolve("src/main/java");
      try (Stream<Path> tree = Files.walk(sources)) {
        tree.filter(file -> file.endsWith("package-info.java"))
            .map(file -> sources.relativize(file.getParent()).toString().replace('/', '.'))
            .filter(name -> !name.endsWith(".kernels"))
            .forEach(name -> imports.append("import ").append(name).append(".*;\n"));
      }
    }
    return imports.toString();
  }

  /// Compiles the classes of all files, and the fragments of each in one method, and returns the
  /// folder of the compiled classes; messages of the compiler name the Markdown file.
  private Path compileAll() throws IOException {
    String imports = importsOfAllPackages();
    Path classes = Files.createTempDirectory(folder, "classes");
    List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", classes.toString()));
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    Map<Path, List<Block>> files = byFile("java");
    assertTrue(files.size() > 5, () -> "only " + files.keySet() + " found");
    for (var file : files.entrySet()) {
      StringBuilder head = new StringBuilder(imports);
      StringBuilder body = new StringBuilder();
      String id = ROOT.relativize(file.getKey()).toString().replaceAll("\\W", "_");
      Path sources = Files.createDirectories(classes.resolve(id));
      for (Block block : file.getValue()) {
        Matcher name = CLASS.matcher(block.text);
        if (name.find()) {
          Path source = sources.resolve(name.group(1) + ".java");
          arguments.add(Files.writeString(source, block.text).toString());
        } else {
          IMPORT.matcher(block.text).results().forEach(line -> head.append(line.group()));
          body.append(IMPORT.matcher(block.text).replaceAll("")).append('\n');
        }
      }
      String text = "%s class %s { static void all() throws Exception {%n%s} }";
      Path source = sources.resolve(id + ".java");
      arguments.add(Files.writeString(source, text.formatted(head, id, body)).toString());
    }
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, messages, messages, arguments.toArray(String[]::new));
    assertEquals(0, failed, () -> messages.toString(StandardCharsets.UTF_8));
    return classes;
  }
}
