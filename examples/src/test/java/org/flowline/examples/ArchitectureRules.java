package org.flowline.examples;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// How the house is built; this module sees all of it.
@AnalyzeClasses(packages = "org.flowline", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureRules {

  @ArchTest
  static final ArchRule enginesStayInTheBackend =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.flowline.autodiff.backend..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jdk.incubator..");

  /// Benchmarks run ND4J's own calls, not tapes on ND4J, beside ours.
  @ArchTest
  static final ArchRule nd4jStaysInTheBackendAndBesideIt =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.flowline.autodiff.backend..", "org.flowline.examples.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..");

  @ArchTest
  static final ArchRule solversKnowNeitherProgramsNorNetworks =
      noClasses()
          .that()
          .resideInAPackage("org.flowline.odesolvers..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.autodiff..", "org.flowline.neuralode..", "org.flowline.examples..");

  @ArchTest
  static final ArchRule programsKnowNeitherSolversNorNetworks =
      noClasses()
          .that()
          .resideInAPackage("org.flowline.autodiff..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.odesolvers..", "org.flowline.neuralode..", "org.flowline.examples..");

  @ArchTest
  static final ArchRule theLibraryKnowsNoCommands =
      noClasses()
          .that()
          .resideInAPackage("org.flowline.neuralode..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.flowline.examples..", "picocli..", "org.knowm..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("org.flowline.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule gradientsKnowNothingOfTraining =
      noClasses()
          .that()
          .resideInAPackage("org.flowline.neuralode")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.flowline.neuralode.training..");

  @ArchTest
  static final ArchRule whatIsWatchedDoesNotKnowWhoWatches =
      noClasses()
          .that()
          .resideInAPackage("org.flowline.neuralode..")
          .and()
          .resideOutsideOfPackage("org.flowline.neuralode.diagnostics..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.flowline.neuralode.diagnostics..");

  @ArchTest
  static final ArchRule layersKnowProgramsOnly =
      noClasses()
          .that()
          .resideInAPackage("org.flowline.neuralode.nn..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.odesolvers..",
              "org.flowline.neuralode",
              "org.flowline.neuralode.data..",
              "org.flowline.autodiff.backend..");

  @ArchTest
  static final ArchRule dataKnowNothingOfModels =
      noClasses()
          .that()
          .resideInAPackage("org.flowline.neuralode.data..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.odesolvers..",
              "org.flowline.neuralode",
              "org.flowline.neuralode.nn..",
              "org.flowline.autodiff..");

  @ArchTest
  static final ArchRule namesSayWhatThingsAre =
      noClasses()
          .should()
          .haveSimpleNameStartingWith("Abstract")
          .orShould()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager");

  /// Interfaces, and enums whose constants have bodies, are not final; nor are JMH's benchmarks, of
  /// which it generates subclasses. All others are.
  @ArchTest
  static final ArchRule behaviourIsNotInherited =
      classes()
          .that()
          .areNotInterfaces()
          .and()
          .areNotEnums()
          .and()
          .areNotAnonymousClasses()
          .and()
          .areNotAnnotatedWith("org.openjdk.jmh.annotations.State")
          .and()
          .resideOutsideOfPackage("..jmh_generated..")
          .should()
          .haveModifier(FINAL);
}
