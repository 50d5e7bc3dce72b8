/**
 * Counters as the units of a batch raise them: the first of them asks and writes, those that follow know what it came to, and what they added
 * is written down once for all of them. Creations raise the same one.
 */
import { statements } from '../statement.ts'
import type { SqlConnection } from './connection.ts'

export interface CounterBuffer {
  count(name: string, by: number): Promise<number>
  counted(name: string): Promise<number>
  /** Writes down what was added; to be called before the commit. */
  flush(): Promise<void>
  /** What was counted up to now is kept when what follows is undone. */
  mark(): void
  /** What was counted since the mark is undone. */
  undo(): void
  /** Nothing is known: at the beginning of a batch. */
  clear(): void
}

interface Counter {
  readonly value: number
  readonly unwritten: number
}

export function counterBuffer(connection: Pick<SqlConnection, 'first'>): CounterBuffer {
  let counters: ReadonlyMap<string, Counter> = new Map()
  let marked = counters
  const know = (name: string, counter: Counter) => {
    counters = new Map(counters).set(name, counter)
    return counter.value
  }
  const raise = async (name: string, by: number) =>
    Number((await connection.first(statements.count, [name, by]))?.['value'])
  return {
    async count(name, by) {
      const known = counters.get(name)
      if (!known) return know(name, { value: await raise(name, by), unwritten: 0 })
      return know(name, { value: known.value + by, unwritten: known.unwritten + by })
    },
    async counted(name) {
      const known = counters.get(name)
      if (known) return known.value
      return Number((await connection.first(statements.counted, [name]))?.['value'] ?? 0)
    },
    async flush() {
      for (const [name, { value, unwritten }] of counters) {
        if (unwritten !== 0) await raise(name, unwritten)
        know(name, { value, unwritten: 0 })
      }
    },
    mark() {
      marked = counters
    },
    undo() {
      counters = marked
    },
    clear() {
      counters = new Map()
      marked = counters
    },
  }
}
