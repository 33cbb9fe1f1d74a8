package org.flowline.autodiff;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Checks the walls of this module: which package may import which.
@AnalyzeClasses(
    packages = "org.flowline.autodiff",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureRules {

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("org.flowline.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule programsImportNoBackend =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.autodiff")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.flowline.autodiff.jvm..", "org.flowline.autodiff.nd4j..");

  @ArchTest
  static final ArchRule onlyTheKernelsAndPeakRateImportTheVectorApi =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.flowline.autodiff.jvm.kernels..")
          .and()
          .haveNameNotMatching("org\\.flowline\\.autodiff\\.jvm\\.PeakRate(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jdk.incubator..");

  @ArchTest
  static final ArchRule onlyTheNd4jBackendImportsNd4j =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.flowline.autodiff.nd4j..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..");

  @ArchTest
  static final ArchRule kernelsImportNoPlan =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.autodiff.jvm.kernels..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.flowline.autodiff.jvm", "org.flowline.autodiff.nd4j..");

  @ArchTest
  static final ArchRule autodiffImportsNoOtherModule =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.autodiff..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.odesolvers..", "org.flowline.neuralode..", "org.flowline.examples..");
}
