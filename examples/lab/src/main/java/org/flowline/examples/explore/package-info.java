/// The window of `flowline explore`: descent on a bowl with adjustable shape, step and method,
/// beside the gradient flow. Start at [org.flowline.examples.explore.Settings].
///
/// [org.flowline.examples.explore.Settings] is the user's choice,
/// [org.flowline.examples.explore.Scene] the solves for it, and
/// [org.flowline.examples.explore.Sheet] their picture. Only
/// [org.flowline.examples.explore.ExploreWindow] and its controls import Swing. All paths are
/// solved by `Integrator`.
package org.flowline.examples.explore;
