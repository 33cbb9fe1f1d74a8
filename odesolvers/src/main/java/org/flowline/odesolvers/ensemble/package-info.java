/// Solves many independent problems on all cores.
///
/// Start at [org.flowline.odesolvers.ensemble.Ensemble#solveAll]. Only examples and training import
/// this package; the engine in `org.flowline.odesolvers` must not.
package org.flowline.odesolvers.ensemble;
