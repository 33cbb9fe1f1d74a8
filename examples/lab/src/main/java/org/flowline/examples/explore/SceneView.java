package org.flowline.examples.explore;

import java.awt.Color;
import java.awt.Cursor;
import java.awt.Dimension;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.event.FocusEvent;
import java.awt.event.FocusListener;
import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.awt.image.BufferedImage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.swing.JPanel;
import javax.swing.KeyStroke;
import org.flowline.examples.pictures.Pictures;

/// Shows the scene in the window. The mouse drags the starting point, arrow keys move it.
final class SceneView extends JPanel {
  private static final long serialVersionUID = 1L;

  /// The distance that an arrow key moves the starting point, without and with Shift.
  private static final double PUSH = 0.05;

  private static final double SHOVE = 0.25;

  private transient Scene scene;
  private transient Sheet sheet = Sheet.of(0, 0);

  SceneView(Scene scene) {
    show(scene);
    setPreferredSize(new Dimension(1180, 600));
    setBackground(Color.WHITE);
    setFocusable(true);
    setCursor(Cursor.getPredefinedCursor(Cursor.CROSSHAIR_CURSOR));
    getAccessibleContext().setAccessibleName("Bowl and losses");
    addFocusListener(
        new FocusListener() { // repaints the frame that marks the focus
          @Override
          public void focusGained(FocusEvent event) {
            repaint();
          }

          @Override
          public void focusLost(FocusEvent event) {
            repaint();
          }
        });
  }

  /// Registers a callback for moves of the starting point.
  void onMove(Consumer<UnaryOperator<Settings>> changed) {
    MouseAdapter mouse =
        new MouseAdapter() {
          private boolean dragging;

          @Override
          public void mousePressed(MouseEvent event) {
            requestFocusInWindow();
            dragging = sheet.inBowl(event.getX(), event.getY());
            mouseDragged(event);
          }

          @Override
          public void mouseDragged(MouseEvent event) {
            if (dragging) {
              changed.accept(s -> s.withStart(sheet.x(event.getX()), sheet.y(event.getY())));
            }
          }
        };
    addMouseListener(mouse);
    addMouseMotionListener(mouse);
    push("LEFT", -1, 0, changed);
    push("RIGHT", 1, 0, changed);
    push("UP", 0, 1, changed);
    push("DOWN", 0, -1, changed);
  }

  private void push(String key, int x, int y, Consumer<UnaryOperator<Settings>> changed) {
    bind(key, () -> changed.accept(s -> s.withStart(s.x() + x * PUSH, s.y() + y * PUSH)));
    bind(
        "shift " + key,
        () -> changed.accept(s -> s.withStart(s.x() + x * SHOVE, s.y() + y * SHOVE)));
  }

  private void bind(String key, Runnable action) {
    registerKeyboardAction(_ -> action.run(), KeyStroke.getKeyStroke(key), WHEN_FOCUSED);
  }

  void show(Scene next) {
    scene = next;
    getAccessibleContext().setAccessibleDescription(next.toString());
    repaint();
  }

  /// Paints into an image, so that the first frame on the screen does not wait for class loading.
  void warmUp() {
    BufferedImage image = new BufferedImage(getWidth(), getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D surface = image.createGraphics();
    paintComponent(surface);
    surface.dispose();
  }

  @Override
  protected void paintComponent(Graphics graphics) {
    super.paintComponent(graphics);
    if (!sheet.fits(getWidth(), getHeight())) {
      sheet = Sheet.of(getWidth(), getHeight());
    }
    Graphics2D surface = (Graphics2D) graphics.create();
    sheet.draw(scene).paint(surface);
    surface.dispose();
    if (isFocusOwner()) {
      graphics.setColor(Pictures.colour(0));
      graphics.drawRect(1, 1, getWidth() - 3, getHeight() - 3);
      graphics.drawRect(2, 2, getWidth() - 5, getHeight() - 5);
    }
  }
}
