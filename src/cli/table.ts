/**
 * Rows as aligned columns. On a terminal that is too narrow, columns give way by their worth; what people copy is never cut, and
 * what then still does not fit beside it continues in a second line of the row.
 */
import { stripVTControlCharacters } from 'node:util'
import { widthOf } from './connect/cell.ts'

export interface Column<R> {
  readonly title: string
  readonly text: (row: R) => string
  /** Colours the text after it was padded, so that colour codes do not count as width. */
  readonly paint?: (text: string, row: R) => string
  /** Never cut, because people copy it or because it says nothing when it is cut. */
  readonly whole?: true
  /** The lower, the earlier it gives way; columns without one are the last, the widest of them first. */
  readonly worth?: number
  /** How narrow it may become; one with 0 leaves the table before it is too narrow to be read. */
  readonly least?: number
}

export interface TableOptions {
  /** Columns of the terminal; undefined where there is no edge, 0 where the terminal does not know. */
  readonly width: number | undefined
  readonly title: (text: string) => string
}

const GAP = '  '
const INDENT = '  '
/** Names and sentences are cut to this before a column gives way to them. */
const LONG = 24
const NARROWEST = 8

export function table<R>(
  rows: readonly R[],
  columns: readonly Column<R>[],
  options: TableOptions,
): readonly string[] {
  const texts = rows.map((row) => columns.map((column) => oneLine(column.text(row))))
  const widths = columns.map((column, at) =>
    Math.max(column.title.length, ...texts.map((cells) => widthOf(cells[at] ?? ''))),
  )
  const lines = laidOut(widths, columns, options.width || undefined)
  const head = columns.map(
    ({ title }) =>
      (width: number) =>
        options.title(padded(title, width)),
  )
  const body = texts.map((cells, row) =>
    columns.map(({ paint }, at) => (width: number) => {
      const text = padded(cells[at] ?? '', width)
      return paint?.(text, rows[row]!) ?? text
    }),
  )
  return [head, ...body].flatMap((cells) => drawn(cells, lines))
}

/** The columns of one line of a row, with their widths. */
type Line = readonly { readonly at: number; readonly width: number }[]

/** A second line that would be empty is left out. */
function drawn(
  cells: readonly ((width: number) => string)[],
  lines: readonly Line[],
): readonly string[] {
  const texts = lines.map((line) =>
    line
      .map(({ at, width }) => cells[at]?.(width) ?? '')
      .join(GAP)
      .trimEnd(),
  )
  return texts.flatMap((text, at) =>
    at === 0 ? [text] : stripVTControlCharacters(text).trim() === '' ? [] : [`${INDENT}${text}`],
  )
}

/** Names come from clients: neither line ends nor terminal controls get through. */
function oneLine(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
}

function laidOut(
  widths: readonly number[],
  columns: readonly Omit<Column<never>, 'text' | 'paint'>[],
  total: number | undefined,
): readonly Line[] {
  const fit = total === undefined ? widths : fitted(widths, columns, total)
  const edge = (line: number) => (total ?? Infinity) - (line > 0 ? INDENT.length : 0)
  const lines: { at: number; width: number }[][] = [[]]
  for (const [at, width] of fit.entries()) {
    if (width === 0) continue
    const line = lines.at(-1)!
    const longer = lengthOf([...line.map((each) => each.width), width])
    if (line.length === 0 || longer <= edge(lines.length - 1)) line.push({ at, width })
    else lines.push([{ at, width }])
  }
  // What is left of a line belongs to its last column.
  for (const [number, line] of lines.entries()) {
    const last = line.at(-1)
    if (last === undefined) continue
    const left = edge(number) - lengthOf(line.map((each) => each.width))
    last.width = Math.max(last.width, Math.min(widths[last.at] ?? 0, last.width + left))
  }
  return lines
}

function lengthOf(widths: readonly number[]): number {
  const shown = widths.filter((width) => width > 0)
  return shown.reduce((sum, width) => sum + width + GAP.length, shown.length > 0 ? -GAP.length : 0)
}

function fitted(
  widths: readonly number[],
  columns: readonly Omit<Column<never>, 'text' | 'paint'>[],
  total: number,
): readonly number[] {
  const fit = [...widths]
  const excess = () => lengthOf(fit) - total
  const cuttable = [...fit.keys()].filter((at) => columns[at]?.whole === undefined)
  shrinkWidest(fit, cuttable, { to: LONG, excess })
  const ranked = cuttable
    .filter((at) => columns[at]?.worth !== undefined)
    .toSorted((one, other) => (columns[one]?.worth ?? 0) - (columns[other]?.worth ?? 0))
  for (const at of ranked) {
    const { least = NARROWEST } = columns[at] ?? {}
    const width = fit[at] ?? 0
    if (excess() <= 0) break
    const left = Math.max(Math.min(width, least), width - excess())
    fit[at] = least === 0 && left < NARROWEST ? 0 : left
  }
  const others = cuttable.filter((at) => columns[at]?.worth === undefined)
  shrinkWidest(fit, others, { to: NARROWEST, excess })
  return fit
}

function shrinkWidest(
  fit: number[],
  among: readonly number[],
  { to, excess }: { readonly to: number; readonly excess: () => number },
): void {
  while (excess() > 0) {
    const widest = among.toSorted((one, other) => (fit[other] ?? 0) - (fit[one] ?? 0))[0]
    if (widest === undefined || (fit[widest] ?? 0) <= to) return
    fit[widest]!--
  }
}

/** Exactly as wide as asked for; cut with an ellipsis. */
function padded(text: string, width: number): string {
  const wide = widthOf(text)
  if (wide <= width) return text + ' '.repeat(width - wide)
  let kept = ''
  let taken = 0
  for (const sign of text) {
    taken += widthOf(sign)
    if (taken > width - 1) break
    kept += sign
  }
  return `${kept}…${' '.repeat(width - 1 - widthOf(kept))}`
}
