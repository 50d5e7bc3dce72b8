/** How long to wait before try number `attempt` (from 1): doubling from `firstMs` up to `mostMs`, then 50–100 % of it at random. */
export function backoffMs(
  attempt: number,
  fraction: number,
  bounds = { firstMs: 200, mostMs: 60_000 },
): number {
  const full = Math.min(bounds.mostMs, bounds.firstMs * 2 ** Math.min(Math.max(0, attempt - 1), 30))
  return Math.round(full * (0.5 + fraction / 2))
}
