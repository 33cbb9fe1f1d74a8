package org.flowline.examples.lab.claims;

import java.util.List;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.examples.pictures.Strokes;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;

/// C2: a membrane integrates, its spikes are events, and plasticity depends on their times.
final class C2SpikesAreEvents {
  /// The time constant of the membrane, in ms.
  private static final double TAU = 20;

  /// The potential of a spike, in mV above rest; a spike resets the potential to rest.
  private static final double THRESHOLD = 15;

  /// The increase of a weight if the input fires just before the neuron, and the decrease if it
  /// fires just after.
  private static final double GAIN = 1;

  private static final double LOSS = 0.6;

  /// The time constants of the two traces, in ms.
  private static final double TAU_GAIN = 17;

  private static final double TAU_LOSS = 34;

  private static final Integrator SOLVER =
      Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-11, 1e-11));

  void run(Notebook notes) {
    double[] drives = {15.2, 16, 18, 22, 28, 36, 45};
    double[] rates = Series.map(drives, C2SpikesAreEvents::rate);
    double[] lags = Series.map(Series.range(-10, 9), i -> 5 * (i + 0.5));
    double[] changes = Series.map(lags, C2SpikesAreEvents::change);
    // A hundred times the tolerance: errors are divided by the slope at the threshold.
    notes.atMost(
        "firing rate against the closed form, largest relative error",
        Series.max(0, drives.length, i -> Math.abs(rates[i] / closedRate(drives[i]) - 1)),
        1e-9);
    notes.near("spikes in a second at RI = 14.9 mV", spikes(14.9, 1000).size(), 0, 0);
    notes.atMost(
        "Δw against the exponential windows, largest error",
        Series.max(0, lags.length, i -> Math.abs(changes[i] - window(lags[i]))),
        1e-9);
    double[] fine = Series.map(Series.range(0, 700), i -> 10 + i * 0.05);
    notes.picture(
        "C2-neuron",
        "A neuron with RI = 18 mV, and the firing rate as a function of the drive.",
        membrane(),
        Panel.half("Firing rate", "drive RI, mV", "rate, spikes per second")
            .line("closed form", fine, drive -> 1000 * closedRate(drive), Panel.DARK)
            .marks("measured", drives, Series.map(rates, r -> 1000 * r), 0)
            .roundTicks());
    double[] before = Series.map(Series.range(0, 199), i -> -50 + i / 4.0);
    double[] after = Series.map(Series.range(1, 200), i -> i / 4.0);
    notes.picture(
        "C2-stdp",
        "Change of a synapse by the time between the spikes of its input and its neuron.",
        Panel.wide(
                "Spike-timing dependent plasticity",
                "Δt = t(neuron) − t(input), ms",
                "Δw in units of A₊")
            .line("window, input after neuron", before, C2SpikesAreEvents::window, 1)
            .line("window, input before neuron", after, C2SpikesAreEvents::window, 2)
            .marks("solved", lags, changes, 0));
  }

  /// `dv/dt` at the potential `v` with the drive `RI`.
  private static double leak(double drive, double v) {
    return (drive - v) / TAU;
  }

  private static VectorField membrane(double drive) {
    return VectorField.of(1, (_, v, dvdt) -> dvdt[0] = leak(drive, v[0]));
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
        .solve(membrane(drive), new double[1], 0, time)
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

  /// The change of the weight if the neuron fires `lag` ms after its input. The state is the
  /// potentials of input and neuron, their traces, and the weight.
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
    Event input =
        spike(
            "input",
            0,
            (_, y) -> {
              y[2] += GAIN;
              y[4] -= y[3];
            });
    Event neuron =
        spike(
            "neuron",
            1,
            (_, y) -> {
              y[3] += LOSS;
              y[4] += y[2];
            });
    // Neither fires twice: from rest to the threshold takes τ ln 16 = 55 ms.
    double first = 5;
    double[] start = new double[5];
    start[0] = potential(drive, first + Math.max(0, -lag));
    start[1] = potential(drive, first + Math.max(0, lag));
    return SOLVER
        .withEvent(input)
        .withEvent(neuron)
        .solve(field, start, 0, first + Math.abs(lag) + 1)
        .orThrow()
        .last()[4];
  }

  /// The potential from which the threshold is reached after this time.
  private static double potential(double drive, double time) {
    return drive - (drive - THRESHOLD) * Math.exp(time / TAU);
  }

  private static double window(double lag) {
    return lag > 0 ? GAIN * Math.exp(-lag / TAU_GAIN) : -LOSS * Math.exp(lag / TAU_LOSS);
  }

  private static Panel membrane() {
    double end = 160;
    Strokes v = new Strokes();
    SOLVER
        .withEvent(spike("spike", 0, (_, _) -> {}))
        .withObserver(
            step -> {
              double[] y = new double[1];
              for (int i = 0; i <= 8; i++) {
                double time = i == 8 ? step.end() : step.t() + (step.end() - step.t()) * i / 8;
                step.interpolate(time, y);
                v.to(time, y[0]);
              }
            })
        .solve(membrane(18), new double[1], 0, end)
        .orThrow();
    double[][] tv = v.columns();
    return Panel.half("A neuron's potential", "time t, ms", "potential v, mV above rest")
        .line("potential v", tv[0], tv[1], 0)
        .dashes("threshold θ", new double[] {0, end}, _ -> THRESHOLD, 1);
  }
}
