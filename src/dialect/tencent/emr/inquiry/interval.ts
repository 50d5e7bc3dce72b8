/** How far apart points of a figure are, as clients write it. */
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** In seconds: `5m`, `30s-max`. */
export function intervalOf(written: string): number {
  const unit = written.replace(/^\d+/, '').slice(0, 1)
  return Math.max(1, Number.parseInt(written, 10) * (UNIT_SECONDS[unit] ?? 1))
}
