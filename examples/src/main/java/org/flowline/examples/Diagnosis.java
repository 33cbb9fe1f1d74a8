package org.flowline.examples;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.diagnostics.EnergyBalance;
import org.flowline.neuralode.diagnostics.Sharpness;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.TwiceDifferentiableObjective;
import org.flowline.odesolvers.StepObserver;
import org.knowm.xchart.XYChart;

/// What `train --diagnostics` watches: the sharpness beside what the optimiser's steps stand, and
/// where the loss went.
///
/// @param sharpness looked at some [#LOOKS] times
/// @param balance of the loss
record Diagnosis(Optimizer optimizer, Sharpness sharpness, EnergyBalance balance) {
  private static final int LOOKS = 60;

  /// What `--json` says of it.
  ///
  /// @param sharpness the last `λmax` of the Hessian
  /// @param smallest the last `λmin`
  /// @param preconditioned the last one that the steps see
  /// @param limit what they stand of it; null where that is not known
  /// @param beyond how often they were beyond
  /// @param looks of so many
  /// @param lost the loss that is gone
  /// @param dissipated what the path accounts for
  /// @param products of the Hessian, for all this
  /// @param gradients for all this
  record Report(
      double sharpness,
      double smallest,
      double preconditioned,
      Double limit,
      long beyond,
      int looks,
      double lost,
      double dissipated,
      long products,
      long gradients) {}

  static Diagnosis of(
      TwiceDifferentiableObjective objective, Optimizer optimizer, long iterations) {
    return new Diagnosis(
        optimizer,
        Sharpness.of(objective, optimizer).withEvery(Math.max(1, iterations / LOOKS)),
        EnergyBalance.of(objective, optimizer));
  }

  List<StepObserver> observers() {
    return List.of(sharpness, balance);
  }

  Report report() {
    List<Sharpness.Point> points = known();
    Sharpness.Point last = points.getLast();
    EnergyBalance.Balance energy = balance.balance();
    return new Report(
        last.hessian().largest(),
        last.hessian().smallest(),
        last.preconditioned().largest(),
        Double.isNaN(last.limit()) ? null : last.limit(),
        points.stream().filter(Sharpness.Point::beyond).count(),
        points.size(),
        energy.lost(),
        energy.dissipated(),
        sharpness.products(),
        energy.gradients());
  }

  /// Where there was a Hessian.
  private List<Sharpness.Point> known() {
    return sharpness.points().stream().filter(at -> at.hessian().products() > 0).toList();
  }

  String summary(Report report) {
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
        """
        sharpness   λmax %.4g, λmin %.4g; as the steps see it %.4g, %s
        energy      the loss fell by %.4g within its horizons, the path accounts for %.4g
        diagnosis   cost %,d products with the Hessian, %,d gradients""",
        report.sharpness(),
        report.smallest(),
        report.preconditioned(),
        stable,
        report.lost(),
        report.dissipated(),
        report.products(),
        report.gradients());
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
    return chart;
  }

  private XYChart spectrum() {
    XYChart chart = Pictures.chart("Ends of the Hessian's spectrum", "iteration", "eigenvalue");
    double[] largest = values(at -> at.hessian().largest());
    double[] falling = values(at -> -at.hessian().smallest());
    Pictures.markedLine(chart, "λₘₐₓ", steps(), largest, 0);
    Pictures.markedLine(chart, "−λₘᵢₙ > 0", steps(), falling, 1);
    Pictures.logarithmic(chart, positive(join(largest, falling)));
    return chart;
  }

  private double[] steps() {
    return values(Sharpness.Point::step);
  }

  /// NaN where a logarithmic axis has no place.
  private double[] values(ToDoubleFunction<Sharpness.Point> of) {
    return known().stream().mapToDouble(of).map(x -> x >= 0 ? x : Double.NaN).toArray();
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
          "iteration", "tau", "largest", "smallest", "preconditioned", "limit", "residual");
      for (Sharpness.Point at : known()) {
        csv.writeRecord(
            Long.toString(at.step()),
            Double.toString(at.tau()),
            Double.toString(at.hessian().largest()),
            Double.toString(at.hessian().smallest()),
            Double.toString(at.preconditioned().largest()),
            Double.toString(at.limit()),
            Double.toString(at.preconditioned().residual()));
      }
    }
  }
}
