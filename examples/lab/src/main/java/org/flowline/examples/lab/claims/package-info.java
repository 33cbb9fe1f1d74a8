/// The claims of the laboratory, a class each: A on descent as a discretised flow, B on depth, C on
/// learning in biology. Start at [org.flowline.examples.lab.claims.Lab], the list.
///
/// To add a claim, write its texts in the resource `claims.md` and a record like
/// `A3DescentIsAPower`, and add it to the list; the tests then check it. Claims import each other's
/// helpers, such as `DeepNetwork`, but not each other.
package org.flowline.examples.lab.claims;
