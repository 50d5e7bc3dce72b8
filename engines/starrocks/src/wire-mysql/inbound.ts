/**
 * The receiving half of a channel: packets for one reader at a time, deadlines for idle and for slow clients, a pause when
 * too much is sent ahead, and the budget of received bytes that all connections share.
 */
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { MysqlLimits } from './mysql-limits.ts'
import { packetInput } from './packet-input.ts'
import type { Packet, PacketInput } from './packet-input.ts'
import { ConnectionLost, FramingError, refusal } from './protocol-error.ts'

/** Enough for the commands that a pipelining driver sends ahead; more waits in the kernel. */
const READ_AHEAD_MAX = 65_536

/** Received bytes of all channels together; shared by a server. */
export interface InboundBudget {
  used: number
  readonly limit: number
}

export interface InboundOptions {
  readonly limits: MysqlLimits
  readonly clock: Clock
  readonly budget: InboundBudget
  /** Holds the socket back, or lets it continue. */
  readonly flow: (open: boolean) => void
}

export interface Inbound {
  /** When a wait for the client is over; Infinity while nothing is waited for. */
  readonly deadlineMs: number
  /** The number that an answer to what arrived last would carry. */
  readonly answerSequence: number
  push(chunk: Buffer): void
  read(sequence: number, untilMs: number): Promise<Packet>
  /** Packets of this size from now on. */
  limit(bytes: number): void
  /** What was received behind the last packet, unparsed. */
  drain(): Buffer
  /** No more packets: pending reads fail with ConnectionLost, what still comes is dropped. */
  stop(): void
}

interface PendingRead {
  readonly sequence: number
  readonly untilMs: number
  readonly resolve: (packet: Packet) => void
  readonly reject: (error: unknown) => void
}

export function openInbound(options: InboundOptions): Inbound {
  const { limits, flow } = options
  const input = packetInput(limits.handshakePacket)
  const account = accountOf(options.budget)
  let waiting: PendingRead | undefined
  let stopped = false
  let deadlineMs = Infinity
  /** Of the packet that is being answered. */
  let current = 0

  const take = (sequence: number): Packet | undefined => {
    const packet = input.take(sequence)
    if (packet) current = packet.payload.length
    account(input.held + current)
    return packet
  }
  const watch = arrivalWatch(options, input)

  return {
    get deadlineMs() {
      return deadlineMs
    },
    get answerSequence() {
      return (input.lastSequence + 1) & 0xff
    },
    push(chunk) {
      if (stopped) return
      input.push(chunk)
      const reader = waiting
      if (!reader) {
        if (input.held > READ_AHEAD_MAX) flow(false)
        return
      }
      try {
        const packet = take(reader.sequence)
        deadlineMs = packet ? Infinity : watch(reader.untilMs, deadlineMs)
        if (!packet) return
        waiting = undefined
        reader.resolve(packet)
      } catch (error) {
        waiting = undefined
        reader.reject(error)
      }
    },
    async read(sequence, untilMs) {
      if (stopped) throw new ConnectionLost()
      current = 0
      const packet = take(sequence)
      if (packet) return packet
      deadlineMs = watch(untilMs, untilMs)
      flow(true)
      return new Promise((resolve, reject) => {
        waiting = { sequence, untilMs, resolve, reject }
      })
    },
    limit: (bytes) => input.limit(bytes),
    drain: () => input.drain(),
    stop() {
      if (stopped) return
      stopped = true
      deadlineMs = Infinity
      input.drain()
      account(0)
      waiting?.reject(new ConnectionLost())
      waiting = undefined
    },
  }
}

function accountOf(budget: InboundBudget): (heldBytes: number) => void {
  let accounted = 0
  return (heldBytes) => {
    budget.used += heldBytes - accounted
    accounted = heldBytes
    if (heldBytes > 0 && budget.used > budget.limit) throw new FramingError(refusal.outOfMemory())
  }
}

/**
 * A packet that has begun to arrive must keep arriving. Its deadline is set once per piece, by the size announced: a client
 * cannot stretch it by sending single bytes.
 */
function arrivalWatch(
  { clock, limits }: InboundOptions,
  input: PacketInput,
): (untilMs: number, currentMs: number) => number {
  let watched = -1
  return (untilMs, currentMs) => {
    if (input.held === 0 && input.announced === 0) {
      watched = -1
      return untilMs
    }
    if (watched === input.announced) return currentMs
    watched = input.announced
    return Math.min(untilMs, clock.now() + limits.readMs + (watched / limits.readRate) * 1000)
  }
}
