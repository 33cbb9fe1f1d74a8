/// Runs tapes on ND4J and exchanges arrays with it. Start reading at
/// [org.flowline.autodiff.nd4j.Nd4jBackend] and [org.flowline.autodiff.nd4j.Nd4jArrays].
///
/// ND4J is an optional dependency: without it each public method throws an `IllegalStateException`
/// that names the artifact to add. The only package of the library that imports `org.nd4j`.
package org.flowline.autodiff.nd4j;
