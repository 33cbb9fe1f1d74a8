/// Training runs without the command line. Start at [org.flowline.examples.cli.fit.TrainingRun],
/// whose settings are a [org.flowline.examples.cli.fit.FitConfig].
///
/// | to … | look at |
/// |---|---|
/// | add a setting | `FitConfig`, and the class in `option` that fills it |
/// | change how long data are learned | `CurriculumPlan` |
/// | find early stopping | `TrainingRun.earlyStopping`, `RunCheckpoints` |
/// | change what a run writes | `TrainingReport`, `Metrics`, `Diagnosis` |
///
/// Imports the library and `report`: no picocli, no option, no command.
package org.flowline.examples.cli.fit;
