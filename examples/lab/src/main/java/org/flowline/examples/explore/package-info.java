/// A window to explore descent on a bowl by hand: turn the bowl, change the step and the method,
/// and see flow and descent at once. Start at [org.flowline.examples.explore.Settings].
///
/// [org.flowline.examples.explore.Settings] is what the user chose,
/// [org.flowline.examples.explore.Scene] what follows from it,
/// [org.flowline.examples.explore.Sheet] how that is drawn. None of them knows Swing, which only
/// [org.flowline.examples.explore.ExploreWindow] and its controls do. Whatever moves is solved by
/// `Integrator`.
package org.flowline.examples.explore;
