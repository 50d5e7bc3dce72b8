/** The clusters that a session sees: a page of them, one whole, and the end of its log. What it may not see is as absent as what is not there. */
import { clusterLifecycle, type ClusterState } from '../domain/cluster/lifecycle.ts'
import type { Cluster } from '../domain/cluster/cluster.ts'
import { amountText } from '../domain/money.ts'
import { listPrice, total } from '../domain/order.ts'
import { listVisible } from '../app/cluster/visibility.ts'
import { limits } from '../limits.ts'
import type { Listing, Page, Reader, Store } from '../store/port.ts'
import { ConsoleProblem } from './answer.ts'
import { calendarOf } from './calendar.ts'
import { configurationOf, operationOf, rowOf, wholeOf } from './cluster-view.ts'
import type { ConsoleContext } from './context.ts'
import type { Viewer } from './viewer.ts'

/** A page of what the session sees. */
export function listSeen(
  tx: Reader,
  viewer: Viewer,
  listing: Omit<Listing, 'account'>,
): Promise<Page<'cluster'>> {
  const whole: Listing = { ...listing, account: viewer.account }
  return viewer.seesAll
    ? tx.list('cluster', whole)
    : listVisible(tx, whole, (cluster) => viewer.may('cluster', cluster))
}

/** Throws ConsoleProblem for one that the session does not see. */
export async function clusterFor(
  { store }: { readonly store: Store },
  viewer: Viewer,
  id: string,
): Promise<Cluster> {
  const found = await store.read((tx) => tx.findById('cluster', id))
  const cluster = found?.document
  const isTheirs = viewer.account === undefined || viewer.account === cluster?.account
  if (!cluster || !isTheirs || !viewer.may('cluster', cluster))
    throw new ConsoleProblem(`there is no cluster ${id}`, 404)
  return cluster
}

export async function clusterPage(
  context: { readonly store: Store },
  viewer: Viewer,
  query: URLSearchParams,
) {
  const { total: all, rows } = await context.store.read((tx) =>
    listSeen(tx, viewer, listingOf(query)),
  )
  return { total: all, rows: rows.map(({ document }) => rowOf(document)) }
}

export async function oneCluster(
  context: Pick<ConsoleContext, 'store' | 'clock'>,
  viewer: Viewer,
  id: string,
) {
  const cluster = await clusterFor(context, viewer, id)
  const { account } = cluster
  const children = { account, parent: id, order: 'newest', offset: 0 } as const
  const may = {
    operations: viewer.may('operations', cluster),
    configuration: viewer.may('configuration', cluster),
    backups: viewer.may('backups', cluster),
    // No action of a cloud shows what an order was paid; its account's root sees it.
    cost: viewer.seesAll,
  }
  const found = await context.store.read(async (tx) => ({
    operations: may.operations
      ? await tx.list('operation', { ...children, limit: limits.pageSize })
      : undefined,
    backups: may.backups
      ? await tx.list('backup', { ...children, limit: limits.pageSize })
      : undefined,
    orders: may.cost ? await tx.list('order', { ...children, limit: limits.pageSize }) : undefined,
    calendar: await calendarOf(tx, viewer, { cluster, nowMs: context.clock.now() }),
  }))
  return {
    cluster: wholeOf(cluster),
    calendar: found.calendar,
    configuration: may.configuration ? configurationOf(cluster) : null,
    operations: found.operations?.rows.map(({ document }) => operationOf(document)) ?? null,
    backups:
      found.backups?.rows.map(({ document: backup }) => ({
        id: backup.id,
        state: backup.state,
        reason: backup.reason,
        bytes: backup.bytes,
        startedMs: backup.startedMs,
        expiresMs: backup.expiresMs,
      })) ?? null,
    orders:
      found.orders?.rows.map(({ document: order }) => ({
        id: order.id,
        kind: order.kind,
        state: order.state,
        currency: order.currency,
        total: amountText(order.months === undefined ? listPrice(order) : total(order)),
        hourly: order.months === undefined,
        used: order.usage ? amountText(order.usage.charged - order.usage.discounted) : null,
        createdMs: order.createdMs,
      })) ?? null,
  }
}

/** The log is what the program itself writes: the account's root reads it, and the administrator. */
export async function logOf(
  context: Pick<ConsoleContext, 'store' | 'substrates'>,
  viewer: Viewer,
  { id, query }: { readonly id: string; readonly query: URLSearchParams },
) {
  const cluster = await clusterFor(context, viewer, id)
  if (!viewer.seesAll) throw new ConsoleProblem('the log is for the root of the account', 403)
  const after = query.get('after')
  if (after !== null && !/^\d{1,20}-\d{1,15}$/.test(after))
    throw new ConsoleProblem('after must be the `next` of an earlier answer')
  const asked = after === null ? { lines: LOG_LINES } : { after }
  return { log: context.substrates.get(cluster.substrate)?.logs?.(id, asked) ?? null }
}

const LOG_LINES = 200

const ORDERS = ['newest', 'oldest'] as const

function listingOf(query: URLSearchParams): Omit<Listing, 'account'> {
  const states = query.getAll('state')
  if (states.some((state) => !clusterLifecycle.states.includes(state as ClusterState)))
    throw new ConsoleProblem(`state must be one of ${clusterLifecycle.states.join(', ')}`)
  const text = (name: string) => query.get(name)?.slice(0, TEXT_MAX) ?? ''
  const [product, region, name] = [text('product'), text('region'), text('name')]
  return {
    order: ORDERS.find((each) => each === query.get('order')) ?? 'newest',
    offset: wholeNumber(query, 'offset', Number.MAX_SAFE_INTEGER) ?? 0,
    limit: wholeNumber(query, 'limit', limits.adminRows) ?? limits.pageSize,
    ...(product === '' ? {} : { product }),
    ...(region === '' ? {} : { region }),
    ...(name === '' ? {} : { nameContains: name }),
    ...(states.length > 0 ? { states } : { exceptStates: ['deleted'] }),
  }
}

const TEXT_MAX = 128

function wholeNumber(query: URLSearchParams, name: string, max: number): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (!/^\d{1,15}$/.test(text) || Number(text) > max)
    throw new ConsoleProblem(`${name} must be a whole number up to ${max}`)
  return Number(text)
}

export type OneCluster = Awaited<ReturnType<typeof oneCluster>>
export type ShownLog = Awaited<ReturnType<typeof logOf>>
