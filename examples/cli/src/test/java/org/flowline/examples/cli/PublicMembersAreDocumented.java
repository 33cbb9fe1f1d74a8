package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.Name;
import javax.tools.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Public members of the library have a comment with a first sentence. Documented elsewhere are
/// overriding methods, a record's compact constructor, and constants that the comment of their enum
/// names.
class PublicMembersAreDocumented {

  @ParameterizedTest
  @ValueSource(strings = {"autodiff", "odesolvers", "neuralode"})
  void ofEveryModule(String module) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null);
        var tree = Files.walk(Path.of("..", "..", module, "src/main/java"))) {
      var sources = tree.filter(path -> path.toString().endsWith(".java")).toList();
      var read = files.getJavaFileObjectsFromPaths(sources);
      var task = (JavacTask) compiler.getTask(null, files, null, null, null, read);
      var visible = new Visible(DocTrees.instance(task));
      visible.scan(task.parse(), null);
      assertEquals(List.of(), visible.gaps);
      assertTrue(visible.comments > 100, () -> "only " + visible.comments + " comments found");
    }
  }

  /// The formatter breaks long lines of `///` comments into `//` comments, which hide the first
  /// part.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "autodiff",
        "odesolvers",
        "neuralode",
        "examples/bench",
        "examples/cli",
        "examples/gallery",
        "examples/lab",
        "examples/pictures"
      })
  void noCommentIsBroken(String module) throws IOException {
    List<String> broken = new ArrayList<>();
    try (var tree = Files.walk(Path.of("..", "..", module, "src"))) {
      for (Path source : tree.filter(path -> path.toString().endsWith(".java")).toList()) {
        List<String> lines = Files.readAllLines(source);
        for (int i = 1; i < lines.size(); i++) {
          boolean rest = lines.get(i).strip().startsWith("// ");
          if (rest && lines.get(i - 1).strip().startsWith("///")) {
            broken.add(source + ":" + (i + 1));
          }
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  /// Visits public types and their public members.
  private static final class Visible extends TreePathScanner<Void, Void> {
    private final List<String> gaps = new ArrayList<>();
    private final DocTrees docs;
    private int comments;

    private Visible(DocTrees docs) {
      this.docs = docs;
    }

    @Override
    public Void visitClass(ClassTree type, Void none) {
      if (isPublic(type.getModifiers())) {
        look(type.getSimpleName());
        if (type.getKind() == Kind.CLASS && type.getMembers().stream().noneMatch(this::builds)) {
          report("implicit constructor of " + type.getSimpleName());
        }
        scan(type.getMembers(), none);
      }
      return null;
    }

    @Override
    public Void visitMethod(MethodTree method, Void none) {
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(it -> it.getAnnotationType().toString().equals("Override"));
      if (isPublic(method.getModifiers()) && !overrides && !isCompact(method)) {
        look(method.getName());
      }
      return null;
    }

    @Override
    public Void visitVariable(VariableTree field, Void none) {
      if (isPublic(field.getModifiers()) && !isNamedByEnum(field)) {
        look(field.getName());
      }
      return null;
    }

    private boolean isPublic(ModifiersTree modifiers) {
      var flags = modifiers.getFlags();
      return parent().getKind() == Kind.INTERFACE
          ? !flags.contains(Modifier.PRIVATE)
          : flags.contains(Modifier.PUBLIC);
    }

    /// Returns whether it is a compact constructor, which is parsed with the record's components.
    private boolean isCompact(MethodTree method) {
      return method.getParameters().stream().anyMatch(it -> start(it) < start(method));
    }

    private boolean isNamedByEnum(VariableTree field) {
      DocCommentTree comment = docs.getDocCommentTree(getCurrentPath().getParentPath());
      return parent().getKind() == Kind.ENUM
          && comment != null
          && comment.toString().matches("(?s).*\\b" + field.getName() + "\\b.*");
    }

    private boolean builds(Tree member) {
      return member instanceof MethodTree method && method.getReturnType() == null;
    }

    private Tree parent() {
      return getCurrentPath().getParentPath().getLeaf();
    }

    private void look(Name name) {
      DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
      if (comment != null && !comment.getFirstSentence().isEmpty()) {
        comments++;
      } else {
        report(name);
      }
    }

    private void report(CharSequence name) {
      var unit = getCurrentPath().getCompilationUnit();
      long line = unit.getLineMap().getLineNumber(start(getCurrentPath().getLeaf()));
      gaps.add(Path.of(unit.getSourceFile().toUri()).getFileName() + ":" + line + " " + name);
    }

    private long start(Tree tree) {
      var unit = getCurrentPath().getCompilationUnit();
      return docs.getSourcePositions().getStartPosition(unit, tree);
    }
  }
}
