/// What users run: the command `flowline` and its experiments. Start at `Flowline`.
///
/// One class per command; each prints its own check, a number beside its expected value, and writes
/// its pictures.
package org.flowline.examples.cli;
