package org.flowline.examples.lab;

/// A claim, its experiment and its findings as prose.
///
/// @param id letter and number, such as `A4`
/// @param title a few words
/// @param statement the claim, in a sentence or two
/// @param formula the claim as an equation
/// @param experiment the setup of the experiment
/// @param findings what its numbers and pictures show, and the limits of the claim
/// @param source the literature
public record Claim(
    String id,
    String title,
    String statement,
    String formula,
    String experiment,
    String findings,
    String source) {}
