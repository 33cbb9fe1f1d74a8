package org.flowline.odesolvers;

/// What a solve cost.
///
/// @param evaluations calls of the field (`nfe`), the initial step's probe included
/// @param jacobians evaluations of its Jacobian; by differences, their calls are counted as well
/// @param factorisations of the matrices that implicit methods solve with; a solve that is resumed
///     repeats one
/// @param accepted steps that stand
/// @param rejected steps that were tried in vain
/// @param lastStep signed size of the last accepted step; 0 if there is none
public record Stats(
    long evaluations,
    long jacobians,
    long factorisations,
    long accepted,
    long rejected,
    double lastStep) {}
