/// What a training leaves behind: the model beside its data in numbers, pictures and tables, and a
/// page that tells of the run. Start at [org.flowline.examples.cli.report.Fit], of classes at
/// [org.flowline.examples.cli.report.Classified].
package org.flowline.examples.cli.report;
