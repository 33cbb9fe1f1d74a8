package org.flowline.examples.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Checks the walls of this module: which package may import which.
@AnalyzeClasses(
    packages = "org.flowline.examples",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureRules {

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("org.flowline.examples.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule claimsAreAboveTheLaboratory =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.examples.lab")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.examples.lab.claims..", "org.flowline.examples.explore..");
}
