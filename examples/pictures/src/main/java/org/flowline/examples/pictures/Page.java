package org.flowline.examples.pictures;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Function;

/// An HTML template whose values are escaped. `{{>style}}` inserts the common style of all pages.
public final class Page {
  private final Template template;

  private Page(Template template) {
    this.template = template;
  }

  /// Compiles a template.
  ///
  /// @param owner the class beside which the template is stored
  /// @param shown the format of values
  public static Page of(Class<?> owner, String name, Function<Object, String> shown) {
    try (Reader reader = reader(owner, name)) {
      return new Page(
          Mustache.compiler()
              .escapeHTML(true)
              .withFormatter(shown::apply)
              .withLoader(part -> reader(Page.class, part + ".css"))
              .compile(reader));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static Reader reader(Class<?> owner, String name) {
    return new InputStreamReader(
        Objects.requireNonNull(owner.getResourceAsStream(name), name), StandardCharsets.UTF_8);
  }

  /// Returns the page with these values by name, a map or a record.
  public String filledIn(Object values) {
    return template.execute(values);
  }
}
