package org.apache.hadoop.hive.common.auth;

import java.net.InetSocketAddress;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.TTransportException;

/**
 * The socket of Hive's metastore on the address of its node (-Demrys.node). Hive's own class of this name listens on every address of the
 * machine when it is asked for none, which nothing configures. What else that class has is for encrypted sockets, which are not used.
 *
 * What Emrys ships is this class as `javac --release 8` compiles it, in src/bound-metastore.ts.
 */
public final class HiveAuthUtils {
  public static TServerSocket getServerSocket(String host, int port) throws TTransportException {
    return new TServerSocket(new InetSocketAddress(System.getProperty("emrys.node"), port));
  }
}
