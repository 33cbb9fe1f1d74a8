package org.flowline.odesolvers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Checks the walls of this module: which package may import which.
@AnalyzeClasses(
    packages = "org.flowline.odesolvers",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureRules {

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("org.flowline.(**)").should().beFreeOfCycles();

  /// Methods are data, and fields are what users write: the engine depends on both.
  @ArchTest
  static final ArchRule methodsAndFieldsImportNoEngine =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.odesolvers.method..", "org.flowline.odesolvers.field..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.odesolvers",
              "org.flowline.odesolvers.ensemble..",
              "org.flowline.odesolvers.problems..");

  @ArchTest
  static final ArchRule fieldsImportNoMethods =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.odesolvers.field..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.flowline.odesolvers.method..");

  @ArchTest
  static final ArchRule theEngineImportsNoEnsembleAndNoProblems =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.odesolvers")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.odesolvers.ensemble..", "org.flowline.odesolvers.problems..");

  @ArchTest
  static final ArchRule odesolversImportsNoOtherModule =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.odesolvers..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.autodiff..",
              "org.flowline.neuralode..",
              "org.flowline.examples..",
              "org.nd4j..",
              "jdk.incubator..");
}
