package org.flowline.examples.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Labels of an axis are short and different for numbers of any size and any range, and its title
/// shows the offset that they leave out.
class AxisLabelsDiffer {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0             | 10            | t
          1900          | 1920          | t
          299.95        | 300.05        | t
          1700000000    | 1700000020    | t − 1,700,000,000
          1700000007    | 1700000027    | t − 1,700,000,000
          1700000000000 | 1700001000000 | t − 1,700,000,000,000
          1700000000    | 1700259200    | t − 1,700,000,000
          1000000000    | 1000000000.00003 | t − 1,000,000,000
          999999999     | 1000000001    | t − 1,000,000,000
          -1000000001   | -999999999    | t + 1,000,000,000
          1.5e150       | 1.50001e150   | t − 1.5·10¹⁵⁰
          -1e150        | 1e150         | t
          -4e-304       | 4e-304        | t
          1e-10         | 1.1e-10       | t
          """)
  void atAnySizeAndRange(double low, double high, String title) {
    Scale scale = Scale.of(low, high);
    assertEquals(title, scale.title("t"));
    String[] labels =
        DoubleStream.iterate(0, share -> share <= 10, share -> share + 1)
            .map(share -> scale.drawn(low) + share / 10 * (scale.drawn(high) - scale.drawn(low)))
            .mapToObj(scale::label)
            .toArray(String[]::new);
    for (int i = 0; i < labels.length; i++) {
      assertTrue(labels[i].length() <= 14, labels[i]);
      assertNotEquals(i == 0 ? "" : labels[i - 1], labels[i]);
    }
  }

  @Test
  void zeroIsShownAsZeroInSpiteOfRounding() {
    assertEquals("0", label(-1e150, 1e150, 1e134));
    assertEquals("0", label(-4e-304, 4e-304, -2e-319));
    assertEquals("0", label(-1, 1, 1e-17));
    assertEquals("0.5·10¹⁵⁰", label(-1e150, 1e150, 0.5e150));
    assertEquals("-3·10⁻³⁰⁴", label(-4e-304, 4e-304, -3e-304));
    assertEquals("1912", label(1900, 1920, 1912));
  }

  private static String label(double low, double high, double value) {
    Scale scale = Scale.of(low, high);
    return scale.label(scale.drawn(value));
  }

  @Test
  void alsoOfAnAxisWithoutLength() {
    assertEquals("3", label(3, 3, 3));
    assertEquals("0", label(0, 0, 0));
  }

  @Test
  void longNamesStayDifferentWhenShortened() {
    assertEquals("short", Pictures.shortened("short"));
    String long0 = Pictures.shortened("sensor_number_0_long_name_of_channel_0");
    String long1 = Pictures.shortened("sensor_number_0_long_name_of_channel_1");
    assertNotEquals(long0, long1);
    assertEquals(24, long0.length());
    assertTrue(long0.startsWith("sensor_") && long0.endsWith("channel_0"), long0);
    String stars = Pictures.shortened("\uD83C\uDF1F".repeat(30));
    assertEquals(24, stars.codePointCount(0, stars.length()), "no character is cut in two");
    assertTrue(stars.codePoints().allMatch(c -> c == 0x1F31F || c == '…'), stars);
  }
}
