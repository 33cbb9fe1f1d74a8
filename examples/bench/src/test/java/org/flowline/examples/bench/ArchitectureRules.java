package org.flowline.examples.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Checks the walls of this module: which package may import which.
@AnalyzeClasses(
    packages = "org.flowline.examples.bench",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureRules {

  @ArchTest
  static final ArchRule benchmarksDrawNothingAndParseNothing =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.examples.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "picocli..",
              "org.knowm..",
              "org.flowline.examples.cli..",
              "org.flowline.examples.lab..");
}
