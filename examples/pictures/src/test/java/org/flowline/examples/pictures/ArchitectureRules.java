package org.flowline.examples.pictures;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Checks the walls of this module: which package may import which.
@AnalyzeClasses(
    packages = "org.flowline.examples.pictures",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureRules {

  @ArchTest
  static final ArchRule picturesImportNoOtherModule =
      noClasses()
          .that()
          .resideInAnyPackage("org.flowline.examples.pictures..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.flowline.autodiff..", "org.flowline.odesolvers..", "org.flowline.neuralode..");
}
