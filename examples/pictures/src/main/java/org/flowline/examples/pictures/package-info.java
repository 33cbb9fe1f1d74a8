/// The common look of all pictures and pages, and their files. Start at
/// [org.flowline.examples.pictures.Pictures].
///
/// | to … | look at |
/// |---|---|
/// | draw a chart | [org.flowline.examples.pictures.Pictures],
/// [org.flowline.examples.pictures.Strokes] |
/// | draw very many points | [org.flowline.examples.pictures.Dots] |
/// | label an axis | [org.flowline.examples.pictures.Scale],
/// [org.flowline.examples.pictures.Numbers] |
/// | write charts to a file | [org.flowline.examples.pictures.Picture] |
/// | fill in an HTML page | [org.flowline.examples.pictures.Page],
/// [org.flowline.examples.pictures.Figure] |
///
/// This module imports no other module of the project.
package org.flowline.examples.pictures;
