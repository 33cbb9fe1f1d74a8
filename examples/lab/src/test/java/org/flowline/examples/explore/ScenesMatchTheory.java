package org.flowline.examples.explore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Descent goes straight to the minimum on circles, zigzags on ellipses, and diverges beyond the
/// limit; rotation does not change its rate.
class ScenesMatchTheory {
  private static final Descent EULER = Descent.named("euler");

  static Stream<Descent> descents() {
    return Descent.all().stream();
  }

  /// The methods with a step limit that the bowl's steepest direction determines.
  static Stream<Descent> limited() {
    return descents().filter(descent -> descent.limit().stream().anyMatch(Double::isFinite));
  }

  private static Settings bowl(double a, double b, double angle, double eta, Descent descent) {
    return Settings.of(a, b, angle, eta, descent);
  }

  @Property(tries = 100)
  void descentOnCirclesIsStraight(
      @ForAll @DoubleRange(min = 0.25, max = 2) double a,
      @ForAll @DoubleRange(max = 180) double angle,
      @ForAll @DoubleRange(min = 0.05, max = 0.95) double part) {
    // Up to half the limit no iterate overshoots the minimum.
    double eta = Math.max(0.01, part * a * a);
    Scene scene = Scene.of(bowl(a, a, angle, eta, EULER));
    Settings settings = scene.settings();
    for (double[] x : scene.descent().y()) {
      double across = x[0] * settings.y() - x[1] * settings.x();
      assertEquals(0, across, 1e-13, "on the line from the start to the minimum, up to rounding");
      assertTrue(x[0] * settings.x() + x[1] * settings.y() >= 0, "on the side of the start");
    }
    assertEquals(Scene.Verdict.STRAIGHT, scene.verdict());
  }

  @Property(tries = 100)
  void descentOnEllipsesZigzags(
      @ForAll @DoubleRange(min = 0.3, max = 0.8) double b,
      @ForAll @DoubleRange(max = 180) double angle,
      @ForAll @DoubleRange(min = 0.55, max = 0.95) double part) {
    Scene scene = Scene.of(bowl(1, b, angle, 2 * part * b * b, EULER).withStart(1.1, 0.7));
    double[] steep = scene.along(Math.PI / 2);
    assumeTrue(Math.abs(steep[0]) > 1e-3);
    for (int k = 1; k < 6; k++) {
      assertTrue(steep[k] * steep[k - 1] < 0, "the steep direction changes sides at every step");
      assertTrue(Math.abs(steep[k]) < Math.abs(steep[k - 1]), "and shrinks");
    }
    double[] flat = scene.along(0);
    assertTrue(flat[0] * flat[5] >= 0 || part * 2 * b * b > 1, "the flat direction does not");
    assertEquals(Scene.Verdict.OVERSHOOTS, scene.verdict());
  }

  @ParameterizedTest
  @MethodSource("limited")
  void stepsBeyondTheLimitDivergeAndBelowDoNot(Descent descent) {
    Settings settings = bowl(1, 0.6, 30, 1, descent);
    double critical = Scene.of(settings).criticalStep().orElseThrow();
    // A start in the steep direction, which determines the limit.
    double turn = Math.toRadians(30) + Math.PI / 2;
    Settings steep = settings.withStart(Math.cos(turn), Math.sin(turn));
    Scene.Verdict below = Scene.of(Knob.ETA.set(steep, 0.98 * critical)).verdict();
    assertTrue(below != Scene.Verdict.DIVERGES, below.toString());
    assertEquals(Scene.Verdict.DIVERGES, Scene.of(Knob.ETA.set(steep, 1.02 * critical)).verdict());
  }

  /// Just beyond the limit fifty steps lose more in the flat direction than they gain in the steep
  /// one, but the loss rises at the end.
  @Test
  void theLimitDecidesIfTheRunIsTooShort() {
    Settings beyond = bowl(1, 0.5, 30, 0.503, EULER);
    double[] losses = Scene.of(beyond).descent().losses(Scene.of(beyond).bowl());
    assertTrue(losses[50] > losses[49] && losses[50] > losses[25], "it rises");
    assertEquals(Scene.Verdict.DIVERGES, Scene.of(beyond).verdict());
    assertEquals(
        Scene.Verdict.OVERSHOOTS,
        Scene.of(Knob.ETA.set(beyond, 0.5)).verdict(),
        "undamped at the limit");
    // Along the flat axis alone the limit is 2.
    double turn = Math.toRadians(30);
    Settings flat = beyond.withStart(Math.cos(turn), Math.sin(turn));
    assertEquals(Scene.Verdict.STRAIGHT, Scene.of(flat).verdict());
  }

  /// Steps of length η leave a start close to the minimum, and return to it.
  @ParameterizedTest
  @ValueSource(strings = {"adam", "rmsprop"})
  void normalisedStepsDoNotDiverge(String name) {
    for (double eta : new double[] {0.01, 0.1, 1, 10}) {
      Settings settings = bowl(1, 0.5, 30, eta, Descent.named(name));
      for (double start : new double[] {1e-6, 0.02, 1.4}) {
        Scene.Verdict verdict = Scene.of(settings.withStart(start, start)).verdict();
        assertTrue(verdict != Scene.Verdict.DIVERGES, name + " from " + start + " with " + eta);
      }
    }
    Settings jumps = bowl(1, 0.5, 30, 1, Descent.named(name)).withStart(0.02, 0.02);
    double[] losses = Scene.of(jumps).descent().losses(Scene.of(jumps).bowl());
    assertTrue(Arrays.stream(losses).max().orElseThrow() > 100 * losses[0], "far above its start");
    assertEquals(Scene.Verdict.OVERSHOOTS, Scene.of(jumps).verdict());
  }

