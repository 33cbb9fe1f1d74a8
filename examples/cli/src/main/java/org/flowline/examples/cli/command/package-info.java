/// The commands of `flowline`, one class each. A command reads its options, calls a class of `fit`,
/// `lab` or `bench`, and prints the result; numerics do not belong here. Start at
/// [org.flowline.examples.cli.command.TrainCommand].
///
/// Imports `option`, `fit`, `report` and the library: nothing of `cli` itself.
package org.flowline.examples.cli.command;
