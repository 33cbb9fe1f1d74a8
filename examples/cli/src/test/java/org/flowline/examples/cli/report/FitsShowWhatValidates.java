package org.flowline.examples.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.flowline.examples.pictures.Picture;
import org.flowline.neuralode.data.CsvMeasurements;
import org.flowline.neuralode.data.CsvOptions;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.gradient.GradientAudit;
import org.flowline.neuralode.model.Architecture;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.nn.Activation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/// Numbers, pictures and tables distinguish training and validation data.
class FitsShowWhatValidates {
  private static final String ONE = "t,x\n0,1\n1,2\n2,4\n3,\n4,8\n5,9\n";

  @TempDir Path folder;

  private static Measurements read(String text, CsvOptions options) {
    return CsvMeasurements.read("test.csv", new StringReader(text), options);
  }

  /// A model with a constant trajectory.
  private static Fit still(Measurements.Split split) {
    Model model =
        Model.untrained(
            split.training(),
            new Architecture(List.of(2), Activation.TANH),
            new SplittableRandom(1));
    double[] nothing = new double[model.theta().length];
    return Fit.of(model.with(nothing), split.training(), Optional.of(split.validation()));
  }

  private static String groups(int count, int components) {
    StringBuilder text = new StringBuilder("group,day");
    for (int j = 0; j < components; j++) {
      text.append(",c").append(j);
    }
    for (int i = 0; i < count; i++) {
      for (int day = 10; day < 20; day++) {
        text.append("\ng").append(i).append(",2024-01-").append(day);
        for (int j = 0; j < components; j++) {
          text.append(",").append(i + j + day);
        }
      }
    }
    return text.append("\n").toString();
  }

  @Test
  void errorsAreThoseOfEachPartBesideTwoGuesses() {
    Fit fit = still(read(ONE, CsvOptions.usual()).splitByTime(0.5));
    assertEquals(1, fit.trajectories().size(), "one trajectory, cut in two");
    List<Score> scores = fit.scores();
    // By hand: 1, 2, 4 are learnt, 8 and 9 judge; the first is given, one is missing.
    Score learnt = scores.get(0);
    assertEquals(2, learnt.count());
    assertEquals(Math.sqrt((1 + 9) / 2.0), learnt.rmse(), 1e-12);
    assertEquals(learnt.rmse(), learnt.persistence(), 1e-12);
    double mean = 7 / 3.0;
    assertEquals(
        Math.sqrt((Math.pow(2 - mean, 2) + Math.pow(4 - mean, 2)) / 2), learnt.mean(), 1e-12);
    Score judged = scores.get(1);
    assertEquals(Part.VALIDATION, judged.part());
    assertEquals(2, judged.count());
    assertEquals(Math.sqrt((49 + 64) / 2.0), judged.rmse(), 1e-12);
    assertEquals(Math.sqrt((16 + 25) / 2.0), judged.persistence(), 1e-12);
    assertEquals(judged.rmse(), fit.rmse(Part.VALIDATION).orElseThrow(), 1e-12);
    assertEquals(learnt.rmse(), fit.rmse(), 1e-12);
  }

  @Test
  void theRegionBeginsAtTheLastRowToLearnFrom() {
    Fit fit = still(read(ONE, CsvOptions.usual()).splitByTime(0.5));
    Picture picture = FitPictures.of(fit).getFirst();
    assertEquals(2, picture.panels().size(), "the fit and its residuals");
    for (var panel : picture.panels()) {
      XYSeries region = ((XYChart) panel).getSeries("validation");
      assertEquals(2, Arrays.stream(region.getXData()).min().orElseThrow());
      assertTrue(Arrays.stream(region.getXData()).max().orElseThrow() >= 5);
    }
    Measurements all = read(ONE, CsvOptions.usual());
    Fit without = Fit.of(fit.model(), all, Optional.empty());
    XYChart plain = (XYChart) FitPictures.of(without).getFirst().panels().getFirst();
    assertNull(plain.getSeries("validation"));
  }

  @Test
  void thereAreNeverMoreThanTwelvePanelsAndTheRestIsCounted() {
    Measurements many = read(groups(9, 5), CsvOptions.usual().withGroup("group"));
    List<Picture> pictures = FitPictures.of(still(many.splitByTrajectory(0.7, 1)));
    for (Picture picture : pictures) {
      assertEquals(12, picture.panels().size());
      assertTrue(picture.caption().contains("12 of 45"), picture.caption());
      String note = picture.heading().orElseThrow().note();
      assertTrue(note.contains("12 of 45 trajectories"), note);
      long judging =
          picture.panels().stream()
              .filter(panel -> ((XYChart) panel).getSeries("validation") != null)
              .count();
      assertEquals(4, judging);
    }
  }

