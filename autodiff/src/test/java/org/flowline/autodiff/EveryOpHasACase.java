package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// The catalogue of operations is complete: each record of [Op], each constant of its enums and
/// each way to transpose a product has a case.
class EveryOpHasACase {

  @Property(tries = 1)
  void everyPrimitiveIsInTheCatalogue(@ForAll long seed) {
    Set<Object> covered =
        OpCase.kinds().stream()
            .map(Arbitrary::sample)
            .flatMap(each -> each.tape().nodes().stream())
            .map(node -> kind(node.op()))
            .collect(Collectors.toSet());
    Set<Object> wanted = new HashSet<>();
    for (Class<?> type : Op.class.getPermittedSubclasses()) {
      if (type.isEnum()) {
        wanted.addAll(Set.of(type.getEnumConstants()));
      } else {
        wanted.add(type);
      }
    }
    wanted.remove(Op.MatMul.class);
    for (int i = 0; i < 4; i++) {
      wanted.add(new Op.MatMul(i % 2 == 1, i / 2 == 1));
    }
    wanted.removeAll(covered);
    assertEquals(Set.of(), wanted, "operations without a case");
  }

  private static Object kind(Op op) {
    return op instanceof Enum<?> || op instanceof Op.MatMul ? op : op.getClass();
  }
}
