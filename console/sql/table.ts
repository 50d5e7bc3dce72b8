/** Results as others read them. */

export type Cell = string | null

/** Texts that a spreadsheet would take for a formula are marked as texts; numbers are none. */
const FORMULA = /^[=+\-@\t\r]/
const NUMBER = /^[+-]?[\d.,]+(e[+-]?\d+)?$/i

/** CSV as RFC 4180 has it. */
export function csvOf(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(fieldOf).join(',')}\r\n`).join('')
}

function fieldOf(cell: Cell): string {
  if (cell === null) return ''
  const text = FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text
}

/** Columns of tables, by schema: rows of `information_schema.columns`. */
export function namespaceOf(
  rows: readonly (readonly Cell[])[],
): Record<string, Record<string, string[]>> {
  const found: Record<string, Record<string, string[]>> = Object.create(null)
  for (const [schema, table, column] of rows) {
    if (!schema || !table || !column) continue
    const tables = (found[schema] ??= Object.create(null) as Record<string, string[]>)
    ;(tables[table] ??= []).push(column)
  }
  return found
}

/** A statement that may have a password in it is not kept. */
export function isKept(statement: string): boolean {
  return statement.trim() !== '' && !/identified|password|secret|credential/i.test(statement)
}
