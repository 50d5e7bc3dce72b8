/** What is going on, on one page: clusters by state, what is being changed, what needs somebody, what is used of quotas, and what it cost. */
import { clusterLifecycle } from '../domain/cluster/lifecycle.ts'
import type { Cluster } from '../domain/cluster/cluster.ts'
import { amountText } from '../domain/money.ts'
import { limits } from '../limits.ts'
import type { Reader } from '../store/port.ts'
import { operationOf } from './cluster-view.ts'
import { listSeen } from './clusters.ts'
import type { ConsoleContext } from './context.ts'
import { productsOf } from './vendor.ts'
import type { Viewer } from './viewer.ts'

/** What is shown of each list; the pages behind have the rest. */
const SHOWN = 20

/** States in which a cluster waits for somebody. */
const NEEDY = ['impaired', 'failed', 'unpaid', 'suspended', 'isolated'] as const

type Parts = Pick<ConsoleContext, 'store' | 'clock' | 'dialects' | 'environmentOf'>

export async function overviewOf(parts: Parts, viewer: Viewer) {
  const nowMs = parts.clock.now()
  return parts.store.read(async (tx) => ({
    nowMs,
    states: await statesOf(tx, viewer),
    running: await runningOf(tx, viewer),
    attention: await attentionOf(tx, viewer),
    quotas: await quotasOf(tx, parts, viewer),
    spend: viewer.seesAll ? await spendOf(tx, viewer, nowMs) : null,
  }))
}

function listed(tx: Reader, viewer: Viewer, states: readonly string[], limit: number) {
  return listSeen(tx, viewer, { order: 'newest', states, limit, offset: 0 })
}

async function statesOf(tx: Reader, viewer: Viewer) {
  const found: { state: string; count: number }[] = []
  for (const state of clusterLifecycle.states) {
    if (state === 'deleted') continue
    const { total } = await listed(tx, viewer, [state], 1)
    if (total > 0) found.push({ state, count: total })
  }
  return found
}

async function runningOf(tx: Reader, viewer: Viewer) {
  const { total, rows } = await tx.list('operation', {
    account: viewer.account,
    order: 'newest',
    states: ['running'],
    limit: limits.pageSize,
    offset: 0,
  })
  const operations: (ReturnType<typeof operationOf> & { name: string })[] = []
  for (const { document } of rows) {
    if (operations.length >= SHOWN) break
    const cluster = (await tx.findById('cluster', document.cluster))?.document
    if (!cluster || !viewer.may('cluster', cluster) || !viewer.may('operations', cluster)) continue
    operations.push({ ...operationOf(document), name: cluster.name })
  }
  return { total: viewer.seesAll ? total : operations.length, operations }
}

async function attentionOf(tx: Reader, viewer: Viewer) {
  const { total, rows } = await listed(tx, viewer, NEEDY, SHOWN)
  return { total, clusters: rows.map(({ document }) => needOf(document)) }
}

function needOf({ id, name, product, status, charge }: Cluster) {
  return {
    id,
    name,
    product,
    state: status.state,
    reason: status.reason,
    sinceMs: status.stateSinceMs,
    /** When it is released unless it is paid for. */
    releaseMs: charge.stop?.releaseMs ?? null,
    incidents: (status.incidents ?? [])
      .filter(({ endedMs }) => endedMs === undefined)
      .map(({ kind, node, reason, atMs }) => ({ kind, node: node ?? null, reason, atMs })),
  }
}

/** Quotas are of an account, so whoever sees all accounts has none. */
async function quotasOf(
  tx: Reader,
  { environmentOf }: Pick<Parts, 'environmentOf'>,
  { account, dialect }: Viewer,
) {
  if (account === undefined || !dialect) return []
  const environments = new Set(
    productsOf(dialect).flatMap((product) => environmentOf(product) ?? []),
  )
  const quotas = [...environments].flatMap((each) =>
    each.limits.filter(({ rule }) => rule === 'quota'),
  )
  const used = await tx.reserved(account, quotas)
  return quotas.map(({ rule: _rule, ...quota }, at) => ({ ...quota, used: used[at] ?? 0 }))
}

/** Entries that are looked through; where a month has more, its sum is of the latest ones, and says so. */
const ENTRIES_MAX = 5_000
const ENTRIES = 500

async function spendOf(tx: Reader, { account }: Viewer, nowMs: number) {
  const now = new Date(nowMs)
  const fromMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth())
  const sums = new Map<string, number>()
  let seen = 0
  let behindSeq: number | undefined
  let whole = false
  while (!whole && seen < ENTRIES_MAX) {
    const entries = await tx.ledger({
      limit: ENTRIES,
      ...(account === undefined ? {} : { account }),
      ...(behindSeq === undefined ? {} : { behindSeq }),
    })
    const ofMonth = entries.filter(({ atMs }) => atMs >= fromMs)
    for (const { kind, amount, currency } of ofMonth)
      if (kind !== 'payment') sums.set(currency, (sums.get(currency) ?? 0) - amount)
    seen += entries.length
    behindSeq = entries.at(-1)?.seq
    whole = entries.length < ENTRIES || ofMonth.length < entries.length
  }
  const amounts = [...sums].map(([currency, amount]) => ({ currency, amount: amountText(amount) }))
  return { fromMs, whole, amounts }
}

export type Overview = Awaited<ReturnType<typeof overviewOf>>
