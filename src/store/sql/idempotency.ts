/** Idempotency tokens of one connection. */
import type { IdempotencyReader, IdempotencyWriter, Token } from '../idempotency.ts'
import { statements } from '../statement.ts'
import type { SqlConnection } from './connection.ts'

export function idempotencyReader(connection: SqlConnection): IdempotencyReader {
  return {
    findToken: async (account, action, token) =>
      (await connection.first(statements.findToken, [account, action, token])) as unknown as
        | Token
        | undefined,
  }
}

export function idempotencyWriter(connection: SqlConnection): IdempotencyWriter {
  return {
    async putToken({ account, action, token, fingerprint, answer, expiresMs }) {
      const row = [account, action, token, fingerprint, answer, expiresMs]
      await connection.run(statements.putToken, row)
    },
  }
}
