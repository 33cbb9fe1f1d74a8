package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Component;
import java.awt.Container;
import java.awt.KeyboardFocusManager;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JSlider;
import javax.swing.plaf.basic.BasicSliderUI;

/// A session with `flowline explore` on a display, with mouse, keys and checks of pixels. Run by
/// [ExplorerObeysMouseAndKeys] in a process of its own, since the process of the tests is headless.
final class ExplorerSession {
  private static final int SECONDS = 20;
  private final Robot robot;
  private final CompletableFuture<CommandLineRun> command;
  private final JFrame frame;
  private final Path folder;

  private ExplorerSession(Path folder, String... args) throws Exception {
    this.folder = folder;
    robot = new Robot();
    robot.setAutoWaitForIdle(true);
    robot.setAutoDelay(15);
    command = CompletableFuture.supplyAsync(() -> CommandLineRun.of(args));
    await("a window", () -> shown().findFirst().isPresent());
    frame = (JFrame) shown().findFirst().orElseThrow();
    await("the keyboard", () -> focused().equals("Step η"));
  }

  public static void main(String[] args) {
    int exitCode = 1;
    try {
      run(Path.of(args[0]));
      exitCode = 0;
    } catch (Throwable e) {
      e.printStackTrace();
    }
    System.exit(exitCode); // also while a window is open
  }

  private static void run(Path folder) throws Exception {
    ExplorerSession first =
        new ExplorerSession(folder, "explore", "--a", "1", "--b", "0.5", "--eta", "0.123");
    first.saysWhatItIs();
    first.redrawsWhileASliderIsDragged();
    first.turnsSlidersByKeys();
    first.movesTheStart();
    first.changesTheMethod();
    first.closesBy(KeyEvent.VK_CONTROL, KeyEvent.VK_W);
    ExplorerSession second = new ExplorerSession(folder, "explore");
    assertEquals("0.4", second.value("Step η"), "a new window has the default settings");
    second.tellsCirclesFromEllipses();
    second.closesBy(KeyEvent.VK_ESCAPE);
  }

  private static Stream<Window> shown() {
    return Arrays.stream(Window.getWindows()).filter(w -> w instanceof JFrame && w.isShowing());
  }

