/// Measurements: time series, how they are read and in which units a model sees them. Start at
/// `TimeSeries`, and `CsvMeasurements` for what files can hold. Arrays for other programs: `Npy`,
/// `Npz`, and the `Archive` that models are too.
///
/// Knows neither fields nor training.
package org.flowline.neuralode.data;
