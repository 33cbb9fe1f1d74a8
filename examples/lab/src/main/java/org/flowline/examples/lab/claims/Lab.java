package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;

/// The list of all experiments. To add a claim, write its text in `claims.md` and its class, and
/// add a line here.
public final class Lab {
  private static final Map<String, Claim> CLAIMS = Claim.read(Lab.class, "claims.md");

  private static final List<Experiment> EXPERIMENTS =
      List.of(
          new A1DescentIsEuler(claim("A1")),
          new A2DescentErrs(claim("A2")),
          new A3DescentIsAPower(claim("A3")),
          new A4StepsHaveALimit(claim("A4")),
          new A5TheFlowDissipates(claim("A5")),
          new A6TheDescentLemmaHolds(claim("A6")),
          new A7RatesAreBounded(claim("A7")),
          new A8BackwardEulerIsTheProximalPoint(claim("A8")),
          new A9SolversAreOptimisers(claim("A9")),
          new A10MomentumIsSecondOrder(claim("A10")),
          new A11AdamIsSemiImplicitEuler(claim("A11")),
          new A12NaturalGradientsKnowModels(claim("A12")),
          new A13NoiseSamplesGibbs(claim("A13")),
          new A14DescentStaysNearTheFlow(claim("A14")),
          new A15TrajectoriesAreRoughlyConvex(claim("A15")),
          new A16DeepLinearNetsSucceed(claim("A16")),
          new A17DescentFollowsAModifiedFlow(claim("A17")),
          new A18SharpnessRises(claim("A18")),
          new A19StepsBifurcate(claim("A19")),
          new B1GradientsGoThroughDepth(claim("B1")),
          new B2ResidualsMakeAnAdjoint(claim("B2")),
          new B3ResNetIsEuler(claim("B3")),
          new B4AdjointTendsToBackprop(claim("B4")),
          new B5DeeperIsFiner(claim("B5")),
          new C1HebbFindsTheComponent(claim("C1")),
          new C2SpikesAreEvents(claim("C2")));

  private Lab() {}

  private static Claim claim(String id) {
    return Objects.requireNonNull(CLAIMS.get(id), id);
  }

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
