package org.flowline.neuralode;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Checks the walls of this module: which package may import which.
@AnalyzeClasses(
    packages = "org.flowline.neuralode",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureRules {

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("org.flowline.(**)").should().beFreeOfCycles();

  /// The thesis and its contracts are the ground floor.
  @ArchTest
  static final ArchRule theThreeFieldsImportNoRoomAboveThem =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.neuralode")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.neuralode.field..",
              "org.flowline.neuralode.dynamics..",
              "org.flowline.neuralode.gradient..",
              "org.flowline.neuralode.loss..",
              "org.flowline.neuralode.event..",
              "org.flowline.neuralode.model..",
              "org.flowline.neuralode.training..",
              "org.flowline.neuralode.diagnostics..",
              "org.flowline.neuralode.data..");

  @ArchTest
  static final ArchRule gradientsImportNoTraining =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.flowline.neuralode.gradient..",
              "org.flowline.neuralode.loss..",
              "org.flowline.neuralode.event..",
              "org.flowline.neuralode.field..",
              "org.flowline.neuralode.dynamics..",
              "org.flowline.neuralode.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.flowline.neuralode.training..");

  @ArchTest
  static final ArchRule gradientsImportNoModels =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.flowline.neuralode.gradient..",
              "org.flowline.neuralode.loss..",
              "org.flowline.neuralode.event..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.flowline.neuralode.model..", "org.flowline.neuralode.data..");

  @ArchTest
  static final ArchRule lossesAndEventsImportNoGradientMethods =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.neuralode.loss..", "org.flowline.neuralode.event..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.flowline.neuralode.gradient..");

  @ArchTest
  static final ArchRule fieldsImportNoGradientsLossesModelsAndData =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.neuralode.field..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.neuralode.gradient..",
              "org.flowline.neuralode.loss..",
              "org.flowline.neuralode.model..",
              "org.flowline.neuralode.data..");

  @ArchTest
  static final ArchRule dynamicsImportNoGradientMethodsAndModels =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.neuralode.dynamics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.neuralode.gradient..", "org.flowline.neuralode.model..");

  @ArchTest
  static final ArchRule flowsImportNoObjectiveAndNoGradient =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.neuralode.training.flow..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.neuralode.training",
              "org.flowline.neuralode.training.objective..",
              "org.flowline.neuralode.gradient..",
              "org.flowline.neuralode.model..",
              "org.flowline.neuralode.data..");

  @ArchTest
  static final ArchRule objectivesImportNoTrainer =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.neuralode.training.objective..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.neuralode.training", "org.flowline.neuralode.training.flow..");

  @ArchTest
  static final ArchRule nothingImportsDiagnostics =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.flowline.neuralode.diagnostics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.flowline.neuralode.diagnostics..");

  @ArchTest
  static final ArchRule layersImportProgramsOnly =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.neuralode.nn..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.odesolvers..",
              "org.flowline.neuralode",
              "org.flowline.neuralode.data..",
              "org.flowline.autodiff.jvm..",
              "org.flowline.autodiff.nd4j..",
              "org.flowline.neuralode.field..",
              "org.flowline.neuralode.dynamics..",
              "org.flowline.neuralode.gradient..",
              "org.flowline.neuralode.loss..",
              "org.flowline.neuralode.event..",
              "org.flowline.neuralode.model..",
              "org.flowline.neuralode.training..",
              "org.flowline.neuralode.diagnostics..");

  @ArchTest
  static final ArchRule dataImportNoModel =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.neuralode.data..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.odesolvers..",
              "org.flowline.autodiff..",
              "org.flowline.neuralode",
              "org.flowline.neuralode.nn..",
              "org.flowline.neuralode.field..",
              "org.flowline.neuralode.dynamics..",
              "org.flowline.neuralode.gradient..",
              "org.flowline.neuralode.loss..",
              "org.flowline.neuralode.event..",
              "org.flowline.neuralode.model..",
              "org.flowline.neuralode.training..",
              "org.flowline.neuralode.diagnostics..");

  @ArchTest
  static final ArchRule theLibraryImportsNoCommandNoPlotAndNoNd4j =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.neuralode..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.examples..",
              "picocli..",
              "org.knowm..",
              "org.nd4j..",
              "jdk.incubator..");
}
