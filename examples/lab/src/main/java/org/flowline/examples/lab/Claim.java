package org.flowline.examples.lab;

/// What an experiment is about, told to a student.
///
/// @param id letter and number, such as `A4`
/// @param title a few words
/// @param statement the claim, in a sentence or two
/// @param formula the claim as an equation
/// @param done what the experiment does
/// @param seen what its numbers and pictures show, and where the claim ends
/// @param source where it comes from
public record Claim(
    String id,
    String title,
    String statement,
    String formula,
    String done,
    String seen,
    String source) {}
