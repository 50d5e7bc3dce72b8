/**
 * How results are shown. Rows are taken one by one and never kept all together, so that a result may be larger than memory:
 * a table takes its widths from the first rows, and later ones that are wider stick out.
 */
import { visible, widthOf, type Cell, type Field } from './cell.ts'

export type Form = 'table' | 'tabs' | 'json'

export interface ResultWriter {
  fields(fields: readonly Field[]): void
  row(cells: readonly Cell[]): void
  /** After the last row. */
  end(): void
}

export interface ResultOptions {
  readonly form: Form
  /** Columns of the terminal; a table that is wider is shown with one column a line. */
  readonly width: number | undefined
  readonly vertical: boolean
  readonly dim: (text: string) => string
  readonly line: (text: string) => void
}

export function resultWriter(options: ResultOptions): ResultWriter {
  if (options.form === 'tabs') return tabWriter(options)
  return options.form === 'json' ? jsonWriter(options) : tableWriter(options)
}

/** With the names first; NULL is `\N` and special signs are escaped, as in the files that StarRocks loads. */
function tabWriter({ line }: ResultOptions): ResultWriter {
  const escaped = (cell: Cell) =>
    cell === null ? '\\N' : cell.replaceAll(/[\\\t\n\r\0]/g, (sign) => TAB_ESCAPES[sign] ?? sign)
  return {
    fields: (fields) => line(fields.map(({ name }) => escaped(name)).join('\t')),
    row: (cells) => line(cells.map(escaped).join('\t')),
    end() {},
  }
}

const TAB_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
}

/** An object a line. Numbers go out digit by digit as the server sent them, so that none is rounded. */
function jsonWriter({ line }: ResultOptions): ResultWriter {
  let members: readonly Field[] = []
  const valueOf = (cell: Cell, at: number) => {
    if (cell === null) return 'null'
    const number = members[at]?.numeric === true && JSON_NUMBER.test(cell)
    return number ? cell : JSON.stringify(cell)
  }
  return {
    fields(fields) {
      members = distinct(fields)
    },
    row(cells) {
      const texts = cells.map(
        (cell, at) => `${JSON.stringify(members[at]?.name ?? '')}:${valueOf(cell, at)}`,
      )
      line(`{${texts.join(',')}}`)
    },
    end() {},
  }
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

/** Columns may share a name; members may not, or the first would be lost: `a`, `a_2`, … */
function distinct(fields: readonly Field[]): readonly Field[] {
  const taken = new Set<string>()
  return fields.map((field) => {
    let { name } = field
    for (let number = 2; taken.has(name); number++) name = `${field.name}_${number}`
    taken.add(name)
    return { ...field, name }
  })
}

/** Rows that decide the widths: enough for what a person looks at. */
const MEASURED_ROWS = 500

function tableWriter(options: ResultOptions): ResultWriter {
  let fields: readonly Field[] = []
  let measured: (readonly Cell[])[] = []
  let later: ((cells: readonly Cell[]) => void) | undefined
  const begin = () => {
    later = laterRows(options, fields, measured)
    for (const row of measured) later(row)
    measured = []
  }
  return {
    fields: (given) => void (fields = given),
    row(cells) {
      if (later) return later(cells)
      measured.push(cells)
      if (measured.length === MEASURED_ROWS) begin()
    },
    end() {
      if (!later && measured.length > 0) begin()
    },
  }
}

/** Writes the head, and returns what writes a row. */
function laterRows(
  { width, vertical, dim, line }: ResultOptions,
  fields: readonly Field[],
  rows: readonly (readonly Cell[])[],
): (cells: readonly Cell[]) => void {
  const names = fields.map(({ name }) => visible(name))
  const widths = names.map((name, at) =>
    rows.reduce((most, row) => Math.max(most, widthOf(shown(row[at] ?? null))), widthOf(name)),
  )
  const total = widths.reduce((sum, each) => sum + each + 3, -1)
  if (vertical || (width !== undefined && total > width)) return verticalRows(names, dim, line)
  const cell = (text: string, at: number) =>
    padded(text, widths[at] ?? 0, fields[at]?.numeric === true)
  const drawn = (texts: readonly string[]) => ` ${texts.map(cell).join(' │ ')}`.trimEnd()
  line(dim(drawn(names)))
  line(dim(widths.map((each) => '─'.repeat(each + 2)).join('┼')))
  return (cells) => line(drawn(cells.map(shown)))
}

function verticalRows(
  names: readonly string[],
  dim: (text: string) => string,
  line: (text: string) => void,
): (cells: readonly Cell[]) => void {
  const widest = Math.max(...names.map(widthOf))
  let number = 0
  return (cells) => {
    line(dim(`── row ${++number} ${'─'.repeat(20)}`))
    for (const [at, name] of names.entries())
      line(`${dim(padded(name, widest, true))}  ${shown(cells[at] ?? null)}`)
  }
}

function shown(cell: Cell): string {
  return cell === null ? 'NULL' : visible(cell)
}

function padded(text: string, width: number, right: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)))
  return right ? blanks + text : text + blanks
}
