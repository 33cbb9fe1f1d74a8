package org.flowline.examples.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// A claim, its experiment and its findings as prose.
///
/// @param id letter and number, such as `A4`
/// @param title a few words
/// @param statement the claim, in a sentence or two
/// @param formula the claim as an equation
/// @param experiment the setup of the experiment
/// @param findings what its numbers and pictures show, and the limits of the claim
/// @param source the literature
public record Claim(
    String id,
    String title,
    String statement,
    String formula,
    String experiment,
    String findings,
    String source) {

  /// Reads claims by id from Markdown: a section each, with `## id: title` as heading, then a
  /// paragraph for each of the other components in order.
  ///
  /// @param owner the class beside which the file is stored
  public static Map<String, Claim> read(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      Map<String, Claim> claims = new LinkedHashMap<>();
      String[] sections = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n## ");
      for (int i = 1; i < sections.length; i++) {
        String[] p = sections[i].strip().replaceAll("(?<!\n)\n(?![\n ])", " ").split("\n\n");
        String[] heading = p[0].split(": ", 2);
        String formula = p[2].strip().replace("\n    ", "\n");
        claims.put(heading[0], new Claim(heading[0], heading[1], p[1], formula, p[3], p[4], p[5]));
      }
      return claims;
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
