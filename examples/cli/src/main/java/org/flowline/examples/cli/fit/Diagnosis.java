package org.flowline.examples.cli.fit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.flowline.examples.cli.report.Csv;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.examples.cli.report.Text;
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

/// The diagnostics of `train --diagnostics`: sharpness and the stability limit of the optimiser,
/// the energy balance, the distance from the gradient flow, and the costs.
///
/// @param from the iterations made before a resume, which were not observed
/// @param sharpness at up to [#LOOKS] iterations
/// @param balance of the loss
/// @param distance over [#FOLLOWED] iterations; empty unless the optimiser discretises gradient
///     flow
/// @param ledger of the costs of the training, without the cost of the diagnostics
record Diagnosis(
    long from,
    Sharpness sharpness,
    EnergyBalance balance,
    Optional<FlowDistance> distance,
    CostLedger ledger) {
  private static final int LOOKS = 60;
  private static final int FOLLOWED = 100;

  /// The relative error of an energy balance up to which steps count as short.
  private static final double CLOSE = 0.05;

  /// The result, as `--json` prints it; null where a quantity was not computed.
  ///
  /// @param sharpness the last `λmax` of the Hessian
  /// @param smallest the last `λmin`
  /// @param residual a bound on the distance of both from an eigenvalue
  /// @param preconditioned the last `λmax` of `D⁻¹∇²L`
  /// @param limit the largest one at which the steps are stable
  /// @param beyond how often it was exceeded
  /// @param looks at the sharpness
  /// @param lost the decrease of the loss
  /// @param dissipated the decrease that the slopes along the steps account for
  /// @param products with the Hessian, for the diagnostics
  /// @param gradients for the diagnostics
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

  /// The distance of descent from the gradient flow.
  ///
  /// @param tau the training time after these iterations
  /// @param bound on the distance; null where there is none
  record Distance(int iterations, double tau, double distance, Double bound) {}

  /// Prepares the diagnostics.
  ///
  /// @param trained the objective of the training, whose costs are counted
  /// @param watched the same loss on all data, evaluated for the diagnostics
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
    return new Distance(watch.points().size(), last.tau(), last.distance(), finite(last.bound()));
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private Double last(Function<Sharpness.Point, Double> of) {
    return known().stream()
        .map(of)
        .reduce((_, later) -> later)
        .filter(x -> !x.isNaN())
        .orElse(null);
  }

  /// The points that have a Hessian.
  private List<Sharpness.Point> known() {
    return sharpness.points().stream().filter(at -> at.hessian().products() > 0).toList();
  }

  String summary(Report report) {
    CostLedger.Account costs = report.costs();
    return Text.format(
        """
        sharpness   %s
        energy      %s
        %sstate       %,d evaluations of the field in forward solves, at most %s stored
        adjoint     %,d pullbacks, at most %s stored
        training    %,d steps, %,d gradients, %,d products with the Hessian, %s for θ and its slopes
        diagnosis   %,d products with the Hessian, %,d gradients in addition%s""",
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
      return "no balance: a loss was not finite";
    }
    boolean close =
        Math.abs(report.lost() - report.dissipated()) <= CLOSE * Math.abs(report.lost());
    return Text.format(
        "the loss decreased by %.4g within its stages, the slopes along the steps account for %.4g: %s",
        report.lost(),
        report.dissipated(),
        close ? "the steps are short" : "the steps are too long to follow a flow");
  }

  private String flow(Distance at) {
    Optional<String> failure = distance.flatMap(FlowDistance::failure);
    if (at == null) {
      return failure.map("flow        not observed: %s%n"::formatted).orElse("");
    }
    String bound = at.bound() == null ? "" : Text.format(", by theorem at most %.3g", at.bound());
    String format = "flow        after %d iterations %.4g from the gradient flow%s%n";
    return Text.format(format, at.iterations(), at.distance(), bound)
        + failure.map("            not observed further: %s%n"::formatted).orElse("");
  }

  private static String curvature(Report report) {
    if (report.looks() == 0) {
      return "not known: no Hessian of the loss could be computed";
    }
    String stable =
        report.limit() == null
            ? "no limit known"
            : Text.format(
                "stable up to %.4g, exceeded %d of %d times",
                report.limit(), report.beyond(), report.looks());
    return Text.format(
        "λmax %.4g, λmin %.3g, both to within %.1g; preconditioned %.4g, %s",
        report.sharpness(), report.smallest(), report.residual(), report.preconditioned(), stable);
  }

  private static String bytes(long bytes) {
    boolean few = bytes < 10_000;
    return Text.format(few ? "%,d bytes" : "%,d kB", few ? bytes : Math.round(bytes / 1e3));
  }

  void addTo(OutputFolder folder) {
    if (known().isEmpty()) {
      return;
    }
    String caption =
        "The sharpness of the loss along the training, and the stability limit of the optimiser.";
    folder.add(Picture.column("sharpness", caption, preconditioned(), spectrum()));
    folder.add("sharpness.csv", table()::write);
    distance
        .filter(watch -> watch.points().size() > 1)
        .ifPresent(watch -> folder.add(distances(watch.points())));
  }

  private static Picture distances(List<FlowDistance.Point> points) {
    XYChart chart =
        Pictures.chart("Distance from the gradient flow", "training time", "distance of θ");
    double[] tau = points.stream().mapToDouble(FlowDistance.Point::tau).toArray();
    double[] distance = points.stream().mapToDouble(FlowDistance.Point::distance).toArray();
    double[] bound = points.stream().mapToDouble(FlowDistance.Point::bound).toArray();
    Arrays.setAll(bound, i -> Double.isInfinite(bound[i]) ? Double.NaN : bound[i]);
    Pictures.line(chart, "measured", tau, distance, Pictures.colour(0));
    dashed(chart, "bound", tau, bound, 1);
    logarithmic(chart);
    return Picture.of(
        "distance",
        "The distance of descent from the gradient flow with the same start, and the bound of Elkabetz"
            + " and Cohen's theorem.",
        chart);
  }

  private static void dashed(XYChart chart, String name, double[] x, double[] y, int colour) {
    if (Arrays.stream(y).anyMatch(value -> value > 0)) {
      Pictures.line(chart, name, x, y, Pictures.colour(colour)).setLineStyle(Pictures.DASHES);
    }
  }

  private static XYChart logarithmic(XYChart chart) {
    Pictures.logarithmicY(chart);
    Pictures.roundTicks(chart);
    return chart;
  }

  private XYChart preconditioned() {
    XYChart chart = Pictures.chart("Preconditioned sharpness", "iteration", "λₘₐₓ(D⁻¹∇²L)");
    Pictures.markedLine(chart, "λₘₐₓ", steps(), values(at -> at.preconditioned().largest()), 0);
    dashed(chart, "stability limit", steps(), values(Sharpness.Point::limit), 1);
    return logarithmic(chart);
  }

  private XYChart spectrum() {
    XYChart chart = Pictures.chart("Ends of the Hessian's spectrum", "iteration", "eigenvalue");
    Pictures.markedLine(chart, "λₘₐₓ", steps(), values(at -> at.hessian().largest()), 0);
    Pictures.markedLine(chart, "−λₘᵢₙ > 0", steps(), values(at -> -at.hessian().smallest()), 1);
    dashed(chart, "accuracy", steps(), values(at -> at.hessian().residual()), 2);
    return logarithmic(chart);
  }

  private double[] steps() {
    return known().stream().mapToDouble(at -> from + at.step()).toArray();
  }

  /// The values; NaN where they are not positive, for a logarithmic axis.
  private double[] values(ToDoubleFunction<Sharpness.Point> of) {
    return known().stream().mapToDouble(of).map(x -> x > 0 ? x : Double.NaN).toArray();
  }

  private Csv table() {
    return new Csv(
        List.of(
            "iteration,tau,largest,smallest,residual,preconditioned,preconditioned_residual,limit"
                .split(",")),
        known().stream()
            .map(
                at ->
                    List.of(
                        from + at.step(),
                        at.tau(),
                        at.hessian().largest(),
                        at.hessian().smallest(),
                        at.hessian().residual(),
                        at.preconditioned().largest(),
                        at.preconditioned().residual(),
                        at.limit())));
  }
}
