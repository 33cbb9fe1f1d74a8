/// Measurements: time series, how they are read and in which units a model sees them. Start at
/// `TimeSeries`.
///
/// Knows neither fields nor training.
package org.flowline.neuralode.data;
