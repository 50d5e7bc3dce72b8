/**
 * What statements of a connection that only reads were answered since the last commit: until the next one they are answered the same.
 * Clients that wait ask the same again and again. Whole documents are not kept here (sql/document-cache.ts).
 */
import type { Connection, Row } from './connection.ts'

export interface CommittedRows extends Pick<Connection, 'all' | 'first'> {
  /** Whatever was committed is seen by what is asked from now on; within a read, too, that had begun before. */
  forget(): void
}

/** Rows of a listing have two numbers; this many take a megabyte or two. */
const ROWS_MAX = 20_000

export function committedRows(connection: Pick<Connection, 'all' | 'first'>): CommittedRows {
  /** By statement, then by its values. */
  const answers = new Map<string, Map<string, readonly Row[]>>()
  let rows = 0
  const forget = () => {
    answers.clear()
    rows = 0
  }
  const known = (
    sql: string,
    values: readonly (string | number)[],
    ask: () => readonly Row[],
  ): readonly Row[] => {
    const key = JSON.stringify(values)
    const before = answers.get(sql)?.get(key)
    if (before) return before
    const answer = ask()
    rows += 1 + answer.length
    if (rows > ROWS_MAX) {
      answers.clear()
      rows = 1 + answer.length
    }
    const others = answers.get(sql)
    if (others) others.set(key, answer)
    else answers.set(sql, new Map([[key, answer]]))
    return answer
  }
  return {
    all: (sql, values) => known(sql, values as never, () => connection.all(sql, values)),
    first(sql, values) {
      const [row] = known(`1 ${sql}`, values as never, () => {
        const only = connection.first(sql, values)
        return only === undefined ? [] : [only]
      })
      return row
    },
    forget,
  }
}