  @Test
  void tablesNameTrajectoriesPartsAndDates() throws Exception {
    Measurements two = read(groups(2, 1), CsvOptions.usual().withGroup("group"));
    Fit fit = still(two.splitByTime(0.6));
    fit.predictions().write(folder.resolve("rows.csv"));
    List<String> rows = Files.readAllLines(folder.resolve("rows.csv"));
    assertEquals("trajectory,day,part,c0,c0 (model)", rows.getFirst());
    assertEquals(21, rows.size());
    assertTrue(rows.get(1).startsWith("g0,2024-01-10,training,10.0,10."), rows.get(1));
    assertTrue(rows.get(20).startsWith("g1,2024-01-19,validation,20.0,"), rows.get(20));
    fit.curve().write(folder.resolve("curve.csv"));
    List<String> curve = Files.readAllLines(folder.resolve("curve.csv"));
    assertEquals("trajectory,day,c0", curve.getFirst());
    assertEquals(1201, curve.size());
    assertTrue(curve.getLast().startsWith("g1,2024-01-19,"), curve.getLast());
  }

  @Test
  void plotsAboveEachOtherBeginAtTheSamePlace() {
    String text = "t,x\n0,1000000\n1,2000000\n2,1000001\n";
    Measurements all = read(text, CsvOptions.usual());
    Fit fit = still(read(ONE, CsvOptions.usual()).splitByTime(0.5));
    for (Fit each : List.of(fit, Fit.of(untrained(all), all, Optional.empty()))) {
      Picture picture = FitPictures.of(each).getFirst();
      picture.png();
      double[] left =
          picture.panels().stream()
              .map(XYChart.class::cast)
              .mapToDouble(it -> it.getScreenXFromChart(it.getStyler().getXAxisMin()))
              .toArray();
      assertEquals(left[0], left[1], 1);
    }
  }

  private static Model untrained(Measurements data) {
    return Model.untrained(
        data, new Architecture(List.of(2), Activation.TANH), new SplittableRandom(1));
  }

  @Test
  void picturesOfManyRowsSayThatTheyAreThinned() throws Exception {
    StringBuilder text = new StringBuilder("t,x,y\n");
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 50_000; i++) {
      text.append(i).append(',').append(random.nextDouble()).append(',');
      text.append(random.nextDouble()).append('\n');
    }
    Measurements all = read(text.toString(), CsvOptions.usual());
    Fit fit = Fit.of(untrained(all), all, Optional.empty());
    List<Picture> pictures = new ArrayList<>(FitPictures.of(fit));
    pictures.add(PhasePicture.of(fit));
    for (Picture picture : pictures) {
      assertTrue(picture.caption().contains("are left out"), picture.caption());
      assertTrue(picture.heading().orElseThrow().note().contains("thinned"), picture.name());
      Path svg = folder.resolve(picture.name() + ".svg");
      picture.writeSvg(svg);
      assertTrue(Files.size(svg) < 600_000, picture.name() + ": " + Files.size(svg));
    }
  }

  @Test
  void aPhasePlaneSaysWhereItIs() {
    String text = "t,x,y,z,dose\n0,1,2,3,2.1\n1,2,1,4,2.3\n2,4,5,1,2.2\n";
    Measurements all = read(text, CsvOptions.usual().withInputs(List.of("dose")));
    String note =
        PhasePicture.of(Fit.of(untrained(all), all, Optional.empty()))
            .heading()
            .orElseThrow()
            .note();
    assertEquals("arrows: with dose = 2.1, z at its mean; curves go through other values", note);
  }

  @Test
  void tinyErrorsAreNoZeros() {
    String text = "t,x\n0,1e-300\n1,2e-300\n2,4e-300\n";
    Measurements all = read(text, CsvOptions.usual());
    Model model = untrained(all);
    Fit fit = Fit.of(model.with(new double[model.theta().length]), all, Optional.empty());
    assertEquals("x 2.236e-300", fit.perComponent());
    assertEquals(Math.sqrt((1 + 9) / 2.0) * 1e-300, fit.rmse(), 1e-312);
  }

  @Test
  void numbersThatDifferByMoreThanRoundingsAreAnAxis() {
    double step = 1e-6;
    Range times = new Range(1e9, 1e9 + 20 * step).wider(0.02);
    assertTrue(times.size() < 30 * step, "" + times.size());
    assertTrue(new Range(3, Math.nextUp(3.0)).wider(0.02).size() > 0.1, "roundings are a point");
  }

  @Test
  void gradientsThatAreFarOffAreMarked() {
    assertEquals("close", verdict(1e-9));
    assertEquals("rough", verdict(0.05));
    assertEquals("far off", verdict(3e2));
    assertEquals("far off", verdict(Double.POSITIVE_INFINITY));
  }

  private static String verdict(double error) {
    GradientAudit.Errors errors = new GradientAudit.Errors(error, 1e-12, Double.NaN);
    ReportPage.AuditRow row =
        ReportPage.AuditRow.of(new GradientAudit.Row("reversible", errors, 2, 10, 10, 0, 0));
    assertEquals(row.verdict().equals("far off"), row.bad());
    assertEquals(row.verdict().equals("close"), row.good());
    return row.verdict();
  }
}
