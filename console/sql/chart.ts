/** What of a result can be drawn: one column along, another one as values. Pure. */
import type { Cell } from './table.ts'

export interface Chart {
  /** Bars stand for names, a line goes over numbers and times. */
  readonly kind: 'bars' | 'line'
  readonly points: readonly {
    readonly label: string
    readonly at: number
    readonly value: number
  }[]
  readonly ticks: readonly number[]
}

/** More bars than these are no picture. */
const BARS_MAX = 60
const TICKS = 4

/** Columns that are numbers wherever they are something. */
export function numericColumns(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): readonly number[] {
  return columns.flatMap((_, at) => {
    const cells = rows.flatMap((row) => row[at] ?? [])
    return cells.length > 0 && cells.every((cell) => numberOf(cell) !== undefined) ? [at] : []
  })
}

/** The first column that is no value, and the first one that is. Undefined where nothing can be drawn. */
export function firstChoice(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): { readonly along: number; readonly of: number } | undefined {
  const numbers = numericColumns(columns, rows)
  const along = columns.findIndex((_, at) => !numbers.includes(at))
  const of = numbers.find((at) => at !== (along === -1 ? 0 : along)) ?? numbers[0]
  if (of === undefined || rows.length < 2) return undefined
  return { along: along === -1 ? 0 : along, of }
}

export function chartOf(
  rows: readonly (readonly Cell[])[],
  { along, of }: { readonly along: number; readonly of: number },
): Chart {
  const places = rows.map((row) => placeOf(row[along] ?? ''))
  const isLine = places.every((place) => place !== undefined)
  const all = rows.flatMap((row, at) => {
    const value = numberOf(row[of] ?? '')
    return value === undefined ? [] : [{ label: row[along] ?? 'NULL', at: places[at] ?? at, value }]
  })
  const points = isLine
    ? all.toSorted((one, other) => one.at - other.at)
    : all.slice(0, BARS_MAX).map((point, at) => ({ ...point, at }))
  const values = points.map(({ value }) => value)
  return { kind: isLine ? 'line' : 'bars', points, ticks: ticksOf(values) }
}

function numberOf(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : undefined
}

/** A number, or a time as databases write it. */
function placeOf(text: string): number | undefined {
  const number = numberOf(text)
  if (number !== undefined) return number
  if (!/^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?(\.\d+)?)?$/.test(text)) return undefined
  const time = Date.parse(text.length === 10 ? text : `${text.replace(' ', 'T')}Z`)
  return Number.isNaN(time) ? undefined : time
}

/** Round numbers from the lowest to the highest value, 0 among them. */
function ticksOf(values: readonly number[]): readonly number[] {
  const most = values.reduce((found, each) => Math.max(found, each), 0)
  const least = values.reduce((found, each) => Math.min(found, each), 0)
  const rough = (most - least || 1) / TICKS
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5].find((each) => each * power >= rough) ?? 10) * power
  const first = Math.floor(least / step)
  const last = Math.max(Math.ceil(most / step), first + 1)
  return Array.from({ length: last - first + 1 }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  )
}
