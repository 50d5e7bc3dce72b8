/**
 * What accounts have reserved, and addresses. Allocating n addresses touches n rows and reads as many: the numbers of a pool that
 * were ever allocated lie without a gap from its first, so the lowest free ones are those released, then those above the highest.
 */
import { reservedSql, statements } from '../statement.ts'
import type { AccountReservation, SupplyReader, SupplyWriter } from '../supply.ts'
import { answers, type SqlConnection } from './connection.ts'

export function supplyReader(connection: SqlConnection): SupplyReader {
  return {
    async reserved(account, limit) {
      const { sql, values } = reservedSql(account, limit)
      return Number((await connection.first(sql, values))?.['reserved'] ?? 0)
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
    async reserve({ account, region }, { zone, measure, type, charge, amount }) {
      await connection.run(statements.reserve, [
        account,
        region,
        zone,
        measure,
        type,
        charge,
        amount,
      ])
    },
    async release({ account, region }, { zone, measure, type, charge, amount }) {
      const key = [account, measure, region, zone, type, charge]
      if ((await connection.run(statements.release, [amount, ...key])) === 0)
        throw new Error(`the account never reserved ${measure} ${type} in ${zone}`)
    },
    async allocateAddresses({ pool, first, last, holder, count }) {
      const [above, below] = await answers([
        connection.first(statements.highestAddress, [pool]),
        connection.all(statements.releasedAddresses, [pool, count]),
      ])
      const highest = above?.['number']
      const next = typeof highest === 'number' ? highest + 1 : first
      const released = below.map((row) => Number(row['number']))
      const fresh = count - released.length
      if (next + fresh - 1 > last) {
        const row = await connection.first(statements.countReleased, [pool])
        return { free: Number(row?.['count']) + Math.max(0, last + 1 - next) }
      }
      const numbers = [...released, ...Array.from({ length: fresh }, (_, at) => next + at)]
      await answers(
        numbers.map((number) => connection.run(statements.allocateAddress, [pool, number, holder])),
      )
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
