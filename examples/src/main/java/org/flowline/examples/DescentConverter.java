package org.flowline.examples;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads an optimiser's name as users write it, `heavy-ball`.
final class DescentConverter implements ITypeConverter<TrainCommand.Descent> {
  @Override
  public TrainCommand.Descent convert(String text) {
    return Arrays.stream(TrainCommand.Descent.values())
        .filter(descent -> descent.toString().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "\""
                        + text
                        + "\"; want one of "
                        + Arrays.toString(TrainCommand.Descent.values())));
  }
}
