package org.flowline.examples.explore;

import java.awt.AWTError;
import java.awt.BorderLayout;
import java.awt.Dimension;
import java.awt.EventQueue;
import java.awt.Font;
import java.awt.GraphicsEnvironment;
import java.awt.HeadlessException;
import java.awt.Rectangle;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import javax.swing.JComponent;
import javax.swing.JFrame;
import javax.swing.KeyStroke;
import javax.swing.UIManager;
import javax.swing.UnsupportedLookAndFeelException;
import javax.swing.WindowConstants;
import javax.swing.plaf.FontUIResource;
import javax.swing.plaf.nimbus.NimbusLookAndFeel;

/// The window: the picture above the controls. Its only state is the current settings; every change
/// solves a new scene and shows it.
public final class ExploreWindow {
  private final SceneView view;
  private final Controls controls;
  private Settings settings;

  private ExploreWindow(Settings settings) {
    this.settings = settings;
    Scene scene = Scene.of(settings);
    view = new SceneView(scene);
    controls = new Controls(settings, this::change);
    controls.show(scene);
    view.onMove(this::change);
  }

  /// Returns whether a window can be opened: there is a display, and it responds.
  public static boolean possible() {
    try {
      return !GraphicsEnvironment.isHeadless()
          && GraphicsEnvironment.getLocalGraphicsEnvironment().getScreenDevices().length > 0;
    } catch (AWTError | HeadlessException | LinkageError e) {
      return false;
    }
  }

  public static void show(Settings settings) throws InterruptedException {
    CountDownLatch closed = new CountDownLatch(1);
    EventQueue.invokeLater(() -> open(settings, closed));
    closed.await();
  }

  private static void open(Settings settings, CountDownLatch closed) {
    try {
      NimbusLookAndFeel look = new NimbusLookAndFeel();
      look.getDefaults().put("defaultFont", new FontUIResource(Font.SANS_SERIF, Font.PLAIN, 14));
      UIManager.setLookAndFeel(look);
      ExploreWindow window = new ExploreWindow(settings);
      JFrame frame = new JFrame("Flowline: descent on a bowl");
      frame.setDefaultCloseOperation(WindowConstants.DISPOSE_ON_CLOSE);
      frame.addWindowListener(
          new WindowAdapter() {
            @Override
            public void windowClosed(WindowEvent event) {
              closed.countDown();
            }
          });
      window.fill(frame);
      window.view.warmUp();
      frame.setVisible(true);
      window.controls.focus();
    } catch (UnsupportedLookAndFeelException e) {
      closed.countDown();
      throw new IllegalStateException("the JDK's Nimbus look is missing", e);
    }
  }

  private void fill(JFrame frame) {
    frame.add(view, BorderLayout.CENTER);
    frame.add(controls.panel(), BorderLayout.SOUTH);
    int inWindow = JComponent.WHEN_IN_FOCUSED_WINDOW;
    for (String key : List.of("ESCAPE", "ctrl W", "meta W")) {
      KeyStroke stroke = KeyStroke.getKeyStroke(key);
      frame.getRootPane().registerKeyboardAction(_ -> frame.dispose(), stroke, inWindow);
    }
    frame.pack();
    Rectangle screen = GraphicsEnvironment.getLocalGraphicsEnvironment().getMaximumWindowBounds();
    Dimension size = frame.getSize();
    frame.setSize(Math.min(size.width, screen.width), Math.min(size.height, screen.height));
    frame.setMinimumSize(new Dimension(640, 480));
    frame.setLocationRelativeTo(null);
  }

  private void change(UnaryOperator<Settings> how) {
    settings = how.apply(settings);
    Scene scene = Scene.of(settings);
    view.show(scene);
    controls.show(scene);
  }
}
