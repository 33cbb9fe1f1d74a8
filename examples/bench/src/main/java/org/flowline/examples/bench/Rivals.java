package org.flowline.examples.bench;

import java.lang.reflect.InvocationTargetException;

/// The kernels of another library, with the same results as ours.
interface Rivals {
  Work product(Product product);

  Work function(ElementwiseFunction function, double[] x);

  /// The network's operations one at a time.
  Work eager(Network network, Network.Pass pass);

  /// The network as a graph.
  Work sameDiff(Network network, Network.Pass pass);

  /// Returns the kernels of ND4J, found by name because the command is built without ND4J unless a
  /// comparison needs it.
  ///
  /// @throws IllegalStateException if ND4J is missing; names the artifact to add
  static Rivals nd4j() {
    try {
      Class.forName("org.flowline.autodiff.nd4j.Nd4jBackend").getMethod("create").invoke(null);
      Class<?> rivals = Class.forName("org.flowline.examples.bench.Nd4jRivals");
      return (Rivals) rivals.getDeclaredMethod("start").invoke(null);
    } catch (InvocationTargetException failed) {
      throw failed.getCause() instanceof IllegalStateException missing
          ? missing
          : new IllegalStateException("ND4J does not start", failed);
    } catch (ReflectiveOperationException absent) {
      throw new IllegalStateException("this build of the command has no ND4J", absent);
    }
  }
}
