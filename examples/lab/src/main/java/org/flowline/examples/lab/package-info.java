/// The laboratory: claims about flows, descent and depth, each checked by an experiment.
///
/// Start at [org.flowline.examples.lab.Experiment]; [org.flowline.examples.lab.claims.Lab] lists
/// all. An experiment is deterministic, takes seconds, and solves everything that moves with
/// `Integrator`; its reference is independent: a closed form, a textbook's loop, or Hipparchus.
///
/// | to … | look at |
/// |---|---|
/// | record measurements and pictures | [org.flowline.examples.lab.Notebook] |
/// | run descent, a flow or a method | [org.flowline.examples.lab.Orbit] |
/// | draw | [org.flowline.examples.lab.Panel] |
/// | fit a rate or measure a distance | [org.flowline.examples.lab.Series] |
/// | find a loss | [org.flowline.examples.lab.Losses], [org.flowline.examples.lab.Bowl] |
///
/// This package imports neither its claims nor the explorer.
package org.flowline.examples.lab;
