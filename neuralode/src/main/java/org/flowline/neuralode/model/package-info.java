/// Models of measurements: a field with its units, solver and provenance in one file.
///
/// Start at [org.flowline.neuralode.model.Model].
///
/// | to | look at |
/// |---|---|
/// | create, save, load and use a model | `Model` |
/// | choose the perceptron of a model | `Architecture` |
/// | find names and units | `Variables` |
/// | find where a prediction extrapolates | `Provenance` |
/// | find how a trajectory starts | `InitialState` |
/// | add a kind of file | `ModelFile` |
///
/// Must not import training.
package org.flowline.neuralode.model;
