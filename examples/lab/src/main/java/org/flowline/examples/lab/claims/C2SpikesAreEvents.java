package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.lines.SeriesLines;

/// C2: a membrane integrates, its spikes are events, and plasticity depends on their times.
final class C2SpikesAreEvents implements Experiment {
  /// Of the membrane, in ms.
  private static final double TAU = 20;

  /// In mV above rest, where a spike happens; it sets the potential back to rest.
  private static final double THRESHOLD = 15;

  /// How much a synapse gains by a spike before the neuron's, and loses by one behind it.
  private static final double GAIN = 1;

  private static final double LOSS = 0.6;

  /// How long that is remembered, in ms.
  private static final double TAU_GAIN = 17;

  private static final double TAU_LOSS = 34;

  private static final Integrator SOLVER =
      Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-11, 1e-11));

  @Override
  public Claim claim() {
    return new Claim(
        "C2",
        "Membranes integrate, spikes are events",
        "A leaky membrane is an ODE; a spike is an event at which its state jumps. A synapse that"
            + " remembers spikes in two decaying traces changes with the time between them (STDP),"
            + " continuously but where their order changes.",
        "τ dv/dt = RI − v,  v = θ ⇒ v ← 0:  1/rate = τ ln(RI/(RI − θ))      Δw = A₊e^(−Δt/τ₊), Δt > 0;"
            + "  −A₋e^(Δt/τ₋), Δt < 0",
        "Drives a leaky integrate-and-fire neuron (τ = 20 ms, θ = 15 mV) with constant currents and"
            + " counts its spikes' distances; then lets two such neurons fire once each, at different"
            + " distances, onto a synapse with traces. Spikes are roots found on the dense output.",
        "Rates and weights are those of the closed forms. Below RI = θ there is no spike at all, just"
            + " above it the rate rises steeply, as the last bit of the way takes longest. The"
            + " synapse grows if its input fires first and shrinks if it comes too late.",
        "Lapicque (1907); Gerstner et al. (2014); Song, Miller & Abbott (2000)");
  }

  @Override
  public Findings run() {
    double[] drives = {15.2, 16, 18, 22, 28, 36, 45};
    double[] rates = Arrays.stream(drives).map(C2SpikesAreEvents::rate).toArray();
    double worstRate = 0;
    for (int i = 0; i < drives.length; i++) {
      worstRate = Math.max(worstRate, Math.abs(rates[i] / closedRate(drives[i]) - 1));
    }
    double[] lags = IntStream.range(-10, 10).mapToDouble(i -> 5 * (i + 0.5)).toArray();
    double[] changes = Arrays.stream(lags).map(C2SpikesAreEvents::change).toArray();
    double worstChange = 0;
    for (int i = 0; i < lags.length; i++) {
      worstChange = Math.max(worstChange, Math.abs(changes[i] - window(lags[i])));
    }
    return new Findings(
        List.of(
            // A hundred times the tolerance: errors are divided by the slope at the threshold.
            Measurement.atMost(
                "firing rate against the closed form, largest relative error", worstRate, 1e-9),
            Measurement.near("spikes in a second at RI = 14.9 mV", spikes(14.9, 1000).size(), 0, 0),
            Measurement.atMost(
                "Δw against the exponential windows, largest error", worstChange, 1e-9)),
        List.of(
            Picture.of(
                "C2-neuron",
                "A neuron with RI = 18 mV, and how often it fires by the current that drives it.",
                membrane(),
                rates(drives, rates)),
            Picture.of(
                "C2-stdp",
                "How a synapse changes by the time from the spike of its input to that of its neuron.",
                plasticity(lags, changes))));
  }

  /// `dv/dt` at the potential `v` with the drive `RI`.
  private static double leak(double drive, double v) {
    return (drive - v) / TAU;
  }

  private static Event spike(String name, int neuron, Event.Reset also) {
    return Event.jump(
            name,
            (_, y) -> y[neuron] - THRESHOLD,
            (t, y) -> {
              y[neuron] = 0;
              also.apply(t, y);
            })
        .rising();
  }

  private static List<Event.Occurrence> spikes(double drive, double time) {
    return SOLVER
        .withEvent(spike("spike", 0, (_, _) -> {}))
        .solve(
            VectorField.of(1, (_, v, dvdt) -> dvdt[0] = leak(drive, v[0])), new double[1], 0, time)
        .orThrow()
        .occurrences();
  }

  /// Spikes per ms, from the first to the last of a second.
  private static double rate(double drive) {
    List<Event.Occurrence> spikes = spikes(drive, 1000);
    return (spikes.size() - 1) / (spikes.getLast().t() - spikes.getFirst().t());
  }

  private static double closedRate(double drive) {
    return drive <= THRESHOLD ? 0 : 1 / (TAU * Math.log(drive / (drive - THRESHOLD)));
  }

  /// What the weight changes by where the neuron fires `lag` ms after its input. The state is the
  /// input's potential, the neuron's, the trace of either, and the weight.
  private static double change(double lag) {
    double drive = 16;
    VectorField field =
        VectorField.of(
            5,
            (_, y, dydt) -> {
              dydt[0] = leak(drive, y[0]);
              dydt[1] = leak(drive, y[1]);
              dydt[2] = -y[2] / TAU_GAIN;
              dydt[3] = -y[3] / TAU_LOSS;
              dydt[4] = 0;
            });
    // Neither fires twice: it takes τ ln 16 = 55 ms from rest.
    double first = 5;
    double[] start = new double[5];
    start[0] = potential(drive, first + Math.max(0, -lag));
    start[1] = potential(drive, first + Math.max(0, lag));
    Solution solution =
        SOLVER
            .withEvent(
                spike(
                    "input",
                    0,
                    (_, y) -> {
                      y[2] += GAIN;
                      y[4] -= y[3];
                    }))
            .withEvent(
                spike(
                    "neuron",
                    1,
                    (_, y) -> {
                      y[3] += LOSS;
                      y[4] += y[2];
                    }))
            .solve(field, start, 0, first + Math.abs(lag) + 1)
            .orThrow();
    return solution.last()[4];
  }

  /// From which the threshold is reached in so many ms.
  private static double potential(double drive, double time) {
    return drive - (drive - THRESHOLD) * Math.exp(time / TAU);
  }

  private static double window(double lag) {
    return lag > 0 ? GAIN * Math.exp(-lag / TAU_GAIN) : -LOSS * Math.exp(lag / TAU_LOSS);
  }

  private static XYChart membrane() {
    XYChart chart =
        Pictures.panel("A neuron's potential", "time t, ms", "potential v, mV above rest");
    double drive = 18;
    List<Double> t = new ArrayList<>();
    List<Double> v = new ArrayList<>();
    SOLVER
        .withEvent(spike("spike", 0, (_, _) -> {}))
        .withObserver(
            step -> {
              double[] y = new double[1];
              for (int i = 0; i <= 8; i++) {
                double time = i == 8 ? step.end() : step.t() + (step.end() - step.t()) * i / 8;
                step.interpolate(time, y);
                t.add(time);
                v.add(y[0]);
              }
            })
        .solve(
            VectorField.of(1, (_, y, dydt) -> dydt[0] = leak(drive, y[0])), new double[1], 0, 160)
        .orThrow();
    double[] times = t.stream().mapToDouble(x -> x).toArray();
    Pictures.line(
        chart, "potential v", times, v.stream().mapToDouble(x -> x).toArray(), Pictures.colour(0));
    Pictures.line(
            chart,
            "threshold θ",
            new double[] {0, 160},
            new double[] {THRESHOLD, THRESHOLD},
            Pictures.colour(1))
        .setLineStyle(SeriesLines.DASH_DASH);
    return chart;
  }

  private static XYChart rates(double[] drives, double[] rates) {
    XYChart chart = Pictures.panel("Firing rate", "drive RI, mV", "rate, spikes per second");
    double[] fine = IntStream.rangeClosed(0, 700).mapToDouble(i -> 10 + i * 0.05).toArray();
    Pictures.line(
        chart,
        "closed form",
        fine,
        Arrays.stream(fine).map(drive -> 1000 * closedRate(drive)).toArray(),
        Pictures.colour(6));
    Pictures.marks(chart, "counted", drives, Arrays.stream(rates).map(r -> 1000 * r).toArray(), 0);
    Pictures.roundTicks(chart);
    return chart;
  }

  private static XYChart plasticity(double[] lags, double[] changes) {
    XYChart chart =
        Pictures.chart(
            "Spike-timing dependent plasticity",
            "Δt = t(neuron) − t(input), ms",
            "Δw, parts of A₊");
    double[] before = IntStream.range(0, 200).mapToDouble(i -> -50 + i / 4.0).toArray();
    double[] after = Arrays.stream(before).map(t -> -t).sorted().toArray();
    Pictures.line(
        chart,
        "window, too late",
        before,
        Arrays.stream(before).map(C2SpikesAreEvents::window).toArray(),
        Pictures.colour(1));
    Pictures.line(
        chart,
        "window, in time",
        after,
        Arrays.stream(after).map(C2SpikesAreEvents::window).toArray(),
        Pictures.colour(2));
    Pictures.marks(chart, "solved", lags, changes, 0);
    return chart;
  }
}
