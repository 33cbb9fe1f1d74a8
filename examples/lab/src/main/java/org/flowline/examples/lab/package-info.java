/// The laboratory: the claims about flows, descent and depth, each as an experiment that measures
/// and draws. Start at [org.flowline.examples.lab.Experiment];
/// [org.flowline.examples.lab.claims.Lab]
/// lists them all.
///
/// One class per claim. An experiment is deterministic, takes seconds, writes nothing itself, and
/// steps nothing by hand: whatever moves is solved by `Integrator`. What it is held against comes
/// from elsewhere: a closed form, a textbook loop, Hipparchus.
package org.flowline.examples.lab;
