package org.flowline.examples.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Numbers of any size are formatted with at most four digits.
class NumbersOfAnySizeAreFormatted {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "2.62249, 2.622",
    "2.5, 2.500",
    "99.996, 100.0",
    "-0.00012345, -0.0001235",
    "0.0000999999, 0.0001000",
    "3.21099e-10, 3.211e-10",
    "1.2341e150, 1.234e+150",
    "1234567, 1235000",
    "12345678, 1.235e+07",
    "4.9e-324, 4.900e-324",
    "NaN, —",
    "-Infinity, —"
  })
  void withFourDigits(double number, String written) {
    assertEquals(written, Numbers.significant(number));
  }

  @ParameterizedTest
  @CsvSource({
    "2.1, 2.1",
    "100, 100",
    "1000000, 1000000",
    "1e-10, 1e-10",
    "1.5e20, 1.5e+20",
    "0, 0"
  })
  void orWithoutTrailingZeros(double number, String written) {
    assertEquals(written, Numbers.brief(number));
  }
}
