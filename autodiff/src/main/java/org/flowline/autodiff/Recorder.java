package org.flowline.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Collects the operations of one [Tape] while a program is recorded or a derivative is written;
/// closed once the tape exists.
final class Recorder {
  private static final Set<String> OWN = Set.of(Recorder.class.getName(), Tape.class.getName());

  /// The recording of a user's program that this thread is inside of.
  private static final ScopedValue<Recorder> CURRENT = ScopedValue.newInstance();

  private final List<Tape.Node> nodes = new ArrayList<>();
  private final List<Var> inputs = new ArrayList<>();

  /// The place where a user's program began; null for the output of a transformation.
  private final Throwable began;

  /// The only thread that may add operations.
  private final Thread writer = Thread.currentThread();

  private boolean closed;

  /// A recording of a transformation.
  Recorder() {
    this(null);
  }

  private Recorder(Throwable began) {
    this.began = began;
  }

  /// Runs a user's program on arguments of these shapes. Until it returns, the values of every
  /// other user's program are foreign.
  static Tape record(List<Shape> inputs, Function<List<Var>, List<Var>> program) {
    Recorder recorder = new Recorder(new Throwable());
    try {
      return ScopedValue.where(CURRENT, recorder)
          .call(() -> recorder.finish(results(program.apply(recorder.inputs(inputs)))));
    } finally {
      recorder.closed = true; // also where the program threw
    }
  }

  private static List<Var> results(List<Var> results) {
    if (results == null) {
      throw new IllegalArgumentException(
          "record: the program returned null; want a list of its results");
    }
    for (int k = 0; k < results.size(); k++) {
      if (results.get(k) == null) {
        throw new IllegalArgumentException("record: result " + k + " is null; want a Var");
      }
    }
    return results;
  }

  Var input(Shape shape) {
    Var input = emit(new Op.Input(inputs.size(), shape));
    inputs.add(input);
    return input;
  }

  List<Var> inputs(List<Shape> shapes) {
    List<Var> inputs = new ArrayList<>(shapes.size());
    for (Shape shape : shapes) {
      inputs.add(input(shape));
    }
    return inputs;
  }

  Var constant(Shape shape, double value) {
    return emit(Op.Constant.filled(shape, value));
  }

  Var emit(Op op, Var... operands) {
    List<Shape> shapes = new ArrayList<>(operands.length);
    int[] ids = new int[operands.length];
    requireOwn(op, operands);
    for (int i = 0; i < operands.length; i++) {
      ids[i] = operands[i].id;
      shapes.add(operands[i].shape());
    }
    Shape shape = op.shape(shapes);
    nodes.add(new Tape.Node(op, ids, shape));
    return new Var(this, nodes.size() - 1, shape);
  }

  /// Refuses null, a value of another tape, and a value of a tape that this thread is not recording
  /// at this moment.
  void requireOwn(Op op, Var... operands) {
    for (Var operand : operands) {
      if (operand == null || !isOwn(operand)) { // so that labels are only made where they are read
        requireOwn(op.label() + ": operand ", operand);
      }
    }
  }

  private boolean isOwn(Var value) {
    Recorder owner = value.recorder;
    boolean outside = owner.began != null && CURRENT.orElse(owner) != owner;
    return owner == this && !closed && !outside && !owner.isElsewhere();
  }

  private boolean isElsewhere() {
    return began != null && writer != Thread.currentThread();
  }

  void requireOwn(String what, Var value) {
    if (value == null) {
      throw new IllegalArgumentException(what + "is null; want a Var");
    }
    Recorder owner = value.recorder;
    if (owner.closed) {
      throw foreign(what, value, ", which is closed; use its values only inside record(…)");
    }
    if (owner.isElsewhere()) {
      String thread = owner.writer.getName();
      throw foreign(what, value, " by thread \"" + thread + "\"; use its values only there");
    }
    if (!isOwn(value)) {
      throw foreign(what, value, "; pass it in as an input");
    }
  }

