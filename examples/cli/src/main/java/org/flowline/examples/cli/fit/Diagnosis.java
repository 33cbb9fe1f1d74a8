package org.flowline.examples.cli.fit;

import com.fasterxml.jackson.annotation.JsonInclude;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.diagnostics.CostLedger;
import org.flowline.neuralode.diagnostics.EnergyBalance;
import org.flowline.neuralode.diagnostics.FlowDistance;
import org.flowline.neuralode.diagnostics.Sharpness;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.odesolvers.StepObserver;
import org.knowm.xchart.XYChart;

/// What `train --diagnostics` watches: the sharpness beside what the optimiser's steps stand, where
/// the loss went, and what training cost at each level.
///
/// @param from the iterations made before, which nobody watched
/// @param sharpness looked at up to [#LOOKS] times
/// @param balance of the loss
/// @param distance from the gradient flow, of what follows it, for [#FOLLOWED] iterations
/// @param ledger of the training itself, without what is evaluated for all this
record Diagnosis(
    long from,
    Sharpness sharpness,
    EnergyBalance balance,
    Optional<FlowDistance> distance,
    CostLedger ledger) {
  private static final int LOOKS = 60;
  private static final int FOLLOWED = 100;

  /// In parts of the loss, what a balance may miss of a run that follows its flow.
  private static final double CLOSE = 0.05;

  /// What `--json` says of it; null where nothing was seen.
  ///
  /// @param from the iteration it begins with
  /// @param sharpness the last `λmax` of the Hessian
  /// @param smallest the last `λmin`
  /// @param residual there is an eigenvalue within this of both
  /// @param preconditioned the last one that the steps see
  /// @param limit what they stand of it; null where that is not known
  /// @param beyond how often they were beyond
  /// @param looks of so many
  /// @param lost the loss that is gone; null where it is not finite
  /// @param dissipated what the path accounts for
  /// @param distance from the gradient flow, and its bound; none unless training follows it
  /// @param costs of the training
  /// @param products of the Hessian, for all this
  /// @param gradients for all this
  record Report(
      long from,
      Double sharpness,
      Double smallest,
      Double residual,
      Double preconditioned,
      Double limit,
      long beyond,
      int looks,
      Double lost,
      Double dissipated,
      @JsonInclude(JsonInclude.Include.NON_NULL) Distance distance,
      CostLedger.Account costs,
      long products,
      long gradients) {}

  /// How far descent came from the flow.
  ///
  /// @param iterations behind so many
  /// @param tau their training time
  /// @param distance of θ
  /// @param bound on it; null where there is none, or none that is finite
  record Distance(int iterations, double tau, double distance, Double bound) {}

  /// @param from the iterations made before
  /// @param trained the objective of the training, whose costs are counted
  /// @param watched the same loss, of all there is, to look at aside
  static Diagnosis of(
      long from,
      Objective trained,
      TwiceDifferentiableObjective watched,
      Optimizer optimizer,
      long iterations) {
    return new Diagnosis(
        from,
        Sharpness.of(watched, optimizer)
            .withEvery(Math.max(1, (iterations - from + LOOKS - 1) / LOOKS)),
        EnergyBalance.of(watched, optimizer, trained.varies() ? trained : watched),
        Optional.of(watched)
            .filter(loss -> !trained.varies())
            .filter(loss -> GradientFlow.is(optimizer.flow().apply(loss), loss))
            .map(loss -> FlowDistance.of(loss, optimizer).withSteps(FOLLOWED)),
        CostLedger.of(trained));
  }

  List<StepObserver> observers() {
    return Stream.concat(Stream.of(sharpness, balance, ledger), distance.stream()).toList();
  }

  Report report() {
    List<Sharpness.Point> points = known();
    EnergyBalance.Balance energy = balance.balance();
    return new Report(
        from,
        last(at -> at.hessian().largest()),
        last(at -> at.hessian().smallest()),
        last(at -> at.hessian().residual()),
        last(at -> at.preconditioned().largest()),
        last(Sharpness.Point::limit),
        points.stream().filter(Sharpness.Point::beyond).count(),
        points.size(),
        finite(energy.lost()),
        finite(energy.dissipated()),
        distance.filter(watch -> !watch.points().isEmpty()).map(Diagnosis::end).orElse(null),
        ledger.account(),
        sharpness.products() + distance.map(FlowDistance::products).orElse(0L),
        energy.gradients() + distance.map(FlowDistance::gradients).orElse(0L));
  }

  private static Distance end(FlowDistance watch) {
    FlowDistance.Point last = watch.points().getLast();
    return new Distance(
        watch.points().size(),
        last.tau(),
        last.distance(),
        Double.isFinite(last.bound()) ? last.bound() : null);
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private Double last(ToDoubleFunction<Sharpness.Point> of) {
    List<Sharpness.Point> points = known();
    double value = points.isEmpty() ? Double.NaN : of.applyAsDouble(points.getLast());
    return Double.isNaN(value) ? null : value;
  }

  /// Where there was a Hessian.
  private List<Sharpness.Point> known() {
    return sharpness.points().stream().filter(at -> at.hessian().products() > 0).toList();
  }

  String summary(Report report) {
    CostLedger.Account costs = report.costs();
    return String.format(
        Locale.ROOT,
        """
        sharpness   %s
        energy      %s
        %sstate       %,d evaluations of the field by forward solves, %s kept of one
        adjoint     %,d pullbacks, %s going back
        training    %,d steps, %,d gradients, %,d products with the Hessian, %s of θ and its slopes
        diagnosis   cost %,d products with the Hessian, %,d gradients%s""",
        curvature(report),
        energy(report),
        flow(report.distance()),
        costs.state().evaluations(),
        bytes(costs.state().bytes()),
        costs.adjoint().pullbacks(),
        bytes(costs.adjoint().bytes()),
        costs.training().steps(),
        costs.training().gradients(),
        costs.training().products(),
        bytes(costs.training().bytes()),
        report.products(),
        report.gradients(),
        from == 0 ? "" : "; all of the above from iteration %,d on".formatted(from));
  }

  private static String energy(Report report) {
    if (report.lost() == null || report.dissipated() == null) {
      return "no balance, a loss was not finite";
    }
    boolean close =
        Math.abs(report.lost() - report.dissipated()) <= CLOSE * Math.abs(report.lost());
    return String.format(
        Locale.ROOT,
        "the loss fell by %.4g within its horizons, its slopes along the steps give %.4g: %s",
        report.lost(),
        report.dissipated(),
        close ? "the steps are short" : "the steps are too long to follow a flow");
  }

  private String flow(Distance at) {
    String seen =
        at == null
            ? ""
            : String.format(
                Locale.ROOT,
                "flow        behind %d iterations %.4g from the gradient flow%s%n",
                at.iterations(),
                at.distance(),
                at.bound() == null
                    ? ""
                    : String.format(Locale.ROOT, ", %.3g at most by theorem", at.bound()));
    String ended =
        at == null ? "flow        not watched: %s%n" : "            and no further: %s%n";
    return seen + distance.flatMap(FlowDistance::failure).map(ended::formatted).orElse("");
  }

  private static String curvature(Report report) {
    if (report.looks() == 0) {
      return "not seen, the loss had no Hessian that could be computed";
    }
    String stable =
        report.limit() == null
            ? "no limit known"
            : String.format(
                Locale.ROOT,
                "stable up to %.4g, beyond it %d of %d times",
                report.limit(),
                report.beyond(),
                report.looks());
    return String.format(
        Locale.ROOT,
        "λmax %.4g, λmin %.3g, both to within %.1g; as the steps see it %.4g, %s",
        report.sharpness(),
        report.smallest(),
        report.residual(),
        report.preconditioned(),
        stable);
  }

  private static String bytes(long bytes) {
    return bytes < 10_000
        ? String.format(Locale.ROOT, "%,d bytes", bytes)
        : String.format(Locale.ROOT, "%,d kB", Math.round(bytes / 1e3));
  }

  void addTo(OutputFolder folder) {
    if (known().isEmpty()) {
      return;
    }
    folder.add(
        new Picture(
            "sharpness",
            "How sharp the loss is where training is, and how sharp it may be.",
            List.of(seen(), spectrum()),
            1));
    folder.add("sharpness.csv", this::write);
    distance
        .filter(watch -> watch.points().size() > 1)
        .ifPresent(watch -> folder.add(distances(watch.points())));
  }

  /// On the way of the first iterations.
  private static Picture distances(List<FlowDistance.Point> points) {
    XYChart chart =
        Pictures.chart("Distance from the gradient flow", "training time", "distance of θ");
    double[] tau = points.stream().mapToDouble(FlowDistance.Point::tau).toArray();
    double[] seen = points.stream().mapToDouble(FlowDistance.Point::distance).toArray();
    double[] bound =
        points.stream()
            .mapToDouble(FlowDistance.Point::bound)
            .map(x -> x < Double.MAX_VALUE ? x : Double.NaN)
            .toArray();
    Pictures.line(chart, "measured", tau, seen, Pictures.colour(0));
    if (Arrays.stream(bound).anyMatch(x -> x > 0)) {
      Pictures.line(chart, "at most", tau, bound, Pictures.colour(1)).setLineStyle(Pictures.DASHES);
    }
    Pictures.logarithmic(chart, positive(join(seen, bound)));
    Pictures.roundTicks(chart);
    return Picture.of(
        "distance",
        "How far descent has come from the gradient flow that starts where it started, and the"
            + " bound of Elkabetz and Cohen's theorem.",
        chart);
  }

  /// What the steps see, beside what they stand.
  private XYChart seen() {
    XYChart chart = Pictures.chart("Sharpness as the steps see it", "iteration", "λₘₐₓ(D⁻¹∇²L)");
    double[] seen = values(at -> at.preconditioned().largest());
    double[] limit = values(Sharpness.Point::limit);
    Pictures.markedLine(chart, "λₘₐₓ", steps(), seen, 0);
    boolean limited = Arrays.stream(limit).noneMatch(Double::isNaN);
    if (limited) {
      Pictures.line(chart, "stable up to", steps(), limit, Pictures.colour(1))
          .setLineStyle(Pictures.DASHES);
    }
    Pictures.logarithmic(chart, positive(limited ? join(seen, limit) : seen));
    Pictures.roundTicks(chart);
    return chart;
  }

  private XYChart spectrum() {
    XYChart chart = Pictures.chart("Ends of the Hessian's spectrum", "iteration", "eigenvalue");
    double[] largest = values(at -> at.hessian().largest());
    double[] falling = values(at -> -at.hessian().smallest());
    double[] residual = values(at -> at.hessian().residual());
    Pictures.markedLine(chart, "λₘₐₓ", steps(), largest, 0);
    Pictures.markedLine(chart, "−λₘᵢₙ > 0", steps(), falling, 1);
    Pictures.line(chart, "known to within", steps(), residual, Pictures.colour(2))
        .setLineStyle(Pictures.DASHES);
    Pictures.logarithmic(chart, positive(join(largest, join(falling, residual))));
    Pictures.roundTicks(chart);
    return chart;
  }

  private double[] steps() {
    return known().stream().mapToDouble(at -> from + at.step()).toArray();
  }

  /// NaN where a logarithmic axis has no place.
  private double[] values(ToDoubleFunction<Sharpness.Point> of) {
    return known().stream().mapToDouble(of).map(x -> x > 0 ? x : Double.NaN).toArray();
  }

  private static double[] positive(double[] values) {
    return Arrays.stream(values).filter(x -> x > 0).toArray();
  }

  private static double[] join(double[] a, double[] b) {
    return Stream.of(a, b).flatMapToDouble(Arrays::stream).toArray();
  }

  private void write(Path file) throws IOException {
    try (CsvWriter csv = CsvWriter.builder().build(file)) {
      csv.writeRecord(
          "iteration",
          "tau",
          "largest",
          "smallest",
          "residual",
          "preconditioned",
          "preconditioned_residual",
          "limit");
      for (Sharpness.Point at : known()) {
        csv.writeRecord(
            Long.toString(from + at.step()),
            Double.toString(at.tau()),
            Double.toString(at.hessian().largest()),
            Double.toString(at.hessian().smallest()),
            Double.toString(at.hessian().residual()),
            Double.toString(at.preconditioned().largest()),
            Double.toString(at.preconditioned().residual()),
            Double.toString(at.limit()));
      }
    }
  }
}
