/** What several rounds came to: the median, and how far they lay apart. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  return { median: median(values), min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN }
}

/** As a reader compares it. */
export function spreadText(it: Spread, digits: number): string {
  const text = (value: number) => value.toFixed(digits)
  return `${text(it.median)} (${text(it.min)} to ${text(it.max)})`
}
