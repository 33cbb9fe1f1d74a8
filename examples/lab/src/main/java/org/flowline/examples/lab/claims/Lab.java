package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.flowline.examples.lab.Experiment;

/// The list of all experiments. To add a claim, write its class and add a line here.
public final class Lab {
  private static final List<Experiment> EXPERIMENTS =
      List.of(
          new A1DescentIsEuler(),
          new A2DescentErrs(),
          new A3DescentIsAPower(),
          new A4StepsHaveALimit(),
          new A5TheFlowDissipates(),
          new A6TheDescentLemmaHolds(),
          new A7RatesAreBounded(),
          new A8BackwardEulerIsTheProximalPoint(),
          new A9SolversAreOptimisers(),
          new A10MomentumIsSecondOrder(),
          new A11AdamIsSemiImplicitEuler(),
          new A12NaturalGradientsKnowModels(),
          new A13NoiseSamplesGibbs(),
          new A14DescentStaysNearTheFlow(),
          new A15TrajectoriesAreRoughlyConvex(),
          new A16DeepLinearNetsSucceed(),
          new A17DescentFollowsAModifiedFlow(),
          new A18SharpnessRises(),
          new A19StepsBifurcate(),
          new B1GradientsGoThroughDepth(),
          new B2ResidualsMakeAnAdjoint(),
          new B3ResNetIsEuler(),
          new B4AdjointTendsToBackprop(),
          new B5DeeperIsFiner(),
          new C1HebbFindsTheComponent(),
          new C2SpikesAreEvents());

  private Lab() {}

  public static List<Experiment> experiments() {
    return EXPERIMENTS;
  }

  /// The experiment with this id, in upper or lower case.
  public static Optional<Experiment> find(String id) {
    return EXPERIMENTS.stream()
        .filter(experiment -> experiment.claim().id().equalsIgnoreCase(id))
        .findFirst();
  }

  /// Suggestions for an unknown id: the known ids that it contains, and the one with the nearest
  /// number, of the same letter if there is one.
  public static List<String> near(String id) {
    String came = id.strip().toUpperCase(Locale.ROOT);
    List<String> known = EXPERIMENTS.stream().map(each -> each.claim().id()).toList();
    List<String> near = new ArrayList<>(known.stream().filter(came::contains).toList());
    String digits = came.replaceAll("\\D", "");
    if (!digits.isEmpty() && digits.length() < 9) {
      int number = Integer.parseInt(digits);
      known.stream()
          .min(
              Comparator.comparing((String each) -> came.charAt(0) != each.charAt(0))
                  .thenComparing(each -> Math.abs(number - Integer.parseInt(each.substring(1)))))
          .filter(each -> !near.contains(each))
          .ifPresent(near::add);
    }
    return List.copyOf(near);
  }
}
