/// Shows one short program for each kind of model: what users copy from.
package org.flowline.examples.gallery;
