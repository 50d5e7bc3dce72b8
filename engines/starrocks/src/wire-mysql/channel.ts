/**
 * One client's socket as packets, with what keeps a slow, dead or hostile peer from holding memory:
 * reading stops while a command runs and enough is buffered, writing waits for the socket (`ready`), every wait has a
 * deadline that `tick` judges, and what a peer sends after its last answer is thrown away for a bounded time.
 *
 * Errors: ConnectionLost when the peer is gone (from `read`, `ready`, `secure`), FramingError when its stream
 * cannot be followed (from `read`).
 */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { SecureContext } from 'node:tls'
import type { Clock } from '../../../../src/kernel/clock.ts'
import { remoteHost } from '../remote-host.ts'
import { openInbound } from './inbound.ts'
import type { Inbound, InboundBudget } from './inbound.ts'
import type { MysqlLimits } from './mysql-limits.ts'
import { openOutbound } from './outbound.ts'
import type { Packet } from './packet-input.ts'
import type { PacketOutput } from './packet-output.ts'
import { ConnectionLost } from './protocol-error.ts'

export interface Channel {
  readonly out: PacketOutput
  readonly remoteHost: string
  readonly encrypted: boolean
  readonly closed: boolean
  /** The number that an answer to what arrived last would carry. */
  readonly answerSequence: number
  /** The next packet, whose first piece must carry the given number. `untilMs` is a clock time. */
  read(sequence: number, untilMs: number): Promise<Packet>
  /** Sends every finished packet. */
  flush(): void
  /** Resolves when more may be written; at once unless the client reads too slowly. */
  ready(): Promise<void>
  secure(context: SecureContext, untilMs: number): Promise<void>
  /** Packets up to the limits' maxAllowedPacket from now on. */
  admit(): void
  /** Sends what is finished, then closes; input is thrown away for lingerMs at most. */
  end(): void
  /** Closes at this time, whatever happens before. */
  endBy(atMs: number): void
  /** Called by the server's sweep: judges deadlines and sends what waits for a slow statement's next row. */
  tick(nowMs: number): void
  onClosed(listener: () => void): void
}

export interface ChannelOptions {
  readonly socket: Socket
  readonly limits: MysqlLimits
  readonly clock: Clock
  readonly budget: InboundBudget
}

export function openChannel(options: ChannelOptions): Channel {
  const { limits, clock } = options
  const life: Life = { socket: options.socket, closed: false, ending: false, endMs: Infinity }
  const inbound = openInbound({
    ...options,
    flow: (open) => {
      if (!open) life.socket.pause()
      else if (life.socket.isPaused()) life.socket.resume()
    },
  })
  const outbound = openOutbound({ limits, clock, socket: () => life.socket })
  const closedListeners: (() => void)[] = []
  const events = socketEvents(life, inbound, {
    drained: () => outbound.drained(),
    lost() {
      if (life.closed) return
      life.closed = true
      inbound.stop()
      outbound.stop()
      for (const listener of closedListeners) listener()
    },
  })
  const secure = tlsUpgrade(life, inbound, events)
  attach(life.socket, events)

  return {
    out: outbound.packets,
    remoteHost: remoteHost(life.socket),
    get encrypted() {
      return life.socket instanceof TLSSocket
    },
    get closed() {
      return life.closed
    },
    get answerSequence() {
      return inbound.answerSequence
    },
    read: (sequence, untilMs) => inbound.read(sequence, untilMs),
    flush: () => outbound.flush(),
    ready: () => outbound.ready(),
    async secure(context, untilMs) {
      const endMs = life.endMs
      life.endMs = Math.min(endMs, untilMs)
      await secure(context)
      life.endMs = endMs
    },
    admit: () => inbound.limit(limits.maxAllowedPacket),
    end() {
      if (life.closed || life.ending) return
      outbound.flush()
      life.ending = true
      life.endMs = Math.min(life.endMs, clock.now() + limits.lingerMs)
      inbound.stop()
      outbound.stop()
      life.socket.resume()
      life.socket.end()
    },
    endBy(atMs) {
      life.endMs = Math.min(life.endMs, atMs)
    },
    tick(nowMs) {
      if (nowMs >= Math.min(life.endMs, inbound.deadlineMs, outbound.deadlineMs)) events.lost()
      else outbound.flush()
    },
    onClosed(listener) {
      if (life.closed) listener()
      else closedListeners.push(listener)
    },
  }
}

interface Life {
  /** The plain socket, later the TLS one over it. */
  socket: Socket
  closed: boolean
  /** The last answer was sent. */
  ending: boolean
  /** When it is over, whatever happens. */
  endMs: number
}

interface SocketEvents {
  readonly data: (chunk: Buffer) => void
  readonly drain: () => void
  readonly end: () => void
  readonly lost: () => void
}

function socketEvents(
  life: Life,
  inbound: Inbound,
  on: { drained(): void; lost(): void },
): SocketEvents {
  const lost = (): void => {
    life.socket.destroy()
    on.lost()
  }
  return {
    data: (chunk) => inbound.push(chunk),
    drain: () => on.drained(),
    // There is no half-open conversation: a client that ends its side is gone, though it gets the last answer.
    end: () => {
      if (!life.ending) lost()
    },
    lost,
  }
}

function attach(socket: Socket, events: SocketEvents): void {
  socket.on('data', events.data)
  socket.on('drain', events.drain)
  socket.on('end', events.end)
  socket.on('close', events.lost)
  // The error itself is the peer's or the network's and says nothing about this server.
  socket.on('error', events.lost)
}

/**
 * What the client sent right behind its request belongs to TLS: it is returned to the socket unread, so that nothing sent in
 * the clear is ever taken for something sent under TLS.
 */
function tlsUpgrade(
  life: Life,
  inbound: Inbound,
  events: SocketEvents,
): (context: SecureContext) => Promise<void> {
  return async (context) => {
    const plain = life.socket
    plain.pause()
    plain.off('data', events.data)
    plain.off('drain', events.drain)
    plain.off('end', events.end)
    const early = inbound.drain()
    if (early.length > 0) plain.unshift(early)
    const secured = new TLSSocket(plain, { isServer: true, secureContext: context })
    life.socket = secured
    attach(secured, events)
    await new Promise<void>((resolve, reject) => {
      secured.once('secure', resolve)
      secured.once('close', () => reject(new ConnectionLost()))
    })
  }
}
