/** How commands print what the server answered: rows as a table, facts one a line, one sentence; or JSON for programs. */
import { table, type Column } from './table.ts'
import type { Terminal } from './terminal.ts'

/** An answer, and whether it is printed as JSON. */
export interface Answer {
  readonly value: unknown
  readonly json: true | undefined
}

export interface RowFormat<R> {
  readonly columns: readonly Column<R>[]
  /** Printed when there are no rows. */
  readonly none: string
}

/** A table; with `json`, one JSON object a line. */
export function printRows<R>(
  out: Terminal,
  rows: readonly R[],
  { columns, none, json }: RowFormat<R> & Pick<Answer, 'json'>,
): void {
  if (json) for (const row of rows) out.line(JSON.stringify(row))
  else if (rows.length === 0) out.line(none)
  else {
    const title = (text: string) => out.paint('dim', text)
    for (const line of table(rows, columns, { width: out.columns, title })) out.line(line)
  }
}

/** One fact a line, aligned; for what was just created. */
export function printFacts(
  out: Terminal,
  facts: Readonly<Record<string, string>>,
  { value, json }: Answer,
): void {
  if (json) return out.line(JSON.stringify(value))
  const width = Math.max(...Object.keys(facts).map((name) => name.length))
  for (const [name, text] of Object.entries(facts))
    out.line(`${out.paint('dim', name.padEnd(width))}  ${text}`)
}

/** A sentence for people, the whole answer for programs. */
export function printResult(out: Terminal, sentence: string, { value, json }: Answer): void {
  out.line(json ? JSON.stringify(value) : sentence)
}
