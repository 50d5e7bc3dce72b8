/**
 * Whether there is enough: stock and quotas against what an account has taken already. Pure; the counts come from the store,
 * inside the transaction that reserves.
 */
import type { Limit, Measure, Reservation } from './environment.ts'
import { Fault } from './fault.ts'

/** Counts what is taken of everything that each of the limits covers. */
export type Taken = (limits: readonly Limit[]) => Promise<readonly number[]>

/** Of what an account may have of something, how much is taken. */
export interface Share {
  readonly used: number
  readonly most: number
}

/** The share that leaves least of what is described; undefined where no limit of the rule is on it. */
export async function narrowest(
  limits: readonly Limit[],
  it: { readonly rule: Limit['rule']; readonly region: string; readonly of: Reservation },
  taken: Taken,
): Promise<Share | undefined> {
  const relevant = limitsOn(limits, it.region, [it.of]).filter(({ rule }) => rule === it.rule)
  const used = await taken(relevant)
  let least: Share | undefined
  for (const [at, { most }] of relevant.entries()) {
    const share = { used: used[at] ?? 0, most }
    if (!least || share.most - share.used < least.most - least.used) least = share
  }
  return least
}

/** The limits that some of the reservations fall under, stock before quotas, finer ones before coarser ones. */
function limitsOn(
  limits: readonly Limit[],
  region: string,
  wanted: readonly Reservation[],
): readonly Limit[] {
  return limits
    .filter((limit) => wanted.some((each) => covers(limit, region, each)))
    .sort((one, other) => rank(one) - rank(other))
}

function covers(limit: Limit, region: string, it: Reservation): boolean {
  return (
    limit.measure === it.measure &&
    (limit.region === undefined || limit.region === region) &&
    (limit.type === undefined || limit.type === it.type) &&
    (limit.zone === undefined || limit.zone === it.zone) &&
    (limit.charge === undefined || limit.charge === it.charge)
  )
}

/** Throws ResourceShort or QuotaExceeded for the first limit that the reservations would break. */
export async function checkSupply(
  limits: readonly Limit[],
  demand: { readonly region: string; readonly wanted: readonly Reservation[] },
  taken: Taken,
): Promise<void> {
  const relevant = limitsOn(limits, demand.region, demand.wanted)
  const takenOf = await taken(relevant)
  for (const [at, limit] of relevant.entries()) {
    const wanted = demand.wanted
      .filter((each) => covers(limit, demand.region, each))
      .reduce((sum, each) => sum + each.amount, 0)
    const used = takenOf[at] ?? 0
    if (used + wanted > limit.most) throw shortage(limit, used, wanted)
  }
}

/** The same things as one entry each, nothing of zero. */
export function merged(reservations: readonly Reservation[]): readonly Reservation[] {
  const sums = new Map<string, Reservation>()
  for (const each of reservations) {
    if (each.amount === 0) continue
    const key = keyOf(each)
    sums.set(key, { ...each, amount: each.amount + (sums.get(key)?.amount ?? 0) })
  }
  return [...sums.values()]
}

/** What `after` has beyond `before`; what it has less of does not show. */
export function excess(
  after: readonly Reservation[],
  before: readonly Reservation[],
): readonly Reservation[] {
  const held = new Map(merged(before).map((each) => [keyOf(each), each.amount]))
  return merged(after)
    .map((each) => ({ ...each, amount: each.amount - (held.get(keyOf(each)) ?? 0) }))
    .filter(({ amount }) => amount > 0)
}

function keyOf({ measure, type, zone, charge }: Reservation): string {
  return [measure, type, zone, charge].join('\n')
}

function shortage(limit: Limit, used: number, wanted: number): Fault {
  const { measure: what, type = '', zone = '', most } = limit
  return limit.rule === 'quota'
    ? new Fault('QuotaExceeded', { what, type, limit: most, used, wanted })
    : new Fault('ResourceShort', { what, type, zone, wanted, available: Math.max(0, most - used) })
}

const ORDER: readonly Measure[] = [
  'machine',
  'pod-cpu',
  'pod-memory',
  'disk',
  'storage',
  'placement',
  'cluster',
]

function rank({ rule, measure, type }: Limit): number {
  return (rule === 'quota' ? 100 : 0) + 10 * ORDER.indexOf(measure) + (type === undefined ? 1 : 0)
}
