/// The command `flowline`. Start at [org.flowline.examples.cli.Flowline].
///
/// Imports point one way: `cli → command → option → fit → report → pictures` and the library.
package org.flowline.examples.cli;
