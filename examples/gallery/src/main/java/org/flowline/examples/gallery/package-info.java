/// The gallery: one program of 30–80 lines for each kind of model, to copy from.
///
/// Each class has a `main` that prints its figure beside the expected value, and states its seeds.
/// Start at [org.flowline.examples.gallery.QuickStart]; `examples/README.md` lists all programs.
///
/// Must import nothing but the public packages of autodiff, odesolvers and neuralode.
package org.flowline.examples.gallery;
