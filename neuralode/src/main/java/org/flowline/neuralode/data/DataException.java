package org.flowline.neuralode.data;

/// What is wrong with a user's data: which file, line and column, what came, what to do.
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message);
  }
}
