package org.flowline.examples.pictures;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Function;

/// HTML templates whose values are escaped. `{{>style}}` inserts the common style of all pages.
public final class Page {
  private Page() {}

  /// Returns a template filled in with values by name, from a map or a record.
  ///
  /// @param owner the class beside which the template is stored
  /// @param shown the format of values
  public static String filledIn(
      Class<?> owner, String name, Function<Object, String> shown, Object values) {
    try (Reader template = reader(owner, name)) {
      return Mustache.compiler()
          .escapeHTML(true)
          .withFormatter(shown::apply)
          .withLoader(part -> reader(Page.class, part + ".css"))
          .compile(template)
          .execute(values);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static Reader reader(Class<?> owner, String name) {
    return new InputStreamReader(
        Objects.requireNonNull(owner.getResourceAsStream(name), name), StandardCharsets.UTF_8);
  }
}
