/**
 * What accounts have reserved, and addresses. Allocating n addresses touches n rows and reads as many: the numbers of a pool that
 * were ever allocated lie without a gap from its first, so the lowest free ones are those released, then those above the highest.
 */
import { reservedSql, statements } from '../statement.ts'
import type { AccountReservation, SupplyReader, SupplyWriter } from '../supply.ts'
import type { Connection } from './connection.ts'

export function supplyReader(connection: Connection): SupplyReader {
  return {
    async reserved(account, limit) {
      const { sql, values } = reservedSql(account, limit)
      return Number(connection.first(sql, values)?.['reserved'] ?? 0)
    },
    reservations: async (account, limit) =>
      (account === undefined
        ? connection.all(statements.reservationsOfAll, [limit])
        : connection.all(statements.reservations, [
            account,
            limit,
          ])) as unknown as readonly AccountReservation[],
  }
}

export function supplyWriter(connection: Connection): SupplyWriter {
  return {
    async reserve({ account, region }, { zone, measure, type, charge, amount }) {
      connection.run(statements.reserve, [account, region, zone, measure, type, charge, amount])
    },
    async release({ account, region }, { zone, measure, type, charge, amount }) {
      const key = [account, measure, region, zone, type, charge]
      if (connection.run(statements.release, [amount, ...key]) === 0)
        throw new Error(`the account never reserved ${measure} ${type} in ${zone}`)
    },
    async allocateAddresses({ pool, first, last, holder, count }) {
      const highest = connection.first(statements.highestAddress, [pool])?.['number']
      const next = typeof highest === 'number' ? highest + 1 : first
      const released = connection
        .all(statements.releasedAddresses, [pool, count])
        .map((row) => Number(row['number']))
      const fresh = count - released.length
      if (next + fresh - 1 > last) {
        const below = Number(connection.first(statements.countReleased, [pool])?.['count'])
        return { free: below + Math.max(0, last + 1 - next) }
      }
      const numbers = [...released, ...Array.from({ length: fresh }, (_, at) => next + at)]
      for (const number of numbers)
        connection.run(statements.allocateAddress, [pool, number, holder])
      return numbers
    },
    async releaseAddresses(holder, only) {
      if (!only) connection.run(statements.releaseAddresses, [holder])
      for (const number of only ?? []) connection.run(statements.releaseAddress, [number, holder])
    },
  }
}