  private void saysWhatItIs() throws Exception {
    assertEquals("Flowline: descent on a bowl", frame.getTitle());
    assertEquals("0.123", value("Step η"), "a number between two positions stays exact");
    assertTrue(says("ηcrit = 2/λₘₐₓ = 0.5"), says());
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      order.add(focused());
      press(KeyEvent.VK_TAB);
    }
    assertEquals(
        List.of("Step η", "Bowl and losses", "Method", "Semi-axis a", "Semi-axis b", "Angle θ"),
        order);
    screenshot("window");
  }

  private void redrawsWhileASliderIsDragged() throws Exception {
    JSlider eta = (JSlider) named("Step η");
    double thumb = thumb(eta);
    BufferedImage before = picture();
    Point middle = on(eta, thumb, 0.25);
    robot.mouseMove(middle.x, middle.y);
    robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
    List<String> seen = new ArrayList<>();
    for (double part = thumb; part < thumb + 0.4; part += 0.02) {
      Point to = on(eta, part, 0.25);
      robot.mouseMove(to.x, to.y);
      seen.add(value("Step η"));
    }
    assertTrue(seen.stream().distinct().count() > 10, "it follows: " + seen);
    assertTrue(differ(before, picture()) > 1000, "drawn again before the button is released");
    screenshot("dragged");
    robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
    assertTrue(Double.parseDouble(value("Step η")) > 0.5, value("Step η"));
    assertTrue(says("diverges"), says());
  }

  private void turnsSlidersByKeys() {
    alt(KeyEvent.VK_A);
    assertEquals("Semi-axis a", focused());
    press(KeyEvent.VK_RIGHT);
    assertEquals("1.05", value("Semi-axis a"));
    press(KeyEvent.VK_LEFT, KeyEvent.VK_LEFT);
    assertEquals("0.95", value("Semi-axis a"));
    alt(KeyEvent.VK_B);
    press(KeyEvent.VK_END);
    assertEquals("2", value("Semi-axis b"));
    // The steepest direction is now along a: 2a².
    assertTrue(says("ηcrit = 2/λₘₐₓ = 1.805"), says());
    alt(KeyEvent.VK_N);
    press(KeyEvent.VK_PAGE_UP);
    assertEquals("48°", value("Angle θ"));
    alt(KeyEvent.VK_S);
    press(KeyEvent.VK_HOME);
    assertEquals("0.01", value("Step η"));
    assertTrue(says("never overshoots"), says());
  }

  private void movesTheStart() throws Exception {
    Component view = named("Bowl and losses");
    Point from = on(view, 0.15, 0.2);
    robot.mouseMove(from.x, from.y);
    robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
    String pressed = says();
    Point to = on(view, 0.4, 0.6);
    robot.mouseMove(to.x, to.y);
    robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
    assertNotEquals(pressed, says());
    assertEquals("Bowl and losses", focused());
    String dragged = says();
    press(KeyEvent.VK_LEFT, KeyEvent.VK_UP);
    assertNotEquals(dragged, says());
    press(KeyEvent.VK_RIGHT, KeyEvent.VK_DOWN);
    assertEquals(dragged, says());
    Point losses = on(view, 0.8, 0.4);
    robot.mouseMove(losses.x, losses.y);
    robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
    robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
    assertEquals(dragged, says(), "the losses hold no start");
    screenshot("start");
  }

  private void changesTheMethod() throws Exception {
    alt(KeyEvent.VK_M);
    assertEquals("Method", focused());
    press(KeyEvent.VK_DOWN);
    screenshot("methods");
    press(KeyEvent.VK_END, KeyEvent.VK_ENTER);
    assertTrue(says("adam"), says());
    assertTrue(says("no ηcrit"), says());
    assertTrue(frame.isShowing());
    screenshot("adam");
  }

  private void tellsCirclesFromEllipses() throws Exception {
    assertTrue(says("overshoots"), says());
    alt(KeyEvent.VK_B);
    for (int i = 0; i < 10; i++) {
      press(KeyEvent.VK_RIGHT);
    }
    assertEquals("1", value("Semi-axis b"));
    assertTrue(says("never overshoots"), says());
    frame.setSize(920, 640);
    await("a smaller picture", () -> frame.getWidth() == 920);
    screenshot("circle");
  }

  private void closesBy(int... keys) throws Exception {
    for (int key : keys) {
      robot.keyPress(key);
    }
    for (int i = keys.length; i > 0; i--) {
      robot.keyRelease(keys[i - 1]);
    }
    CommandLineRun run = command.get(SECONDS, TimeUnit.SECONDS);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals("", run.out() + run.err());
    assertFalse(frame.isDisplayable());
  }

  private void press(int... keys) {
    for (int key : keys) {
      robot.keyPress(key);
      robot.keyRelease(key);
    }
    robot.waitForIdle();
  }

  private void alt(int key) {
    robot.keyPress(KeyEvent.VK_ALT);
    press(key);
    robot.keyRelease(KeyEvent.VK_ALT);
    robot.waitForIdle();
  }

  private static String focused() {
    Component owner = KeyboardFocusManager.getCurrentKeyboardFocusManager().getFocusOwner();
    return owner == null ? "nothing" : owner.getAccessibleContext().getAccessibleName();
  }

  private String value(String control) {
    return named(control).getAccessibleContext().getAccessibleDescription();
  }

  private String says() {
    return value("Bowl and losses");
  }

  private boolean says(String part) {
    return says().contains(part);
  }

  private Component named(String name) {
    return inside(frame.getContentPane())
        .filter(c -> c.isFocusable() && c.getAccessibleContext() != null)
        .filter(c -> name.equals(c.getAccessibleContext().getAccessibleName()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no control " + name));
  }

  private static Stream<Component> inside(Container container) {
    return Arrays.stream(container.getComponents())
        .flatMap(
            c ->
                c instanceof JLabel
                    ? Stream.empty()
                    : Stream.concat(
                        Stream.of(c), c instanceof Container box ? inside(box) : Stream.empty()));
  }

  /// Returns the middle of a slider's thumb, as a share of the width.
  private static double thumb(JSlider slider) {
    BasicSliderUI look = (BasicSliderUI) slider.getUI();
    double[] columns =
        IntStream.range(0, slider.getWidth())
            .filter(x -> look.valueForXPosition(x) == slider.getValue())
            .asDoubleStream()
            .toArray();
    return (columns[0] + columns[columns.length - 1]) / 2 / slider.getWidth();
  }

  private static Point on(Component component, double across, double down) {
    Point at = component.getLocationOnScreen();
    at.translate((int) (across * component.getWidth()), (int) (down * component.getHeight()));
    return at;
  }

  private BufferedImage picture() {
    robot.waitForIdle();
    Component view = named("Bowl and losses");
    return robot.createScreenCapture(new Rectangle(view.getLocationOnScreen(), view.getSize()));
  }

  private static int differ(BufferedImage one, BufferedImage other) {
    int different = 0;
    for (int x = 0; x < one.getWidth(); x++) {
      for (int y = 0; y < one.getHeight(); y++) {
        different += one.getRGB(x, y) == other.getRGB(x, y) ? 0 : 1;
      }
    }
    return different;
  }

  private void screenshot(String name) throws Exception {
    robot.waitForIdle();
    BufferedImage screen =
        robot.createScreenCapture(new Rectangle(Toolkit.getDefaultToolkit().getScreenSize()));
    ImageIO.write(screen, "png", folder.resolve("explore-" + name + ".png").toFile());
  }

  private static void await(String what, BooleanSupplier there) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!there.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "timeout waiting for " + what);
      Thread.sleep(10);
    }
  }
}
