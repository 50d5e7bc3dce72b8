/**
 * What accounts have taken, and addresses. Taking n addresses touches n rows and reads as many: the numbers of a pool that were
 * ever taken lie without a gap from its first, so the lowest free ones are those given back, then those above the highest.
 */
import { addressNumber } from '../../kernel/cidr.ts'
import { statements, takenSql } from '../statement.ts'
import type { Holding, Reader, Writer } from '../port.ts'
import type { Connection } from './connection.ts'

export function supplyReader(connection: Connection): Pick<Reader, 'taken' | 'holdings'> {
  return {
    async taken(account, limit) {
      const { sql, values } = takenSql(account, limit)
      return Number(connection.first(sql, values)?.['taken'] ?? 0)
    },
    holdings: async (account, limit) =>
      (account === undefined
        ? connection.all(statements.holdingsOfAll, [limit])
        : connection.all(statements.holdings, [account, limit])) as unknown as readonly Holding[],
  }
}

export function supplyWriter(
  connection: Connection,
): Pick<Writer, 'reserve' | 'takeAddresses' | 'releaseAddresses'> {
  return {
    async reserve({ account, region }, { zone, measure, type, charge, amount }) {
      if (amount >= 0) {
        const row = [account, region, zone, measure, type, charge, amount]
        connection.run(statements.reserve, row)
        return
      }
      const key = [account, measure, region, zone, type, charge]
      if (connection.run(statements.giveBack, [-amount, ...key]) === 0)
        throw new Error(`the account never took ${measure} ${type} in ${zone}`)
    },
    async takeAddresses({ pool, first, last, holder, count }) {
      const highest = connection.first(statements.highestAddress, [pool])?.['number']
      const next = typeof highest === 'number' ? highest + 1 : first
      const returned = connection
        .all(statements.returnedAddresses, [pool, count])
        .map((row) => Number(row['number']))
      const fresh = count - returned.length
      if (next + fresh - 1 > last) {
        const given = Number(connection.first(statements.countReturned, [pool])?.['count'])
        return { free: given + Math.max(0, last + 1 - next) }
      }
      const numbers = [...returned, ...Array.from({ length: fresh }, (_, at) => next + at)]
      for (const number of numbers) connection.run(statements.takeAddress, [pool, number, holder])
      return numbers
    },
    async releaseAddresses(holder, addresses) {
      if (!addresses) connection.run(statements.returnAddresses, [holder])
      for (const address of addresses ?? [])
        connection.run(statements.releaseAddress, [holder, addressNumber(address)])
    },
  }
}
