/**
 * The sending half of a channel: finished packets to the socket, no faster than it takes them.
 */
import type { Socket } from 'node:net'
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { MysqlLimits } from './mysql-limits.ts'
import { finishedBytes, packetOutput, takeFinished } from './packet-output.ts'
import type { PacketOutput } from './packet-output.ts'
import { ConnectionLost } from './protocol-error.ts'

/** After so much output the event loop gets a turn, or one fast reader would starve all other connections. */
const TURN_BYTES = 262_144

export interface Outbound {
  readonly packets: PacketOutput
  /** When a wait for the client to read is over; Infinity while nothing is waited for. */
  readonly deadlineMs: number
  flush(): void
  /** Resolves when more may be written. */
  ready(): Promise<void>
  /** The socket took everything. */
  drained(): void
  stop(): void
}

export interface OutboundOptions {
  readonly limits: MysqlLimits
  readonly clock: Clock
  /** It changes when TLS begins. */
  readonly socket: () => Socket
}

export function openOutbound({ limits, clock, socket }: OutboundOptions): Outbound {
  const packets = packetOutput(limits.maxAllowedPacket)
  let stopped = false
  let deadlineMs = Infinity
  let sinceTurn = 0
  let settle: (() => void) | undefined

  const wake = (): void => {
    deadlineMs = Infinity
    settle?.()
    settle = undefined
  }
  return {
    packets,
    get deadlineMs() {
      return deadlineMs
    },
    flush() {
      if (finishedBytes(packets) === 0) return
      const finished = takeFinished(packets)
      if (stopped) return
      sinceTurn += finished.length
      socket().write(finished)
    },
    async ready() {
      if (!stopped && socket().writableNeedDrain) {
        sinceTurn = 0
        deadlineMs = clock.now() + limits.writeMs
        await new Promise<void>((resolve) => {
          settle = resolve
        })
      } else if (sinceTurn >= TURN_BYTES) {
        sinceTurn = 0
        await new Promise((resolve) => setImmediate(resolve))
      }
      if (stopped) throw new ConnectionLost()
    },
    drained: wake,
    stop() {
      stopped = true
      wake()
    },
  }
}
