package org.flowline.odesolvers;

/// The cost of a solve.
///
/// @param evaluations calls of the field (`nfe`), including the probe of the initial step
/// @param jacobians evaluations of its Jacobian; the calls of a Jacobian by differences are counted
///     in `evaluations`, too
/// @param factorisations factorisations of the matrices of implicit methods; a resumed solve
///     repeats one
/// @param accepted accepted steps
/// @param rejected rejected steps
/// @param lastStep signed size of the last accepted step; 0 if there is none
/// @param nextStep size of the next step of an adaptive solve if its interval were longer: a good
///     first step of a solve that continues it; 0 for fixed steps and Hipparchus' methods
/// @param stiffness `h ρ` at the end, where `ρ` is the magnitude of the largest eigenvalue: about
///     [org.flowline.odesolvers.method.Stability#realLimit] if stability restricts an explicit
///     method, and an implicit one is faster. Estimated, with at most 51 evaluations, after 1000 or
///     more explicit adaptive steps and if these failed; NaN otherwise
public record Stats(
    long evaluations,
    long jacobians,
    long factorisations,
    long accepted,
    long rejected,
    double lastStep,
    double nextStep,
    double stiffness) {}
