/** Rows as aligned columns. The last column takes what is left of the line; what does not fit is cut with an ellipsis. */
import { stripVTControlCharacters } from 'node:util'

export interface Column<R> {
  readonly title: string
  readonly text: (row: R) => string
  /** Colours the text after it was padded, so that colour codes do not count as width. */
  readonly paint?: (text: string, row: R) => string
}

export interface TableOptions {
  /** Columns of the terminal; undefined where there is no edge. */
  readonly width: number | undefined
  readonly title: (text: string) => string
}

const GAP = '  '

export function table<R>(
  rows: readonly R[],
  columns: readonly Column<R>[],
  options: TableOptions,
): readonly string[] {
  const texts = rows.map((row) => columns.map((column) => oneLine(column.text(row))))
  const widths = columns.map((column, at) =>
    Math.max(column.title.length, ...texts.map((cells) => [...(cells[at] ?? '')].length)),
  )
  const fit = fitted(widths, options.width)
  const head = columns.map((column, at) => options.title(padded(column.title, fit[at] ?? 0)))
  const body = texts.map((cells, row) =>
    columns.map((column, at) => {
      const text = padded(cells[at] ?? '', fit[at] ?? 0)
      return column.paint?.(text, rows[row]!) ?? text
    }),
  )
  return [head, ...body].map((cells) => cells.join(GAP).trimEnd())
}

/** Names come from clients: neither line ends nor terminal controls get through. */
function oneLine(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
}

/** The widest column gives way first, until the line fits or every column is as narrow as it may be. */
function fitted(widths: readonly number[], total: number | undefined): readonly number[] {
  const fit = [...widths]
  if (total === undefined) return fit
  const sum = () => fit.reduce((all, width) => all + width + GAP.length, -GAP.length)
  while (sum() > total) {
    const widest = fit.indexOf(Math.max(...fit))
    if ((fit[widest] ?? 0) <= NARROWEST) break
    fit[widest]!--
  }
  return fit
}

const NARROWEST = 8

function padded(text: string, width: number): string {
  const signs = [...text]
  const cut = signs.length > width ? `${signs.slice(0, Math.max(0, width - 1)).join('')}…` : text
  return cut + ' '.repeat(Math.max(0, width - [...cut].length))
}
