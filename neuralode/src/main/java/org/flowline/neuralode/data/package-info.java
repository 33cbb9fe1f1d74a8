/// Measurements: time series, how they are read and in which units a model sees them. Start at
/// `TimeSeries`, and `Measurements` of several trajectories with gaps and inputs, which it
/// reads from a file or a folder: text by `CsvMeasurements`, arrays by `NpzMeasurements`. Rows
/// of classes are a `LabelledTable`. Arrays for other programs: `Npy`, `Npz`, and the
/// `Archive` that models are too; `WholeFiles` writes them whole or not at all.
///
/// Knows neither fields nor training.
package org.flowline.neuralode.data;
