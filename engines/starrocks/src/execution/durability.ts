/**
 * When what was committed may be acknowledged: at once where the local disk keeps it, and when the store has it where the instance has a
 * volume. A store that is away holds up who writes, each within its own time, and nobody else.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { SqlError } from '../session.ts'
import type { Cancellation } from '../storage/link.ts'
import type { WriteListener } from '../storage/write-mutex.ts'
import type { Shipper } from '../volume/shipper.ts'

export interface Durability extends WriteListener {
  /** Resolves when what is committed now is kept. Throws SqlError that names the storage when the time for that is over. */
  settle(cancellation: Cancellation): Promise<void>
}

/** Of the instance, and of each storage volume that whoever waits has written into. */
export const withVolumes = (
  own: Durability,
  volumes: {
    written(): void
    settle(cancellation: Cancellation): Promise<void>
  },
): Durability => ({
  admit: own.admit,
  written() {
    own.written()
    volumes.written()
  },
  async settle(cancellation) {
    await own.settle(cancellation)
    await volumes.settle(cancellation)
  },
})

/** DuckDB has synchronised its write-ahead log when a commit resolves. */
export const localDurability: Durability = {
  admit: () => undefined,
  written() {},
  settle: async () => undefined,
}

/** Between two looks whether a statement that waits was cancelled. */
const LOOK_MS = 50
/** ERR_QUERY_TIMEOUT (storage/duck-error.ts). */
const TIMEOUT = 5024

/** `named` says whose storage it is. */
export function volumeDurability(shipper: Shipper, named = 'of the instance'): Durability {
  const late = lateOf(named)
  const wait = waitsOf(shipper, late)
  return {
    written: () => shipper.note(),
    admit(cancellation) {
      const lost = shipper.failure()
      if (lost !== undefined) throw late(lost)
      if (shipper.problem() === undefined) return undefined
      return wait(cancellation, async (over) => {
        while (shipper.problem() !== undefined && !over.aborted)
          await pause(LOOK_MS, undefined, { ref: false })
      })
    },
    settle: (cancellation) => wait(cancellation, () => shipper.settled()),
  }
}

type Late = (reason?: string) => SqlError

const lateOf =
  (named: string): Late =>
  (reason = 'it is too slow') =>
    new SqlError(`The storage volume ${named} does not take what is written: ${reason}`)

type Waits = (
  cancellation: Cancellation | undefined,
  work: (over: AbortSignal) => Promise<void>,
) => Promise<void>

function waitsOf(shipper: Shipper, late: Late): Waits {
  return async (cancellation, work) => {
    const over = new AbortController()
    try {
      await outcomeInTime({ shipper, late, cancellation }, work(over.signal))
    } finally {
      over.abort()
    }
  }
}

interface Waiting {
  readonly shipper: Shipper
  readonly late: Late
  readonly cancellation: Cancellation | undefined
}

async function outcomeInTime(waiting: Waiting, work: Promise<void>): Promise<void> {
  const { shipper, late, cancellation } = waiting
  let outcome: { readonly lost?: string } | undefined
  const settled = work.then(
    () => (outcome = {}),
    (error: unknown) => (outcome = { lost: (error as Error).message }),
  )
  const mostMs = (cancellation?.storageSeconds ?? Infinity) * 1000
  for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
    const looked = new AbortController()
    const look = pause(LOOK_MS, undefined, { signal: looked.signal }).catch(() => undefined)
    await Promise.race([settled, look])
    looked.abort()
    const lost = outcome?.lost ?? shipper.failure()
    if (lost !== undefined) throw late(lost)
    if (outcome) return
    checkNamed(waiting)
    if (waitedMs >= mostMs) throw late(shipper.problem())
  }
}

/** The error names the storage rather than the timeout. */
function checkNamed({ shipper, late, cancellation }: Waiting): void {
  try {
    cancellation?.check()
  } catch (error) {
    const isTimeout = error instanceof SqlError && error.errno === TIMEOUT
    throw isTimeout ? late(shipper.problem()) : error
  }
}
