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
/// @param nextStep size that an adaptive solve would try next, were there no end in the way: a good
///     first step for a solve that goes on from there. 0 for fixed steps and Hipparchus' methods
/// @param stiffness `h ρ` at the end, where `ρ` is the largest eigenvalue's size: about
///     [org.flowline.odesolvers.method.Stability#realLimit] where stability holds back an explicit
///     method, and an implicit one is faster. Looked at, for 51 evaluations at most, where explicit
///     adaptive steps were 1000 or more, ran out or became too small; NaN otherwise
public record Stats(
    long evaluations,
    long jacobians,
    long factorisations,
    long accepted,
    long rejected,
    double lastStep,
    double nextStep,
    double stiffness) {}
