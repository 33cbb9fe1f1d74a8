package org.flowline.odesolvers;

/// What a solve cost.
///
/// @param evaluations calls of the field (`nfe`), the initial step's probe included
/// @param accepted steps that stand
/// @param rejected steps that were tried in vain
/// @param lastStep signed size of the last accepted step; 0 if there is none
public record Stats(long evaluations, long accepted, long rejected, double lastStep) {}
