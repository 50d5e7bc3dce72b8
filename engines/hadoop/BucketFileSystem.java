package org.apache.hadoop.fs.s3a;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.impl.StatusProbeEnum;
import org.apache.hadoop.fs.statistics.DurationTrackerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * S3A where a bucket is a folder of this machine, as S3Proxy keeps it. The object `a/` is a folder there: it is listed below no prefix of
 * its own and without its size, answers for `a` as well, as if that were an empty file, and cannot be removed while anything is below it. So what looks like an
 * empty file or like nothing is asked for once more by the name of the folder; and folders are removed after what was in them. With other
 * stores it does what S3A does. It lies in the package of S3A, whose look-up it replaces.
 *
 * What Emrys ships is this class as `javac --release 8` compiles it, in src/shipped-class.ts.
 */
public class BucketFileSystem extends S3AFileSystem {
  /** Could not be removed yet. */
  private final NavigableSet<String> left =
      new ConcurrentSkipListSet<>(Collections.<String>reverseOrder());

  @Override
  S3AFileStatus s3GetFileStatus(
      Path path, String key, Set<StatusProbeEnum> probes, boolean needEmptyDirectoryFlag)
      throws IOException {
    boolean lists = probes.contains(StatusProbeEnum.List);
    try {
      S3AFileStatus found = super.s3GetFileStatus(path, key, probes, needEmptyDirectoryFlag);
      if (found.isDirectory() || found.getLen() > 0 || !isFolder(key)) return found;
    } catch (FileNotFoundException problem) {
      if (!lists || !isFolder(key)) throw problem;
    }
    if (!lists) throw new FileNotFoundException(path + " is a folder");
    try {
      return super.s3GetFileStatus(path, key, StatusProbeEnum.LIST_ONLY, needEmptyDirectoryFlag);
    } catch (FileNotFoundException problem) {
      return new S3AFileStatus(Tristate.TRUE, path, getUsername());
    }
  }

  @Override
  protected S3ListResult listObjects(S3ListRequest request, DurationTrackerFactory tracker)
      throws IOException {
    return sized(super.listObjects(request, tracker));
  }

  @Override
  protected S3ListResult continueListObjects(
      S3ListRequest request, S3ListResult before, DurationTrackerFactory tracker)
      throws IOException {
    return sized(super.continueListObjects(request, before, tracker));
  }

  /** Of folders, neither size nor time is listed. */
  private static S3ListResult sized(S3ListResult result) {
    if (result.isV1()) return result;
    List<S3Object> objects = new ArrayList<>();
    for (S3Object each : result.getV2().contents()) {
      if (each.size() != null && each.lastModified() != null) objects.add(each);
      else objects.add(each.toBuilder().size(0L).lastModified(Instant.EPOCH).build());
    }
    return S3ListResult.v2(result.getV2().toBuilder().contents(objects).build());
  }

  private boolean isFolder(String key) throws IOException {
    if (key.isEmpty() || key.endsWith("/")) return false;
    try {
      // A file answers by that name as well; a folder has nothing that could have a digest.
      return getObjectMetadata(key + "/").eTag() == null;
    } catch (AwsServiceException problem) {
      if (problem.statusCode() == 404) return false;
      throw problem;
    } catch (FileNotFoundException problem) {
      return false;
    }
  }

  @Override
  public void removeKeys(List<ObjectIdentifier> keys, boolean markers) throws IOException {
    List<ObjectIdentifier> files = new ArrayList<>();
    NavigableSet<String> folders = new ConcurrentSkipListSet<>(left.comparator());
    for (ObjectIdentifier each : keys) {
      if (each.key().endsWith("/")) folders.add(each.key());
      else files.add(each);
    }
    if (!files.isEmpty()) super.removeKeys(files, markers);
    for (String folder : folders) if (!removeFolder(folder, markers)) left.add(folder);
  }

  private boolean removeFolder(String key, boolean markers) throws IOException {
    ObjectIdentifier one = ObjectIdentifier.builder().key(key).build();
    try {
      super.removeKeys(Collections.singletonList(one), markers);
      return true;
    } catch (AwsServiceException problem) {
      if (problem.statusCode() != 500) throw problem;
      return false;
    }
  }

  /** The path's own folder last. What somebody has written into meanwhile stays. */
  private void removeFolders(Path path) throws IOException {
    String key = pathToKey(makeQualified(path));
    if (key.isEmpty()) return;
    left.add(key + "/");
    for (String folder : left)
      if (folder.startsWith(key + "/") && left.remove(folder)) removeFolder(folder, true);
  }

  @Override
  protected boolean deleteWithoutCloseCheck(Path path, boolean recursive) throws IOException {
    boolean done = super.deleteWithoutCloseCheck(path, recursive);
    if (done) removeFolders(path);
    return done;
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    boolean done = super.rename(from, to);
    if (done) removeFolders(from);
    return done;
  }
}
