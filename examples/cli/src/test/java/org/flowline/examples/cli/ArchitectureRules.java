package org.flowline.examples.cli;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Checks the walls of the command line and the rules for all modules, which are on its class path.
@AnalyzeClasses(packages = "org.flowline", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureRules {

  private static final int FILES = 36;

  @ArchTest
  static void noPackageIsAWarehouse(JavaClasses classes) {
    Map<String, Long> sizes =
        classes.stream()
            .filter(one -> one.isTopLevelClass() && !one.getSimpleName().equals("package-info"))
            .filter(one -> !one.getPackageName().contains("jmh_generated"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    List<String> large =
        sizes.entrySet().stream()
            .filter(size -> size.getValue() > FILES)
            .map(size -> size.getKey() + ": " + size.getValue() + " files, want " + FILES)
            .toList();
    assertEquals(List.of(), large);
  }

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

  /// Final are all classes but interfaces, enums whose constants have bodies, and JMH's benchmarks,
  /// of which it generates subclasses.
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

  /// Imports point one way: cli → command → option → fit → report → pictures and the library.
  @ArchTest
  static final ArchRule importsPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("cli")
          .definedBy("org.flowline.examples.cli")
          .layer("command")
          .definedBy("org.flowline.examples.cli.command..")
          .layer("option")
          .definedBy("org.flowline.examples.cli.option..")
          .layer("fit")
          .definedBy("org.flowline.examples.cli.fit..")
          .layer("report")
          .definedBy("org.flowline.examples.cli.report..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("command")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("option")
          .mayOnlyBeAccessedByLayers("cli", "command")
          .whereLayer("fit")
          .mayOnlyBeAccessedByLayers("command", "option");

  @ArchTest
  static final ArchRule runsNeedNoCommandLine =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.flowline.examples.cli.fit..", "org.flowline.examples.cli.report..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("org.flowline.examples.(**)").should().beFreeOfCycles();
}
