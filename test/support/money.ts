/** Orders and money of a running server, as its admin pages show them, and its clock, as they move it. */
import type { EntryRow, FundsRow } from '../../src/admin/billing/fund.ts'
import type { OrderRow } from '../../src/admin/billing/order.ts'
import { amountOf } from '../../src/domain/money.ts'
import { manualClock, type MovableClock } from '../../src/kernel/clock.ts'
import { askAdmin } from './admin.ts'

export interface Money {
  /** The latest first. */
  orders(cluster?: string): Promise<readonly OrderRow[]>
  ledger(cluster?: string): Promise<readonly EntryRow[]>
  funds(account: string): Promise<FundsRow>
  /** Throws with the server's sentence. */
  post(page: string, body?: object): Promise<unknown>
  put(page: string, body: object): Promise<unknown>
  /** Moves the server's time, stopping at what falls due on the way. */
  pass(ms: number): Promise<void>
  passUntil(atMs: number): Promise<void>
}

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export function money(server: { readonly port: number; readonly clock: { now(): number } }): Money {
  const send = async (method: 'GET' | 'POST' | 'PUT', page: string, body?: object) => {
    const answer = await askAdmin(server.port, page, method === 'GET' ? {} : { method, body })
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body as unknown
  }
  const rows = async <R>(page: string, cluster: string | undefined) => {
    const query = cluster === undefined ? '' : `?cluster=${cluster}`
    return ((await send('GET', `${page}${query}`)) as { rows: R[] }).rows
  }
  const pass = async (ms: number) => void (await send('POST', 'clock', { advanceMs: ms }))
  return {
    orders: (cluster) => rows<OrderRow>('orders', cluster),
    ledger: (cluster) => rows<EntryRow>('ledger', cluster),
    funds: async (account) => (await send('GET', `funds/${account}`)) as FundsRow,
    post: (page, body = {}) => send('POST', page, body),
    put: (page, body) => send('PUT', page, body),
    pass,
    passUntil: (atMs) => pass(atMs - server.clock.now()),
  }
}

/** The sum of entries, in ten-thousandths. */
export function sumOf(entries: readonly Pick<EntryRow, 'amount'>[]): number {
  return entries.reduce((sum, { amount }) => sum + (amountOf(amount) ?? NaN), 0)
}

/** Service time that stands still until it is moved, beside the machine's own, by which signatures are judged. */
export function stillClock(start: string): MovableClock {
  const { now, at, advance, ...rest } = manualClock(Date.parse(start))
  const startMs = now()
  return {
    ...rest,
    now,
    at,
    advance,
    wall: () => Date.now(),
    get aheadMs() {
      return now() - startMs
    },
  }
}
