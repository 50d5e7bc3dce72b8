/** What the readers of bodies fill: rows on their way to a load, in batches, with those that could not be read beside them. */
import type { Load, LoadRow } from '../core/load/load-request.ts'

export interface RowSink {
  row(values: LoadRow): void
  refuse(reason: string): void
  /** Resolves when the load takes more; to be called between chunks. */
  flush(): Promise<void>
}

/** DuckDB's own vector size. */
const BATCH_ROWS = 2048

export function rowSink(load: Load, newBytes: () => number): RowSink & { end(): Promise<void> } {
  let rows: LoadRow[] = []
  const send = async () => {
    const batch = rows
    rows = []
    await load.write(batch, newBytes())
  }
  return {
    row: (values) => void rows.push(values),
    refuse: (reason) => load.refuse(reason),
    async flush() {
      if (rows.length >= BATCH_ROWS) await send()
    },
    end: send,
  }
}
