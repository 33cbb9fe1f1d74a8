package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedArchivesAreRefused {

  /// The file of `np.savez(f, w=a, b=np.arange(3))` in NumPy 2.4.6, with `a` of
  /// [NumPyFilesAreReadOrRefused].
  private static final String SAVED =
      "UEsDBC0AAAAAAAAAIQBceTdR//////////8FABQAdy5ucHkBABAAsAAAAAAAAACwAAAAAAAAAJNOVU1QWQEA"
          + "dgB7J2Rlc2NyJzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAzKSwgfSAg"
          + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAA"
          + "+D8AAAAAAAAAwAAAAAAAAApAAAAAAAAAAACcdQCIPOQ3fpqZmZmZmbm/UEsDBC0AAAAAAAAAIQD3QBLq////"
          + "//////8FABQAYi5ucHkBABAAmAAAAAAAAACYAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxpOCcsICdm"
          + "b3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgzLCksIH0gICAgICAgICAgICAgICAgICAgICAgICAg"
          + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAAAABAAAAAAAAAAIAAAAAAAAAUEsB"
          + "Ai0DLQAAAAAAAAAhAFx5N1GwAAAAsAAAAAUAAAAAAAAAAAAAAIABAAAAAHcubnB5UEsBAi0DLQAAAAAAAAAh"
          + "APdAEuqYAAAAmAAAAAUAAAAAAAAAAAAAAIAB5wAAAGIubnB5UEsFBgAAAAACAAIAZgAAALYBAAAAAA==";

  /// The same by `np.savez_compressed`.
  private static final String COMPRESSED =
      "UEsDBC0AAAAIAAAAIQBceTdR//////////8FABQAdy5ucHkBABAAsAAAAAAAAABjAAAAAAAAAJvsF+obEMnI"
          + "UMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgYw"
          + "+GEPoRkOQCguByifYU4pQ4fNE/O6WTNBYOd+AFBLAwQtAAAACAAAACEA90AS6v//////////BQAUAGIubnB5"
          + "AQAQAJgAAAAAAAAATAAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3"
          + "S8wpTgWKF2ckFqQC+RrGOpo6CrUKFAAuBihghNJMUBoAUEsBAi0DLQAAAAgAAAAhAFx5N1FjAAAAsAAAAAUA"
          + "AAAAAAAAAAAAAIABAAAAAHcubnB5UEsBAi0DLQAAAAgAAAAhAPdAEupMAAAAmAAAAAUAAAAAAAAAAAAAAIAB"
          + "mgAAAGIubnB5UEsFBgAAAAACAAIAZgAAAB0BAAAAAA==";

  @TempDir Path folder;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a.npz"), bytes);
  }

  private static byte[] written() throws IOException {
    SequencedMap<String, Npy> arrays = new LinkedHashMap<>();
    arrays.put("w", Npy.of(new double[] {1, 2, 3, 4}, 2, 2));
    arrays.put("b", Npy.of(new double[] {-0.0, Double.MIN_VALUE, Double.NaN}));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npz.write(out, arrays);
    return out.toByteArray();
  }

  @Test
  void whatNumPyWroteIsRead() throws IOException {
    for (String saved : List.of(SAVED, COMPRESSED)) {
      SequencedMap<String, Npy> arrays = Npz.read(file(Base64.getDecoder().decode(saved)));
      assertEquals(List.of("w", "b"), List.copyOf(arrays.keySet()));
      assertEquals(List.of(2, 3), arrays.get("w").shape());
      assertArrayEquals(new double[] {1.5, -2, 3.25, 0, 1e300, -0.1}, arrays.get("w").values());
      assertArrayEquals(new double[] {0, 1, 2}, arrays.get("b").values());
    }
  }

  @Test
  void whatIsWrittenIsReadAndTheSameBytesEachTime() throws IOException {
    SequencedMap<String, Npy> arrays = Npz.read(file(written()));
    assertEquals(List.of("w", "b"), List.copyOf(arrays.keySet()));
    assertEquals(List.of(2, 2), arrays.get("w").shape());
    assertArrayEquals(new double[] {-0.0, Double.MIN_VALUE, Double.NaN}, arrays.get("b").values());
    assertArrayEquals(written(), written());
  }

  /// A flipped bit is found unless it is irrelevant for names and contents, such as one of a date.
  @Test
  void aDamagedFileIsNotReadAsAnotherOne() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    byte[] whole = written();
    SequencedMap<String, byte[]> parts = Archive.read(file(whole), 1 << 20);
    int refused = 0;
    for (int i = 0; i < 5000; i++) {
      byte[] bytes = whole.clone();
      boolean cut = random.nextInt(4) == 0;
      if (cut) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      } else {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        SequencedMap<String, byte[]> read = Archive.read(file(bytes), 1 << 20);
        assertTrue(!cut, "a file cut short is refused");
        assertEquals(List.copyOf(parts.keySet()), List.copyOf(read.keySet()));
        parts.forEach((name, part) -> assertArrayEquals(part, read.get(name)));
      } catch (DataException e) {
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > 4000, refused + " refused");
  }

  private static byte[] zip(Map<String, byte[]> parts) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> part : parts.entrySet()) {
        zip.putNextEntry(new ZipEntry(part.getKey()));
        zip.write(part.getValue());
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  @Test
  void aNameThatLeavesTheFolderIsRefused() throws IOException {
    for (String name :
        List.of("../w.npy", "/w.npy", "a/../../w.npy", "a//w.npy", "C:w.npy", "..\\w.npy", "./w")) {
      assertEquals(
          folder.resolve("a.npz")
              + ": a part named \""
              + name
              + "\"; want a relative path without . or ..",
          refusal(zip(Map.of(name, new byte[1]))));
      assertThrows(
          IllegalArgumentException.class,
          () -> Archive.write(new ByteArrayOutputStream(), Map.of(name, new byte[1])));
    }
  }

  /// 100 MB of zeros in 100 kB, and a directory that declares less than there is.
  @Test
  void aBombIsRefusedBeforeItIsRead() throws IOException {
    byte[] bomb = zip(Map.of("w.npy", new byte[100 << 20]));
    assertTrue(bomb.length < 200_000, bomb.length + " bytes");
    assertEquals(
        folder.resolve("a.npz") + ": 104857600 bytes or more in its parts; want at most 1048576",
        refusal(bomb));
    // The size of the only part is 24 bytes into its directory entry, "PK\1\2".
    int directory = new String(bomb, StandardCharsets.ISO_8859_1).lastIndexOf("PK\u0001\u0002");
    Arrays.fill(bomb, directory + 24, directory + 28, (byte) 0);
    bomb[directory + 25] = 1;
    assertEquals(damaged(), refusal(bomb));
  }

  /// 100 MB of bytes in a file of 100 kB would be 800 MB of doubles.
  @Test
  void arraysAreMeasuredInMemory() throws IOException {
    int count = 100_000_000;
    String shape = "{'descr': '|i1', 'fortran_order': False, 'shape': (%d,)}".formatted(count);
    byte[] header = shape.getBytes(StandardCharsets.US_ASCII);
    byte[] part = new byte[10 + header.length + count];
    System.arraycopy(Npy.of(new double[1]).bytes(), 0, part, 0, 8);
    part[8] = (byte) header.length;
    System.arraycopy(header, 0, part, 10, header.length);
    Path file = folder.resolve("a.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("y.npy"));
      zip.write(part);
    }
    assertTrue(Files.size(file) < 200_000);
    assertEquals(
        file + ": 100000000 numbers or more in its arrays; want at most 33554432",
        assertThrows(DataException.class, () -> Npz.read(file)).getMessage());
  }

  /// A reader gets the old or the new file.
  @Test
  void filesAreReplacedWhileTheyAreRead() throws Exception {
    Path file = folder.resolve("a.zip");
    Map<String, byte[]> one = Map.of("one", new byte[100_000]);
    Map<String, byte[]> two = Map.of("second", new byte[7]);
    Archive.write(file, one);
    AtomicBoolean done = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; !done.get(); i++) {
                    Archive.write(file, i % 2 == 0 ? two : one);
                  }
                });
    try {
      for (int i = 0; i < 500; i++) {
        String name = Archive.read(file, 1 << 20).firstEntry().getKey();
        assertTrue(name.equals("one") || name.equals("second"), name);
      }
    } finally {
      done.set(true);
      writer.join();
    }
  }

  @Test
  void whatIsNoArchiveIsRefused() throws IOException {
    for (String text : List.of("", "hello", "PK\u0003\u0004")) {
      assertEquals(damaged(), refusal(text.getBytes(StandardCharsets.UTF_8)));
    }
    Path none = folder.resolve("none.npz");
    assertEquals(
        none + ": no such file; check the path",
        assertThrows(DataException.class, () -> Npz.read(none)).getMessage());
    assertEquals(
        folder + ": is a folder; want a file",
        assertThrows(DataException.class, () -> Npz.read(folder)).getMessage());
    Path model = file(zip(Map.of("model.json", new byte[1])));
    assertEquals(
        model + ": part \"model.json\"; want .npy only: is it a model? Load it as one",
        assertThrows(DataException.class, () -> Npz.read(model)).getMessage());
    Path wrong = file(zip(Map.of("w.npy", new byte[1])));
    assertEquals(
        wrong + "/w.npy: is not a .npy file; write it with np.save",
        assertThrows(DataException.class, () -> Npz.read(wrong)).getMessage());
  }

  private String damaged() {
    return folder.resolve("a.npz")
        + ": is not a whole zip file, or is damaged; copy or write it again";
  }

  private String refusal(byte[] bytes) throws IOException {
    Path file = file(bytes);
    return assertThrows(DataException.class, () -> Archive.read(file, 1 << 20)).getMessage();
  }
}
