/**
 * How many documents there are, counted as they are written and written down once for all units of a batch: creations of one account
 * raise the same few counts.
 */
import type { Columns, Kind } from '../document.ts'
import { forRows, portionsOf, statements } from '../statement.ts'
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
  /** Absent where all documents are counted. */
  readonly isOfTag?: true
  readonly key: readonly string[]
  readonly by: number
}

export function tallyBuffer(connection: Pick<SqlConnection, 'run'>): TallyBuffer {
  let counts = new Map<string, Count>()
  let marked = counts
  const count = (it: Count) => {
    const name = JSON.stringify(it.key)
    counts.set(name, { ...it, by: (counts.get(name)?.by ?? 0) + it.by })
  }
  const write = async (sql: string, rows: readonly Count[]) => {
    for (const some of portionsOf(rows)) {
      const values = some.map(({ key, by }) => [...key, by])
      await connection.run(forRows(sql, values), values.flat())
    }
  }
  const dropEmpty = async (rows: readonly Count[]) => {
    for (const some of portionsOf(rows)) {
      const keys = some.map(({ key }) => key)
      await connection.run(forRows(statements.dropTagTallies, keys), keys.flat())
    }
  }
  return {
    add(kind, it, by) {
      count({ key: [kind, ...talliedOf(it)], by })
      for (const key of taggedOf(kind, it)) count({ isOfTag: true, key, by })
    },
    async flush() {
      const rows = [...counts.values()].filter(({ by }) => by !== 0)
      counts = new Map()
      const ofTags = rows.filter(({ isOfTag }) => isOfTag)
      await write(
        statements.tally,
        rows.filter(({ isOfTag }) => !isOfTag),
      )
      await write(statements.tagTally, ofTags)
      await dropEmpty(ofTags.filter(({ by }) => by < 0))
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

/** For each tag: with any value, and with its own. In the order of the insert. */
function taggedOf(kind: Kind, it: Columns): readonly (readonly string[])[] {
  const { account, product, region, resourceGroup, state } = it
  const place = [kind, account, product, region, resourceGroup, state]
  return it.tags.flatMap(({ key, value }) => [
    [...place, key, '', 'key'],
    [...place, key, value, 'value'],
  ])
}