  @Test
  void limitsAgreeWithTextbooks() {
    Settings settings = bowl(1, 0.5, 30, 0.4, EULER);
    assertEquals(0.5, Scene.of(settings).criticalStep().orElseThrow(), 1e-9);
    // The root of 1 − z + z²/2 − z³/6 + z⁴/24 = 1 beyond 0, to the digits of Hairer & Wanner
    // (1996), IV.2.
    Scene rk4 = Scene.of(settings.withDescent(Descent.named("RK4")));
    assertEquals(2.785293563 / 4, rk4.criticalStep().orElseThrow(), 1e-9);
    // Polyak (1964): the ηλ at which x ← (1 + μ − ηλ) x − μ x' and
    // x ← (1 + μ)(1 − ηλ) x − μ (1 − ηλ) x' leave the unit circle at −1, for μ = 0.9.
    Scene ball = Scene.of(settings.withDescent(Descent.named("heavy-ball")));
    assertEquals(3.8 / 4, ball.criticalStep().orElseThrow(), 1e-9);
    Scene nesterov = Scene.of(settings.withDescent(Descent.named("nesterov")));
    assertEquals(3.8 / 2.8 / 4, nesterov.criticalStep().orElseThrow(), 1e-9);
    Scene implicit =
        Scene.of(Knob.ETA.set(settings.withDescent(Descent.named("backward_euler")), 10));
    assertTrue(Double.isInfinite(implicit.criticalStep().orElseThrow()));
    assertEquals(Scene.Verdict.STRAIGHT, implicit.verdict());
    assertTrue(Scene.of(settings.withDescent(Descent.named("adam"))).criticalStep().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("descents")
  void rotationDoesNotChangeTheRate(Descent descent) {
    double[] upright = losses(descent, 0);
    double[] turned = losses(descent, 40);
    // These divide by the gradient's components, or weigh errors by component.
    if (List.of("adam", "rmsprop", "adaptive").contains(descent.name())) {
      assertTrue(Math.abs(upright[2] - turned[2]) > 1e-3 * upright[2], "depends on the axes");
    } else {
      // Rosenbrock's methods take the Jacobian from differences, good to the root of the rounding;
      // all others differ by rounding only.
      boolean differences = descent.name().startsWith("ro");
      assertArrayEquals(upright, turned, differences ? 3e-8 : 1e-11, "equal up to rounding");
    }
  }

  private static double[] losses(Descent descent, double angle) {
    double turn = Math.toRadians(angle);
    double c = Math.cos(turn);
    double s = Math.sin(turn);
    Settings settings = bowl(1, 0.5, angle, 0.2, descent).withStart(1.2 * c - s, 1.2 * s + c);
    Scene scene = Scene.of(settings);
    return scene.descent().losses(scene.bowl());
  }

  @ParameterizedTest
  @MethodSource("descents")
  void everyMethodIsDrawnAtAllSliderPositions(Descent descent) {
    Sheet sheet = Sheet.of(320, 200);
    for (double eta : new double[] {0.01, 0.1, 1, 10}) {
      for (double b : new double[] {0.25, 2}) {
        Settings settings = bowl(0.25, b, 75, eta, descent);
        assertEquals(2, sheet.draw(Scene.of(settings)).panels().size());
        // At the minimum the loss is 0.
        Scene rest = Scene.of(settings.withStart(0, 0));
        assertEquals(Scene.Verdict.STRAIGHT, rest.verdict());
        assertEquals(640, sheet.draw(rest).image().getWidth());
        assertEquals(640, sheet.draw(Scene.of(settings)).image().getWidth());
      }
    }
  }

  @Test
  void circlesAreRoundAndPixelsMapToPoints() {
    for (int[] size : new int[][] {{1180, 600}, {700, 900}, {1600, 420}}) {
      Sheet sheet = Sheet.of(size[0], size[1]);
      int column = (int) Math.round(sheet.centreX() + sheet.unit());
      int row = (int) Math.round(sheet.centreY() - sheet.unit());
      // A pixel is no more than this.
      double pixel = 1 / sheet.unit();
      assertEquals(1, sheet.x(column), pixel);
      assertEquals(1, sheet.y(row), pixel);
      assertTrue(sheet.reachX() >= 2 && sheet.reachY() >= 2, sheet.toString());
    }
  }

  @Test
  void sliderPositionsAndNumbersAreInverse() {
    for (Knob knob : Knob.values()) {
      for (int position = 0; position <= knob.positions; position++) {
        assertEquals(position, knob.position(knob.value(position)));
        knob.require(knob.value(position));
      }
    }
    assertThrows(IllegalArgumentException.class, () -> Knob.ETA.require(Double.NaN));
  }
}
