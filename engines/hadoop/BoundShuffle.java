package emrys;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import org.apache.hadoop.mapred.ShuffleChannelHandlerContext;
import org.apache.hadoop.mapred.ShuffleChannelInitializer;
import org.apache.hadoop.mapred.ShuffleHandler;

/**
 * MapReduce's shuffle on the address of its node (-Demrys.node). Hadoop's own listens on every address of the machine, which nothing
 * configures: that socket is closed as soon as it is there, and one with the same port and handlers takes its place.
 *
 * What Emrys ships is this class as `javac --release 8` compiles it, in src/shipped-class.ts.
 */
public final class BoundShuffle extends ShuffleHandler {
  private final EventLoopGroup threads = new NioEventLoopGroup(2);
  private ShuffleChannelHandlerContext handlers;

  @Override
  protected ShuffleChannelHandlerContext createHandlerContext() {
    handlers = super.createHandlerContext();
    return handlers;
  }

  @Override
  protected void serviceStart() throws Exception {
    super.serviceStart();
    int port = deserializeMetaData(getMetaData());
    allChannels.close().sync();
    Channel own =
        new ServerBootstrap()
            .group(threads)
            .channel(NioServerSocketChannel.class)
            .childHandler(new ShuffleChannelInitializer(handlers, null))
            .bind(new InetSocketAddress(System.getProperty("emrys.node"), port))
            .sync()
            .channel();
    allChannels.add(own);
  }

  @Override
  protected void serviceStop() throws Exception {
    super.serviceStop();
    threads.shutdownGracefully();
  }
}
