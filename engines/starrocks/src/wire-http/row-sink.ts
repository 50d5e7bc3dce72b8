/**
 * What the readers of values fill: rows on their way to a load, with those that could not be read beside them.
 *
 * Values travel as text with separators that were drawn for this load alone: DuckDB takes one text apart in half the time
 * that single values take on their way in. No sender can know the separators; they begin with control characters that
 * Unicode gave to this purpose.
 */
import type { Random } from '../../../../src/kernel/random.ts'
import type { Load, LoadRow, TextFormat } from '../load-sink.ts'

export interface RowSink {
  row(values: LoadRow): void
  refuse(reason: string): void
  /** Resolves when the load takes more; to be called between chunks. */
  flush(): Promise<void>
}

export interface RowSinkOptions {
  readonly text: TextFormat
  /** How much waits here at most, but for the last chunk's rows. */
  readonly blockLength: number
  newBytes(): number
}

/** 36^5: a value that holds such a text by chance does not come by in a lifetime, and by intent it cannot. */
const DRAWN_LENGTH = 5

export function drawnFormat(random: Random): TextFormat {
  return {
    columnSeparator: `\x1f${random.base36(DRAWN_LENGTH)}`,
    rowDelimiter: `\x1e${random.base36(DRAWN_LENGTH)}`,
    nullText: `\x1d${random.base36(DRAWN_LENGTH)}`,
  }
}

export function rowSink(
  load: Pick<Load, 'writeText' | 'refuse'>,
  options: RowSinkOptions,
): RowSink & { end(): Promise<void> } {
  const { columnSeparator, rowDelimiter, nullText } = options.text
  let rows: string[] = []
  let length = 0
  const send = async () => {
    const text = rows.join(rowDelimiter)
    const isEmpty = rows.length === 0
    rows = []
    length = 0
    if (!isEmpty) await load.writeText(text, options.newBytes())
  }
  return {
    row(values) {
      const row = values.map((value) => value ?? nullText).join(columnSeparator)
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
