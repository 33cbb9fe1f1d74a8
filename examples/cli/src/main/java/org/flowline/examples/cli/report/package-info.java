/// The results of a command as numbers, tables, pictures and a page. Start at
/// [org.flowline.examples.cli.report.Fit], for classifiers at
/// [org.flowline.examples.cli.report.Classified].
///
/// | to … | look at |
/// |---|---|
/// | change an error or a baseline | `Fit`, `Score` |
/// | change a picture of a fit | `FitPictures`, `Panel`, `PhasePicture`, `Curves` |
/// | change the page of a training | `ReportPage` and `report.mustache` |
/// | write files, all or none | `OutputFolder` |
///
/// Imports the library and `pictures` only: no run, no option, no command.
package org.flowline.examples.cli.report;
