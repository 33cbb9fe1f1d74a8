/// Measurements and labelled tables: reading, splitting and scaling them; NumPy files and archives.
///
/// Start at [org.flowline.neuralode.data.TimeSeries], one trajectory, and
/// [org.flowline.neuralode.data.Measurements], several of them with gaps and inputs.
///
/// | to | look at |
/// |---|---|
/// | read a file or a folder of trajectories | `Measurements.read`, `CsvOptions` |
/// | read separated values or NumPy arrays | `CsvMeasurements`, `NpzMeasurements` |
/// | read rows with classes | `LabelledTable` |
/// | find how a cell becomes a number or a time | `Decimals`, `Clock` |
/// | standardise | `Scaling` |
/// | exchange arrays with other programs | `Npy`, `Npz` |
/// | write files atomically, read archives safely | `AtomicFiles`, `Archive` |
///
/// Must not import fields, solvers, models or training.
package org.flowline.neuralode.data;
