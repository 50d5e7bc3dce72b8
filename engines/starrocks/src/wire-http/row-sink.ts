/** What the readers of single values fill: rows in batches on their way to a load, beside those that could not be read. */
import type { EncodedRow, Load, LoadDocuments, LoadRow } from '../load-sink.ts'
import type { JsonRow } from './json-row.ts'

export interface RowSink {
  row(values: LoadRow): void
  documents(rows: LoadDocuments): void
  /** A row of so many bytes that is still being read. */
  later(row: Promise<JsonRow>, bytes: number): void
  refuse(reason: string): void
  /** Resolves when the load takes more; to be called between chunks. */
  flush(): Promise<void>
}

export interface RowSinkOptions {
  /** Characters that wait here at most, but for the last chunk's rows. */
  readonly blockLength: number
  newBytes(): number
}

export function rowSink(
  load: Pick<Load, 'encode' | 'write' | 'writeDocuments' | 'refuse'>,
  options: RowSinkOptions,
): RowSink & { end(): Promise<void> } {
  /** In their order: rows of single values, and between them those that go as they came, and those that are still being read. */
  let waiting: (EncodedRow[] | LoadDocuments | Promise<JsonRow>)[] = []
  let rows: EncodedRow[] | undefined
  let length = 0
  const send = async () => {
    const batches = waiting
    waiting = []
    rows = undefined
    length = 0
    for (const batch of batches) {
      if (Array.isArray(batch)) await load.write(batch, options.newBytes())
      else if (batch instanceof Promise) await sendRead(await batch)
      else await load.writeDocuments(batch, options.newBytes())
    }
  }
  const sendRead = async (read: JsonRow) => {
    if ('row' in read) await load.write([load.encode(read.row)], options.newBytes())
    else load.refuse(read.problem)
  }
  return {
    row(values) {
      const row = load.encode(values)
      if (rows) rows.push(row)
      else waiting.push((rows = [row]))
      length += row.length
    },
    documents(documents) {
      waiting.push(documents)
      rows = undefined
      length += documents.rows.length
    },
    later(row, bytes) {
      // What fails before its turn fails in its turn.
      row.catch(() => undefined)
      waiting.push(row)
      rows = undefined
      length += bytes
    },
    refuse(reason) {
      // Reasons keep the order of their rows.
      if (waiting.some((batch) => batch instanceof Promise))
        waiting.push(Promise.resolve({ problem: reason }))
      else load.refuse(reason)
    },
    async flush() {
      if (length >= options.blockLength) await send()
    },
    end: send,
  }
}
