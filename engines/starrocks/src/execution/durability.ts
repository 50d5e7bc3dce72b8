/**
 * When what was committed may be acknowledged: at once where the local disk keeps it, and when the store has it where the instance has a
 * volume. A store that is away holds up who writes, each within its own time, and nobody else.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { SqlError } from '../session.ts'
import type { Patience } from '../storage/link.ts'
import type { WriteListener } from '../storage/write-mutex.ts'
import type { Shipper } from '../volume/shipper.ts'

export interface Durability extends WriteListener {
  /** Resolves when what is committed now is kept. Throws SqlError that names the storage when the time for that is over. */
  settle(patience: Patience): Promise<void>
}

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

export function volumeDurability(shipper: Shipper): Durability {
  return {
    written: () => shipper.note(),
    admit(patience) {
      const lost = shipper.failure()
      if (lost !== undefined) throw late(lost)
      if (shipper.trouble() === undefined) return undefined
      return wait(shipper, patience, async (over) => {
        while (shipper.trouble() !== undefined && !over.aborted)
          await pause(LOOK_MS, undefined, { ref: false })
      })
    },
    settle: (patience) => wait(shipper, patience, () => shipper.settled()),
  }
}

async function wait(
  shipper: Shipper,
  patience: Patience | undefined,
  work: (over: AbortSignal) => Promise<void>,
): Promise<void> {
  const over = new AbortController()
  try {
    await outcomeInTime(shipper, patience, work(over.signal))
  } finally {
    over.abort()
  }
}

async function outcomeInTime(
  shipper: Shipper,
  patience: Patience | undefined,
  work: Promise<void>,
): Promise<void> {
  let outcome: { readonly lost?: string } | undefined
  const settled = work.then(
    () => (outcome = {}),
    (error: unknown) => (outcome = { lost: (error as Error).message }),
  )
  const mostMs = (patience?.storageSeconds ?? Infinity) * 1000
  for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
    const looked = new AbortController()
    const look = pause(LOOK_MS, undefined, { signal: looked.signal }).catch(() => undefined)
    await Promise.race([settled, look])
    looked.abort()
    const lost = outcome?.lost ?? shipper.failure()
    if (lost !== undefined) throw late(lost)
    if (outcome) return
    checkNamed(shipper, patience)
    if (waitedMs >= mostMs) throw late(shipper.trouble())
  }
}

/** The error names the storage rather than the timeout. */
function checkNamed(shipper: Shipper, patience: Patience | undefined): void {
  try {
    patience?.check()
  } catch (error) {
    const isTimeout = error instanceof SqlError && error.errno === TIMEOUT
    throw isTimeout ? late(shipper.trouble()) : error
  }
}

const late = (reason = 'it is too slow'): SqlError =>
  new SqlError(`The storage volume of the instance does not take what is written: ${reason}`)
