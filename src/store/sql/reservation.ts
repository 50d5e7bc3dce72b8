/**
 * Reservations as the units of a batch make them: written down once for all of them, and added to the sums that the first unit asked for. What
 * is released is checked by the database, and so are sums after it.
 */
import type { Limit } from '../../domain/environment.ts'
import { forRows, portionsOf, reservedSql, statements } from '../statement.ts'
import type { SupplyReader, SupplyWriter } from '../supply.ts'
import type { SqlConnection } from './connection.ts'
import type { LateWrites } from './late-writes.ts'
import { supplyReader } from './supply.ts'

export interface ReservationBuffer
  extends
    Pick<SupplyReader, 'reserved' | 'reservations'>,
    Pick<SupplyWriter, 'reserve' | 'release'>,
    LateWrites {}

/** In the order of the statement's columns. */
const COLUMNS = ['account', 'region', 'zone', 'measure', 'type', 'charge'] as const
type Row = Readonly<Record<(typeof COLUMNS)[number], string>> & { readonly amount: number }

export function reservationBuffer(connection: SqlConnection): ReservationBuffer {
  const reader = supplyReader(connection)
  let waiting: ReadonlyMap<string, Row> = new Map()
  let marked = waiting
  /** What the database has, by what was asked; without what waits. */
  let sums = new Map<string, readonly number[]>()
  const flush = async () => {
    const all = [...waiting.values()]
    waiting = new Map()
    sums = new Map()
    for (const some of portionsOf(all)) {
      const rows = some.map((row) => [...COLUMNS.map((column) => row[column]), row.amount])
      await connection.run(forRows(statements.reserve, rows), rows.flat())
    }
  }
  const storedSums = async (account: string, limits: readonly Limit[]) => {
    const { sql, values } = reservedSql(account, limits)
    const key = `${sql} ${JSON.stringify(values)}`
    const known = sums.get(key)
    if (known) return known
    const found = await reader.reserved(account, limits)
    sums.set(key, found)
    return found
  }
  return {
    async reserved(account, limits) {
      if (limits.length === 0) return []
      const stored = await storedSums(account, limits)
      const own = [...waiting.values()].filter((row) => row.account === account)
      return stored.map((sum, at) =>
        own.reduce((all, row) => all + (covers(limits[at]!, row) ? row.amount : 0), sum),
      )
    },
    async reservations(account, limit) {
      await flush()
      return reader.reservations(account, limit)
    },
    async reserve({ account, region }, reservations) {
      const next = new Map(waiting)
      for (const { zone, measure, type, charge, amount } of reservations) {
        const row = { account, region, zone, measure, type, charge, amount }
        const key = JSON.stringify(COLUMNS.map((column) => row[column]))
        next.set(key, { ...row, amount: amount + (next.get(key)?.amount ?? 0) })
      }
      waiting = next
    },
    async release({ account, region }, { zone, measure, type, charge, amount }) {
      await flush()
      const key = [account, measure, region, zone, type, charge]
      if ((await connection.run(statements.release, [amount, ...key])) === 0)
        throw new Error(`the account never reserved ${measure} ${type} in ${zone}`)
    },
    flush,
    mark() {
      marked = waiting
    },
    undo() {
      waiting = marked
      // They may be from after a flush that is undone as well.
      sums = new Map()
    },
    clear() {
      waiting = new Map()
      sums = new Map()
    },
  }
}

function covers(limit: Limit, row: Row): boolean {
  return COLUMNS.every(
    (column) =>
      column === 'account' || limit[column] === undefined || limit[column] === row[column],
  )
}
