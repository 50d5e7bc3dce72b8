/**
 * The books of a store, counted again from its documents: what accounts have reserved is what their clusters hold, an address is
 * held for each node and for one only, and the ledger is the sum of what the orders cost.
 */
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { nodesOf } from '../../src/domain/cluster/node-group.ts'
import { total, type Order } from '../../src/domain/order.ts'
import { addressText } from '../../src/kernel/cidr.ts'
import type { Reader, Store } from '../../src/store/port.ts'

const PAGE = 1000

/** Nothing may be under way: a cluster holds more while it is changed. */
export async function recount(store: Store, file: string): Promise<void> {
  const clusters = await store.read(livingClusters)
  await recountReservations(store, clusters)
  recountAddresses(file, clusters)
  await recountMoney(store)
}

async function livingClusters(tx: Reader): Promise<readonly Cluster[]> {
  const found: Cluster[] = []
  for (;;) {
    const page = { account: undefined, order: 'oldest', limit: PAGE, offset: found.length } as const
    const { rows } = await tx.list('cluster', { ...page, exceptStates: ['deleted'] })
    found.push(...rows.map(({ document }) => document))
    if (rows.length < PAGE) return found
  }
}

async function recountReservations(store: Store, clusters: readonly Cluster[]): Promise<void> {
  const counted: Record<string, number> = {}
  for (const { account, region, reservations = [] } of clusters)
    for (const { measure, type, zone, charge, amount } of reservations) {
      const key = [account, region, measure, type, zone, charge].join(' ')
      counted[key] = (counted[key] ?? 0) + amount
    }
  const held = await store.read((tx) => tx.reservations(undefined, PAGE))
  const kept = held
    .filter(({ amount }) => amount !== 0)
    .map(({ account, region, measure, type, zone, charge, amount }) => [
      [account, region, measure, type, zone, charge].join(' '),
      amount,
    ])
  assert.deepEqual(Object.fromEntries(kept), counted, 'reservations and what clusters hold')
}

/** The table itself: a store that is asked for an address would answer with a free one. */
function recountAddresses(file: string, clusters: readonly Cluster[]): void {
  const database = new DatabaseSync(file, { readOnly: true })
  const rows = database.prepare(`select holder, number from address where holder <> ''`).all()
  database.close()
  const held = rows.map(({ holder, number }) => `${String(holder)} ${addressText(Number(number))}`)
  const wanted = clusters.flatMap(({ id, spec }) =>
    nodesOf(spec.groups)
      .flatMap(({ address, publicAddress }) => [address, publicAddress])
      .filter((address) => address !== undefined)
      .map((address) => `${id} ${address}`),
  )
  assert.deepEqual(held.toSorted(), wanted.toSorted(), 'held addresses and those of nodes')
}

async function recountMoney(store: Store): Promise<void> {
  const orders = await store.read(allOrders)
  const accounts = new Set(orders.map(({ account }) => account))
  for (const account of accounts) {
    const { entries, balance } = await store.read(async (tx) => ({
      entries: await tx.ledger({ account, limit: Number.MAX_SAFE_INTEGER }),
      balance: await tx.balance(account),
    }))
    const sum = entries.reduce((all, { amount }) => all + amount, 0)
    assert.equal(balance, sum, `the balance of ${account} and the sum of its entries`)
    const paidIn = entries.filter(({ kind }) => kind === 'payment')
    const own = orders.filter((order) => order.account === account)
    const cost = own.reduce((all, order) => all + costOf(order), 0)
    const expected = paidIn.reduce((all, { amount }) => all + amount, 0) - cost
    assert.equal(sum, expected, `the ledger of ${account} and what its orders cost`)
  }
}

async function allOrders(tx: Reader): Promise<readonly Order[]> {
  const found: Order[] = []
  for (;;) {
    const page = { account: undefined, order: 'oldest', limit: PAGE, offset: found.length } as const
    const { rows } = await tx.list('order', page)
    found.push(...rows.map(({ document }) => document))
    if (rows.length < PAGE) return found
  }
}

/** What was paid for it by now: a term, or what was used. */
function costOf(order: Order): number {
  const { state, usage, period } = order
  if (period) return state === 'paid' ? total(order) : 0
  return (usage?.charged ?? 0) - (usage?.discounted ?? 0)
}