  private static IllegalStateException foreign(String what, Var value, String remedy) {
    return new IllegalStateException(
        what + value + " belongs to the tape recorded " + value.recorder.place() + remedy);
  }

  /// Returns the line of the user's program that began this recording.
  private String place() {
    if (began == null) {
      return "by a transformation";
    }
    return Arrays.stream(began.getStackTrace())
        .filter(frame -> !OWN.contains(frame.getClassName()))
        .findFirst()
        .map(frame -> "at " + frame.getFileName() + ":" + frame.getLineNumber())
        .orElse("elsewhere");
  }

  /// Returns `x` if `candidate` is `xᵀ`, else the candidate itself.
  Var untransposed(Var candidate) {
    Tape.Node node = nodes.get(candidate.id);
    if (!(node.op() instanceof Op.Permute permute && permute.isTranspose())) {
      return candidate;
    }
    int operand = node.operands()[0];
    return new Var(this, operand, nodes.get(operand).shape());
  }

  Op op(Var value) {
    return nodes.get(value.id).op();
  }

  Var operand(Var value, int index) {
    int id = nodes.get(value.id).operands()[index];
    return new Var(this, id, nodes.get(id).shape());
  }

  /// Writes `tape` into this recording, on the given arguments. Returns one `Var` for each node.
  List<Var> inline(Tape tape, List<Var> arguments) {
    return inline(tape, arguments, Map.of());
  }

  /// Writes `tape` into this recording, with the values `known` in place of the nodes of these
  /// numbers. Returns one `Var` for each node.
  List<Var> inline(Tape tape, List<Var> arguments, Map<Integer, Var> known) {
    List<Var> values = new ArrayList<>(tape.nodes().size());
    for (Tape.Node node : tape.nodes()) {
      Var value = known.get(values.size());
      values.add(
          value != null
              ? value
              : node.op() instanceof Op.Input input
                  ? arguments.get(input.index())
                  : emit(node.op(), select(values, node.operands())));
    }
    return values;
  }

  static Var[] select(List<Var> values, int[] ids) {
    Var[] selected = new Var[ids.length];
    for (int i = 0; i < ids.length; i++) {
      selected[i] = values.get(ids[i]);
    }
    return selected;
  }

  /// Closes the recording. Returns it as a tape of the outputs, the nodes that they depend on, and
  /// every input.
  Tape finish(List<Var> outputs) {
    boolean[] needed = new boolean[nodes.size()];
    int[] results = new int[outputs.size()];
    for (int i = 0; i < results.length; i++) {
      requireOwn("output ", outputs.get(i));
      results[i] = outputs.get(i).id;
    }
    for (Var input : inputs) {
      needed[input.id] = true;
    }
    closed = true;
    return pruned(nodes, needed, results);
  }

  /// Returns a tape of the outputs and of the nodes that they and the nodes `needed` depend on.
  static Tape pruned(List<Tape.Node> nodes, boolean[] needed, int[] outputs) {
    for (int output : outputs) {
      needed[output] = true;
    }
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (needed[i]) {
        for (int operand : nodes.get(i).operands()) {
          needed[operand] = true;
        }
      }
    }
    int[] renumbered = new int[nodes.size()];
    List<Tape.Node> kept = new ArrayList<>();
    for (int i = 0; i < renumbered.length; i++) {
      if (needed[i]) {
        Tape.Node node = nodes.get(i);
        renumbered[i] = kept.size();
        kept.add(new Tape.Node(node.op(), select(renumbered, node.operands()), node.shape()));
      }
    }
    return new Tape(kept, select(renumbered, outputs));
  }

  private static int[] select(int[] numbers, int[] ids) {
    int[] selected = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      selected[i] = numbers[ids[i]];
    }
    return selected;
  }

  String describe(int id) {
    Tape.Node node = nodes.get(id);
    return "%" + id + " (" + node.op().label() + " " + node.shape() + ")";
  }
}
