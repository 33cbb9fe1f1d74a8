package org.flowline.autodiff.nd4j;

/// Starts the optional ND4J at its first use; if it is missing, throws an error that names the
/// artifact to add.
final class Nd4jLibrary {
  private static final String ENTRY = "org.nd4j.linalg.factory.Nd4j";
  private static final String REMEDY =
      "add org.nd4j:nd4j-native-platform (for a GPU, org.nd4j:nd4j-cuda-11.6-platform) to the class"
          + " path";

  private Nd4jLibrary() {}

  /// Starts ND4J with the native library on the class path, unless it has started.
  ///
  /// @throws IllegalStateException if ND4J, or a native library of it that loads on this machine,
  ///     is not on the class path; names the artifact to add
  static void start() {
    ClassLoader loader = Nd4jLibrary.class.getClassLoader();
    try {
      Class.forName(ENTRY, false, loader);
    } catch (ClassNotFoundException absent) {
      throw new IllegalStateException("ND4J is not on the class path; " + REMEDY, absent);
    }
    try {
      Class.forName(ENTRY, true, loader);
    } catch (ClassNotFoundException | LinkageError failed) {
      throw new IllegalStateException(
          "ND4J does not start, for want of a native library (" + root(failed) + "); " + REMEDY,
          failed);
    }
  }

  private static Throwable root(Throwable failed) {
    return failed.getCause() == null ? failed : root(failed.getCause());
  }
}
