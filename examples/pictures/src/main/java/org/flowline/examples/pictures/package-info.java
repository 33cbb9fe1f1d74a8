/// The one look of all pictures, and how they become files. Start at
/// [org.flowline.examples.pictures.Pictures].
package org.flowline.examples.pictures;
