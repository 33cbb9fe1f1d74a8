/// The gallery: one program of 30–80 lines for each kind of model, to copy from.
///
/// Each class has a `main` that prints its figures beside the expected values and writes a picture
/// to the folder that is its argument, if there is one. All seeds are stated.
/// Start at [org.flowline.examples.gallery.QuickStart]; `examples/README.md` lists all programs.
///
/// A program imports only the public packages of autodiff, odesolvers and neuralode. Its last
/// lines fill an [org.flowline.examples.gallery.Outcome] and can be left out of a copy.
package org.flowline.examples.gallery;
