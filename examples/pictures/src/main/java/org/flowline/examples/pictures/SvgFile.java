package org.flowline.examples.pictures;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/// Compact SVG files. Batik writes an element for each line and each dot; here consecutive lines,
/// and dots of one size, become one path. A dot is a line of nearly zero length with round ends.
/// Coordinates are rounded to hundredths of pixels.
final class SvgFile {
  private static final int DECIMALS = 2;
  private static final Set<String> OF_LINES = Set.of("x1", "y1", "x2", "y2");
  private static final Set<String> OF_DOTS = Set.of("cx", "cy");

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
      Set<String> places = places(first);
      int to = from + 1;
      if (places.isEmpty()) {
        gather(first);
      } else {
        Map<String, String> look = look(first, places);
        while (to < children.size() && alike(first, look, children.get(to), places)) {
          to++;
        }
        join(children.subList(from, to), look);
      }
      from = to;
    }
  }

  /// The position attributes of an element that can be joined, else none.
  private static Set<String> places(Element element) {
    return switch (element.getTagName()) {
      case "line" -> OF_LINES;
      case "circle" -> OF_DOTS;
      default -> Set.of();
    };
  }

  private static Map<String, String> look(Element element, Set<String> places) {
    Map<String, String> look = new HashMap<>();
    NamedNodeMap attributes = element.getAttributes();
    for (int i = 0; i < attributes.getLength(); i++) {
      Node attribute = attributes.item(i);
      if (!places.contains(attribute.getNodeName())) {
        look.put(attribute.getNodeName(), attribute.getNodeValue());
      }
    }
    return look;
  }

  private static boolean alike(
      Element first, Map<String, String> look, Element other, Set<String> places) {
    return first.getTagName().equals(other.getTagName()) && look.equals(look(other, places));
  }

  /// Replaces elements with equal attributes by one path.
  private static void join(List<Element> elements, Map<String, String> look) {
    Element first = elements.getFirst();
    if (elements.size() == 1) {
      return;
    }
    Element path =
        first.getOwnerDocument().createElementNS(SVGGraphics2D.SVG_NAMESPACE_URI, "path");
    boolean dots = first.getTagName().equals("circle");
    look.forEach(path::setAttribute);
    if (dots) {
      path.removeAttribute("r");
      path.setAttribute("fill", "none");
      path.setAttribute("stroke-width", Double.toString(2 * Double.parseDouble(look.get("r"))));
      path.setAttribute("stroke-linecap", "round");
      path.setAttribute("stroke-dasharray", "none");
      path.removeAttribute("stroke"); // inherits the colour of the group unless dots have their own
      if (look.containsKey("fill")) {
        path.setAttribute("stroke", look.get("fill"));
      }
    }
    path.setAttribute("d", dots ? dots(elements) : lines(elements));
    first.getParentNode().replaceChild(path, first);
    elements.stream().skip(1).forEach(other -> other.getParentNode().removeChild(other));
  }

  private static String dots(List<Element> circles) {
    StringBuilder path = new StringBuilder();
    for (Element circle : circles) {
      path.append('M').append(circle.getAttribute("cx"));
      path.append(' ').append(circle.getAttribute("cy")).append("h.01");
    }
    return path.toString();
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
