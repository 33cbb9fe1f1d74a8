package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Notebook;

/// The list of all experiments. To add a claim, write its text in `claims.md` and its class, and
/// add a line here.
public final class Lab {
  private static final Map<String, Claim> CLAIMS = Claim.read(Lab.class, "claims.md");

  private static final List<Experiment> EXPERIMENTS =
      List.of(
          experiment("A1", new A1DescentIsEuler()::run),
          experiment("A2", new A2DescentErrs()::run),
          experiment("A3", new A3DescentIsAPower()::run),
          experiment("A4", new A4StepsHaveALimit()::run),
          experiment("A5", new A5TheFlowDissipates()::run),
          experiment("A6", new A6TheDescentLemmaHolds()::run),
          experiment("A7", new A7RatesAreBounded()::run),
          experiment("A8", new A8BackwardEulerIsTheProximalPoint()::run),
          experiment("A9", new A9SolversAreOptimisers()::run),
          experiment("A10", new A10MomentumIsSecondOrder()::run),
          experiment("A11", new A11AdamIsSemiImplicitEuler()::run),
          experiment("A12", new A12NaturalGradientsKnowModels()::run),
          experiment("A13", new A13NoiseSamplesGibbs()::run),
          experiment("A14", new A14DescentStaysNearTheFlow()::run),
          experiment("A15", new A15TrajectoriesAreRoughlyConvex()::run),
          experiment("A16", new A16DeepLinearNetsSucceed()::run),
          experiment("A17", new A17DescentFollowsAModifiedFlow()::run),
          experiment("A18", new A18SharpnessRises(60, 1)::run),
          experiment("A19", new A19StepsBifurcate()::run),
          experiment("B1", new B1GradientsGoThroughDepth()::run),
          experiment("B2", new B2ResidualsMakeAnAdjoint()::run),
          experiment("B3", new B3ResNetIsEuler()::run),
          experiment("B4", new B4AdjointTendsToBackprop()::run),
          experiment("B5", new B5DeeperIsFiner()::run),
          experiment("C1", new C1HebbFindsTheComponent()::run),
          experiment("C2", new C2SpikesAreEvents()::run));

  private Lab() {}

  private static Experiment experiment(String id, Consumer<Notebook> procedure) {
    return new Experiment(Objects.requireNonNull(CLAIMS.get(id), id), procedure);
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
