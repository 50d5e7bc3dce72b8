/**
 * How many documents there are, counted as they are written and written down once for all units of a batch: creations of one account
 * raise the same few counts.
 */
import type { Columns, Kind } from '../document.ts'
import { forRows, statements } from '../statement.ts'
import type { SqlConnection } from './connection.ts'

export interface TallyBuffer {
  add(kind: Kind, it: Columns, by: 1 | -1): void
  /** Writes down what was counted; to be called before counts are read, and before the commit. */
  flush(): Promise<void>
  /** What was counted up to now is kept when what follows is undone. */
  mark(): void
  /** What was counted since the mark is undone. */
  undo(): void
  /** Nothing is counted: at the beginning of a batch, and when every document is gone. */
  clear(): void
}

interface Count {
  readonly key: readonly string[]
  readonly by: number
}

/** So many counts a statement. */
const ROWS = 64

export function tallyBuffer(connection: Pick<SqlConnection, 'run'>): TallyBuffer {
  let counts = new Map<string, Count>()
  let marked = counts
  return {
    add(kind, it, by) {
      const key = [kind, ...talliedOf(it)]
      const name = JSON.stringify(key)
      counts.set(name, { key, by: (counts.get(name)?.by ?? 0) + by })
    },
    async flush() {
      const rows = [...counts.values()].filter(({ by }) => by !== 0)
      counts = new Map()
      for (let at = 0; at < rows.length; at += ROWS) {
        const values = rows.slice(at, at + ROWS).map(({ key, by }) => [...key, by])
        await connection.run(forRows(statements.tally, values), values.flat())
      }
    },
    mark() {
      marked = new Map(counts)
    },
    undo() {
      counts = new Map(marked)
    },
    clear() {
      counts = new Map()
    },
  }
}

/** The columns by which documents are counted, in the order of the tally's key. */
function talliedOf(it: Columns): readonly string[] {
  const { account, product, region, resourceGroup, resourceKind, origin, state } = it
  return [account, product, region, resourceGroup, resourceKind, origin, state]
}
