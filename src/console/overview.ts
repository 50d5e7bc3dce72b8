/** What is in progress, on one page: clusters by state, what is being changed, what needs somebody, what is used of quotas, and what it cost. */
import { clusterLifecycle } from '../domain/cluster/lifecycle.ts'
import type { Cluster } from '../domain/cluster/cluster.ts'
import type { Limit } from '../domain/environment.ts'
import { accruedBy } from '../app/billing/fund.ts'
import { amountText } from '../domain/money.ts'
import { listPrice, total as orderTotal, type Order } from '../domain/order.ts'
import { limits } from '../limits.ts'
import type { Reader } from '../store/port.ts'
import { operationOf } from './cluster-view.ts'
import { listSeen } from './clusters.ts'
import type { ConsoleContext } from './context.ts'
import { productsOf } from './vendor.ts'
import type { Viewer } from './viewer.ts'

/** What is shown of each list; the pages behind have the rest. */
const SHOWN = 20

const LATEST = { order: 'newest', offset: 0, limit: SHOWN, account: undefined } as const

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
    orders: viewer.seesAll ? await unpaidOf(tx, viewer) : [],
    backups: await failedBackupsOf(tx, viewer),
    limits: await supplyOf(tx, parts, viewer),
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

/** Orders that wait for their payment, and are cancelled without it. */
async function unpaidOf(tx: Reader, { account }: Viewer) {
  const { rows } = await tx.list('order', { ...LATEST, account, states: ['unpaid'] })
  const ofCluster = async (order: Order) => ({
    id: order.id,
    cluster: order.cluster,
    name: (await tx.findById('cluster', order.cluster))?.document.name ?? order.cluster,
    currency: order.currency,
    total: amountText(order.months === undefined ? listPrice(order) : orderTotal(order)),
    deadlineMs: order.deadlineMs ?? null,
  })
  const found: Awaited<ReturnType<typeof ofCluster>>[] = []
  for (const { document } of rows) found.push(await ofCluster({ ...document }))
  return found
}

/** Backups that failed, of the latest ones: of each cluster the latest backup alone says how it is. */
async function failedBackupsOf(tx: Reader, viewer: Viewer) {
  const { account } = viewer
  const { rows } = await tx.list('backup', { ...LATEST, account, limit: limits.pageSize })
  const seen = new Set<string>()
  const found: { id: string; cluster: string; name: string; reason: string; atMs: number }[] = []
  for (const { document: backup } of rows) {
    const { id, cluster: of, reason, startedMs, finishedMs } = backup
    if (seen.has(of)) continue
    seen.add(of)
    if (backup.state !== 'failed') continue
    const cluster = (await tx.findById('cluster', of))?.document
    if (!cluster || !viewer.may('cluster', cluster) || !viewer.may('backups', cluster)) continue
    found.push({ id, cluster: of, name: cluster.name, reason, atMs: finishedMs ?? startedMs })
  }
  return found
}

/** What is used of stock and quotas, which are of an account: of all accounts those that use some, for whoever sees them. */
async function supplyOf(
  tx: Reader,
  { dialects, environmentOf }: Pick<Parts, 'dialects' | 'environmentOf'>,
  { account, dialect }: Viewer,
) {
  const owners =
    account !== undefined && dialect
      ? [{ account, dialect }]
      : (await tx.list('account', LATEST)).rows.flatMap(({ document }) => {
          const found = dialects.find(({ name }) => name === document.dialect)
          return found ? [{ account: document.id, dialect: found }] : []
        })
  const found: (Limit & { account: string; used: number })[] = []
  for (const owner of owners) {
    const environments = new Set(
      productsOf(owner.dialect).flatMap((product) => environmentOf(product) ?? []),
    )
    const all = [...environments].flatMap((each) => each.limits)
    const used = await tx.reserved(owner.account, all)
    for (const [at, limit] of all.entries())
      found.push({ ...limit, account: owner.account, used: used[at] ?? 0 })
  }
  return account === undefined ? found.filter(({ used }) => used > 0) : found
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
  const accrued = await accruedOf(tx, account, nowMs)
  return {
    fromMs,
    whole: whole && accrued.whole,
    amounts: textsOf(sums),
    uncharged: textsOf(accrued.amounts),
  }
}

/** An account without a bound is never charged while its clusters run: what they used is all there is to see. */
async function accruedOf(tx: Reader, account: string | undefined, nowMs: number) {
  const owners = account === undefined ? await tx.list('account', LATEST) : undefined
  const accounts = owners ? owners.rows.map(({ document }) => document.id) : [account ?? '']
  const amounts = new Map<string, number>()
  let whole = !owners || owners.total <= SHOWN
  for (const each of accounts) {
    const found = await accruedBy(tx, each, { nowMs, most: limits.pageSize })
    whole &&= found.whole
    for (const [currency, amount] of found.amounts)
      amounts.set(currency, (amounts.get(currency) ?? 0) + amount)
  }
  return { amounts, whole }
}

function textsOf(sums: ReadonlyMap<string, number>) {
  return [...sums].map(([currency, amount]) => ({ currency, amount: amountText(amount) }))
}

export type Overview = Awaited<ReturnType<typeof overviewOf>>
