package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.event.EventLoss;
import org.flowline.neuralode.event.TracedEvents;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

class AuditsGoThroughEvents {

  /// `y' = −ky` is kicked by 1 at the level 1/2, and the loss looks at when: all but the reversible
  /// method are near a reference that itself is near differences of the solve, events and all.
  @Test
  void ofAllMethodsButOne() {
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("rate", 1, 1), 1, 1, (t, y, p) -> y.mul(p.get("rate")).neg());
    field.bind(new double[] {0.8});
    Event kick =
        TracedEvents.of(field)
            .jump("kick", (t, y, p) -> y.sub(0.5), (t, y, p) -> y.add(1))
            .falling();
    EventLoss loss =
        EventLoss.traced(3, 1, 1, (y, e) -> y.sin().sum().add(e.slice(1, 0, 1).square().sum()));
    Integrator solver =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-8, 1e-8)).withEvent(kick);
    GradientAudit audit =
        GradientAudit.of(field, new double[] {1.1}, new double[] {0, 0.4, 2}, loss, solver);

    // Differences over 7e-4 of solves at 1e-11, which choose their steps again.
    assertTrue(audit.check().theta() <= 1e-7, audit.toString());
    assertTrue(audit.check().y0() <= 1e-7, audit.toString());
    assertTrue(audit.check().times() <= 1e-7, audit.toString());
    assertTrue(audit.rows().size() >= 7, audit.toString());
    for (GradientAudit.Row row : audit.rows()) {
      double worst =
          Math.max(row.errors().theta(), Math.max(row.errors().y0(), row.errors().times()));
      assertTrue(worst <= 1e-5, row.toString());
    }
    List<GradientAudit.Refused> refused = audit.refused();
    assertEquals(1, refused.size(), audit.toString());
    assertTrue(refused.getFirst().reason().contains("the integrator has events"));
  }
}
