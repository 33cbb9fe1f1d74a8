package org.flowline.examples.pictures;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Compact SVG files. Batik writes an element for each line and each dot; here consecutive lines,
/// and dots of one size, become one path. A dot is a line of nearly zero length with round ends.
/// Coordinates are rounded to hundredths of pixels.
final class SvgFile {
  private static final int DECIMALS = 2;
  private static final List<String> POSITIONS = List.of("x1", "y1", "x2", "y2", "cx", "cy");

  private SvgFile() {}

  /// Graphics to paint on, for [#write].
  static SVGGraphics2D graphics() {
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
    context.setPrecision(DECIMALS);
    return new SVGGraphics2D(context, false);
  }

  private static Document document() {
    try {
      return DocumentBuilderFactory.newNSInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVGGraphics2D.SVG_NAMESPACE_URI, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's XML parser builds no documents", e);
    }
  }

  static void write(SVGGraphics2D graphics, Path file) throws IOException {
    Element root = graphics.getRoot();
    gather(root);
    try (Writer out = Files.newBufferedWriter(file)) {
      graphics.stream(root, out, false, false);
    }
  }

  private static void gather(Element parent) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child) {
        children.add(child);
      }
    }
    int from = 0;
    while (from < children.size()) {
      Element first = children.get(from);
      int to = from + 1;
      if (first.getTagName().equals("line") || first.getTagName().equals("circle")) {
        Element look = look(first);
        while (to < children.size() && look.isEqualNode(look(children.get(to)))) {
          to++;
        }
        if (to > from + 1) {
          join(children.subList(from, to), look);
        }
      } else {
        gather(first);
      }
      from = to;
    }
  }

  /// The element without its position.
  private static Element look(Element element) {
    Element look = (Element) element.cloneNode(true);
    POSITIONS.forEach(look::removeAttribute);
    return look;
  }

  /// Replaces elements of one look by one path.
  private static void join(List<Element> elements, Element look) {
    Element first = elements.getFirst();
    boolean dots = first.getTagName().equals("circle");
    Element path =
        (Element)
            first.getOwnerDocument().renameNode(look, SVGGraphics2D.SVG_NAMESPACE_URI, "path");
    if (dots) {
      double radius = Double.parseDouble(path.getAttribute("r"));
      path.removeAttribute("r");
      path.setAttribute("stroke-width", Double.toString(2 * radius));
      path.setAttribute("stroke-linecap", "round");
      path.setAttribute("stroke-dasharray", "none");
      path.removeAttribute("stroke"); // inherits the colour of the group unless dots have their own
      if (path.hasAttribute("fill")) {
        path.setAttribute("stroke", path.getAttribute("fill"));
      }
      path.setAttribute("fill", "none");
    }
    path.setAttribute("d", dots ? dots(elements) : lines(elements));
    first.getParentNode().replaceChild(path, first);
    elements.stream().skip(1).forEach(other -> other.getParentNode().removeChild(other));
  }

  private static String dots(List<Element> circles) {
    return circles.stream()
        .map(dot -> "M" + dot.getAttribute("cx") + " " + dot.getAttribute("cy") + "h.01")
        .collect(Collectors.joining());
  }

  private static String lines(List<Element> lines) {
    StringBuilder path = new StringBuilder();
    String end = "";
    for (Element line : lines) {
      String start = line.getAttribute("x1") + ' ' + line.getAttribute("y1");
      if (!start.equals(end)) {
        path.append('M').append(start);
      }
      end = line.getAttribute("x2") + ' ' + line.getAttribute("y2");
      path.append('L').append(end);
    }
    return path.toString();
  }
}
