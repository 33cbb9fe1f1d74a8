/// The options of the commands, their checks and their configuration files. Start at
/// [org.flowline.examples.cli.option.TrainingOptions], which fills a
/// [org.flowline.examples.cli.fit.FitConfig].
///
/// The descriptions of options, which `--help` prints, are in `options.properties`.
///
/// Imports picocli, `fit` and the library: no command.
package org.flowline.examples.cli.option;
