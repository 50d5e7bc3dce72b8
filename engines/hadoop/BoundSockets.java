package emrys;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import javax.net.SocketFactory;

/**
 * Sockets that leave from the address of their node (-Demrys.node). The kernel would take 127.0.0.1 for every connection on loopback,
 * and a NameNode knows its DataNodes by where they come from: of two on one machine, each would be taken for the other.
 *
 * What Emrys ships is this class as `javac --release 8` compiles it, in src/shipped-class.ts.
 */
public final class BoundSockets extends SocketFactory {
  private static SocketAddress origin() throws IOException {
    return new InetSocketAddress(InetAddress.getByName(System.getProperty("emrys.node")), 0);
  }

  @Override
  public Socket createSocket() throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.bind(origin());
    return channel.socket();
  }

  private Socket connected(SocketAddress to) throws IOException {
    Socket socket = createSocket();
    socket.connect(to);
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return createSocket(host, port);
  }

  /** Hadoop keeps connections by their factory: all of this class are one. */
  @Override
  public boolean equals(Object other) {
    return other instanceof BoundSockets;
  }

  @Override
  public int hashCode() {
    return BoundSockets.class.hashCode();
  }
}
