package org.apache.hadoop.fs.s3a;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;

/**
 * BucketFileSystem for those who come by Hadoop's other interface to file systems, as containers and the aggregation of logs do.
 *
 * What Emrys ships is this class as `javac --release 8` compiles it, in src/shipped-class.ts.
 */
public class Bucket extends DelegateToFileSystem {
  public Bucket(URI uri, Configuration configuration) throws IOException, URISyntaxException {
    super(uri, new BucketFileSystem(), configuration, uri.getScheme(), false);
  }

  @Override
  public int getUriDefaultPort() {
    return -1;
  }
}
