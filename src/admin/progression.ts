/**
 * The pace of simulated clusters, shown and changed while the server runs; a restart brings back the configured one.
 * A change holds for clusters under way too: their work is made due at once, so that none waits out its old pace.
 */
import { statesWhere } from '../domain/cluster/lifecycle.ts'
import type { AdminContext } from './context.ts'
import { AdminProblem, json, type Page } from './page.ts'

export interface Paces {
  /** By engine family, as `immediate`, `time:SECONDS` or `manual:LOOKS`; `default` serves the families without their own. */
  all(): Readonly<Record<string, string>>
  readonly families: readonly string[]
  /** Throws an Error with a sentence when the text is no pace. */
  set(family: string, pace: string): void | Promise<void>
}

type ProgressionContext = Pick<AdminContext, 'paces' | 'store' | 'clock' | 'loop'>

/** Work items per transaction: others wait behind it. */
const CHUNK = 500

export function progressionPages(context: ProgressionContext): readonly Page[] {
  const { paces } = context
  return [
    {
      method: 'GET',
      path: '/_emrys/progression',
      does: 'the pace of simulated clusters, by engine family',
      run: async () => json({ families: paces.families, paces: paces.all() }),
    },
    {
      method: 'PUT',
      path: '/_emrys/progression/{family}',
      does: 'changes a pace until the next restart: {"pace":"immediate" | "time:SECONDS" | "manual:LOOKS"}',
      members: ['pace'],
      async run({ name, members }) {
        if (!paces.families.includes(name))
          throw new AdminProblem(`the family must be one of ${paces.families.join(', ')}`)
        if (typeof members['pace'] !== 'string') throw new AdminProblem('pace must be a text')
        await setPace(paces, name, members['pace'])
        await wakeUnsettled(context)
        return json({ families: paces.families, paces: paces.all() })
      },
    },
  ]
}

async function setPace(paces: Paces, family: string, pace: string): Promise<void> {
  try {
    await paces.set(family, pace)
  } catch (problem) {
    throw new AdminProblem((problem as Error).message)
  }
}

async function wakeUnsettled({ store, clock, loop }: ProgressionContext): Promise<void> {
  let behindSeq: number | undefined
  for (;;) {
    const place = behindSeq === undefined ? {} : { behindSeq }
    const { rows } = await store.read((tx) =>
      tx.list('cluster', {
        account: undefined,
        states: statesWhere(({ settled }) => !settled),
        order: 'oldest',
        limit: CHUNK,
        offset: 0,
        ...place,
      }),
    )
    const last = rows.at(-1)
    if (!last) break
    behindSeq = last.seq
    await store.write(async (tx) => {
      for (const { document } of rows) await tx.enqueue('cluster', document.id, clock.now())
    })
  }
  await loop.drain()
}
