package org.flowline.examples.gallery;

import java.util.List;
import java.util.function.Supplier;

/// A program of the gallery with its usual number of iterations.
///
/// @param name the name of its class
/// @param about a line on what the program does
/// @param run runs the program
public record Program(String name, String about, Supplier<Outcome> run) {
  /// All programs, in the order of `examples/README.md`.
  public static final List<Program> ALL =
      List.of(
          new Program("QuickStart", "fit a network to the unit circle", () -> QuickStart.run(500)),
          new Program(
              "EventWithLearnedParameter",
              "learn how a ball bounces from the times of its bounces",
              () -> EventWithLearnedParameter.run(30)),
          new Program(
              "NoisyFieldTraining",
              "train a field with dropout",
              () -> NoisyFieldTraining.run(20_000)),
          new Program(
              "StochasticField",
              "differentiate a stochastic differential equation",
              () -> StochasticField.run(10_000)),
          new Program(
              "SecondOrder",
              "learn accelerations from positions alone",
              () -> SecondOrder.run(1000)),
          new Program(
              "HyperNetworkField",
              "learn a weight that depends on time",
              () -> HyperNetworkField.run(20)),
          new Program(
              "RunningCostObjective",
              "learn an optimal control",
              () -> RunningCostObjective.run(500)),
          new Program(
              "ManyProblems",
              "solve 10,000 pendulums on all cores",
              () -> ManyProblems.run(10_000)));
}
