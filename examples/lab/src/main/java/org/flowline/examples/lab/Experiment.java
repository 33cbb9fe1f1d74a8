package org.flowline.examples.lab;

import java.util.function.Consumer;

/// A claim and the procedure that checks it.
///
/// @param procedure records its measurements, the one that carries the claim first, and its
///     pictures, whose names start with the claim's id. Deterministic; throws a RuntimeException if
///     a computation that the claim needs fails, such as a solve.
public record Experiment(Claim claim, Consumer<Notebook> procedure) {}
