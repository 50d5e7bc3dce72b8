/** What accounts have reserved, as a connection reads it. What is written of it and of addresses: reservation.ts, address.ts. */
import { reservedSql, statements } from '../statement.ts'
import type { AccountReservation, SupplyReader } from '../supply.ts'
import type { SqlConnection } from './connection.ts'

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
