package org.flowline.examples.explore;

import java.awt.Dimension;
import java.awt.GridBagConstraints;
import java.awt.GridBagLayout;
import java.awt.Insets;
import java.util.Dictionary;
import java.util.EnumMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.swing.BorderFactory;
import javax.swing.JComboBox;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JSlider;
import javax.swing.SwingConstants;
import org.flowline.examples.pictures.Pictures;

/// The choice of the method, the sliders, and a summary of the scene.
final class Controls {
  private final JPanel panel = new JPanel(new GridBagLayout());
  private final JLabel summary = new JLabel();
  private final JComboBox<Descent> method = new JComboBox<>(Descent.all().toArray(Descent[]::new));
  private final Map<Knob, JSlider> sliders = new EnumMap<>(Knob.class);
  private final Map<Knob, JLabel> values = new EnumMap<>(Knob.class);

  Controls(Settings settings, Consumer<UnaryOperator<Settings>> changed) {
    panel.setBorder(BorderFactory.createEmptyBorder(4, 14, 10, 14));
    method.setSelectedItem(settings.descent());
    method.addActionListener(_ -> changed.accept(s -> s.withDescent(chosen())));
    method.setMaximumRowCount(20);
    label("Method", 'M', method, 0, 0);
    place(method, 1, 0, 1, 1);
    // Independent of the length of its text.
    summary.setPreferredSize(new Dimension(0, 20));
    place(summary, 0, 3, 6, 1);
    slider(Knob.A, settings, changed, 0, 1);
    slider(Knob.B, settings, changed, 3, 1);
    slider(Knob.ANGLE, settings, changed, 0, 2);
    slider(Knob.ETA, settings, changed, 3, 2);
  }

  JPanel panel() {
    return panel;
  }

  /// Moves the keyboard focus to the step's slider.
  void focus() {
    sliders.get(Knob.ETA).requestFocusInWindow();
  }

  private Descent chosen() {
    return method.getItemAt(method.getSelectedIndex());
  }

  private void slider(
      Knob knob,
      Settings settings,
      Consumer<UnaryOperator<Settings>> changed,
      int column,
      int row) {
    // A number from the command line between two positions is kept until its slider is moved.
    JSlider slider = new JSlider(0, knob.positions, knob.position(knob.of(settings)));
    slider.addChangeListener(_ -> changed.accept(s -> knob.set(s, knob.value(slider.getValue()))));
    slider.setPaintLabels(true);
    slider.setLabelTable(labels(knob, OptionalDouble.empty()));
    slider.setPreferredSize(new Dimension(340, slider.getPreferredSize().height));
    JLabel value = new JLabel("0.0000", SwingConstants.RIGHT);
    value.setPreferredSize(value.getPreferredSize());
    label(knob.label, knob.mnemonic, slider, column, row);
    place(slider, column + 1, row, 1, 1);
    place(value, column + 2, row, 1, 0);
    sliders.put(knob, slider);
    values.put(knob, value);
  }

  private void label(String text, char mnemonic, JComponent control, int column, int row) {
    JLabel label = new JLabel(text);
    label.setDisplayedMnemonic(mnemonic);
    label.setLabelFor(control);
    control.getAccessibleContext().setAccessibleName(text);
    control.setToolTipText("Alt+" + Character.toUpperCase(mnemonic));
    place(label, column, row, 1, 0);
  }

  private void place(JComponent component, int column, int row, int columns, double weight) {
    Insets insets = new Insets(3, column == 3 ? 28 : 6, 3, 6);
    int centre = GridBagConstraints.CENTER;
    int fill = GridBagConstraints.HORIZONTAL;
    panel.add(
        component,
        new GridBagConstraints(column, row, columns, 1, weight, 0, centre, fill, insets, 0, 0));
  }

  /// Shows the numbers of a scene, and marks its limit on the slider of the step.
  void show(Scene scene) {
    Settings settings = scene.settings();
    for (Knob knob : Knob.values()) {
      String shown = knob.shown(knob.of(settings));
      values.get(knob).setText(shown);
      sliders.get(knob).getAccessibleContext().setAccessibleDescription(shown);
    }
    sliders.get(Knob.ETA).setLabelTable(labels(Knob.ETA, scene.criticalStep()));
    summary.setText(scene.toString());
  }

  private static Dictionary<Integer, JComponent> labels(Knob knob, OptionalDouble critical) {
    Dictionary<Integer, JComponent> labels = new Hashtable<>();
    for (int position : new int[] {0, knob.positions}) {
      labels.put(position, new JLabel(knob.shown(knob.value(position))));
    }
    int limit = critical.isPresent() ? knob.position(critical.getAsDouble()) : -1;
    if (limit > 0 && limit < knob.positions) {
      JLabel mark = new JLabel("▲ ηcrit");
      mark.setForeground(Pictures.colour(1));
      labels.put(limit, mark);
    }
    return labels;
  }
}
