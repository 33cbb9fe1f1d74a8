package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// Files name columns with any characters; messages repeat them without control characters, and
/// only their beginning.
class MessagesAreShortLines {
  private static final String HOSTILE = "\u001b[31m\u0007\u009b2J\u202e\u2028\u0000\r\n";

  @Test
  void withoutControlCharacters() {
    String message = new DataException("a %s b", HOSTILE).getMessage();
    assertEquals("a  [31m  2J    ", message.substring(0, 15));
    assertTrue(message.codePoints().noneMatch(Character::isISOControl), message);
    assertEquals(message, new DataException("a " + HOSTILE + " b").getMessage());
  }

  @Test
  void thatKeepTheirRemedy() {
    String message = new DataException("f.csv: %s; do this", "x".repeat(1 << 20)).getMessage();
    assertTrue(message.length() < 2100, message.length() + " characters");
    assertTrue(message.startsWith("f.csv: xx") && message.endsWith("; do this"), message);
  }

  @Test
  void aboutNamesInFiles() {
    String name = HOSTILE.strip().replace("\r\n", "") + "x".repeat(1 << 20);
    String csv = "t," + name + "," + name + "\n0,1,2\n1,2,3\n";
    String message =
        Assertions.assertThrows(
                DataException.class, () -> TimeSeries.read("f.csv", new StringReader(csv)))
            .getMessage();
    assertTrue(message.length() < 300, message);
    assertTrue(message.codePoints().noneMatch(Character::isISOControl), message);
  }
}
