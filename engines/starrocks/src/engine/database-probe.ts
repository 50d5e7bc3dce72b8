/**
 * Whether DuckDB still answers: a trivial statement on a connection of its own and the size of the data, within a bound. A database that
 * hangs makes the probe fail in time, never hang with it; callers that come meanwhile wait for the same answer.
 */
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Duck } from '../storage/duck.ts'
import type { Link } from '../storage/link.ts'

export type ProbeResult =
  | {
      readonly ok: true
      /** Threads that DuckDB works with, as it says itself. */
      readonly threads: number
      /** Bytes of data on disk, without free blocks. */
      readonly usedBytes: number
    }
  | { readonly ok: false; readonly reason: string }

/** Its statements take a millisecond; a machine that is merely busy answers well within this. */
const PROBE_MS = 2_000

export function databaseProbe(
  duck: Pick<Duck, 'usedBytes'>,
  link: Pick<Link, 'rows'>,
  clock: Clock,
): () => Promise<ProbeResult> {
  let pending: Promise<ProbeResult> | undefined
  const ask = async (): Promise<ProbeResult> => {
    try {
      const [row] = await link.rows("SELECT current_setting('threads')")
      return { ok: true, threads: Number(row?.[0]), usedBytes: await duck.usedBytes() }
    } catch (error) {
      return { ok: false, reason: (error as Error).message }
    } finally {
      pending = undefined
    }
  }
  return () => {
    pending ??= ask()
    return within(pending, clock)
  }
}

function within(answer: Promise<ProbeResult>, clock: Clock): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const cancel = clock.at(clock.now() + PROBE_MS, () =>
      resolve({ ok: false, reason: `the database did not answer within ${PROBE_MS} ms` }),
    )
    void answer.finally(cancel).then(resolve)
  })
}
