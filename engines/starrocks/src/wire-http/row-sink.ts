/** What the readers of single values fill: rows in batches on their way to a load, beside those that could not be read. */
import type { EncodedRow, Load, LoadRow } from '../load-sink.ts'

export interface RowSink {
  row(values: LoadRow): void
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
  load: Pick<Load, 'encode' | 'write' | 'refuse'>,
  options: RowSinkOptions,
): RowSink & { end(): Promise<void> } {
  let rows: EncodedRow[] = []
  let length = 0
  const send = async () => {
    const batch = rows
    rows = []
    length = 0
    if (batch.length > 0) await load.write(batch, options.newBytes())
  }
  return {
    row(values) {
      const row = load.encode(values)
      rows.push(row)
      length += row.length
    },
    refuse: (reason) => load.refuse(reason),
    async flush() {
      if (length >= options.blockLength) await send()
    },
    end: send,
  }
}
