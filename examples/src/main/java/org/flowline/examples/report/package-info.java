/// What a training leaves behind: the model beside its data in numbers, pictures and tables, and a
/// page that tells of the run. Start at [org.flowline.examples.report.Fit].
package org.flowline.examples.report;
