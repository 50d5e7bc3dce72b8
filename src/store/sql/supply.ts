/**
 * What accounts have reserved, and addresses. Allocating n addresses touches n rows and reads as many: the numbers of a pool that
 * were ever allocated lie without a gap from its first, so the lowest free ones are those released, then those above the highest.
 */
import { forRows, reservedSql, statements } from '../statement.ts'
import type { AccountReservation, SupplyReader, SupplyWriter } from '../supply.ts'
import { answers, type SqlConnection } from './connection.ts'

/** So many addresses a statement: few texts to prepare, and far from what a statement may have of values. */
const ROWS = 64

export function supplyReader(connection: SqlConnection): SupplyReader {
  return {
    async reserved(account, limits) {
      if (limits.length === 0) return []
      const { sql, values } = reservedSql(account, limits)
      const row = await connection.first(sql, values)
      return limits.map((_, at) => Number(row?.[`r${at}`] ?? 0))
    },
    reservations: async (account, limit) =>
      (await (account === undefined
        ? connection.all(statements.reservationsOfAll, [limit])
        : connection.all(statements.reservations, [
            account,
            limit,
          ]))) as unknown as readonly AccountReservation[],
  }
}

export function supplyWriter(connection: SqlConnection): SupplyWriter {
  return {
    async reserve({ account, region }, reservations) {
      if (reservations.length === 0) return
      const rows = reservations.map(({ zone, measure, type, charge, amount }) => {
        return [account, region, zone, measure, type, charge, amount]
      })
      await connection.run(forRows(statements.reserve, rows), rows.flat())
    },
    async release({ account, region }, { zone, measure, type, charge, amount }) {
      const key = [account, measure, region, zone, type, charge]
      if ((await connection.run(statements.release, [amount, ...key])) === 0)
        throw new Error(`the account never reserved ${measure} ${type} in ${zone}`)
    },
    async allocateAddresses({ pool, first, last, holder, count }) {
      const [above, ...below] = await connection.all(statements.freeAddresses, [pool, pool, count])
      const highest = above?.['number']
      const next = typeof highest === 'number' ? highest + 1 : first
      const released = below.map((row) => Number(row['number']))
      const fresh = count - released.length
      if (next + fresh - 1 > last) {
        const row = await connection.first(statements.countReleased, [pool])
        return { free: Number(row?.['count']) + Math.max(0, last + 1 - next) }
      }
      const numbers = [...released, ...Array.from({ length: fresh }, (_, at) => next + at)]
      for (let at = 0; at < count; at += ROWS) {
        const rows = numbers.slice(at, at + ROWS).map((number) => [pool, number, holder])
        await connection.run(forRows(statements.allocateAddresses, rows), rows.flat())
      }
      return numbers
    },
    async releaseAddresses(holder, only) {
      if (!only) await connection.run(statements.releaseAddresses, [holder])
      await answers(
        (only ?? []).map((number) => connection.run(statements.releaseAddress, [number, holder])),
      )
    },
  }
}
