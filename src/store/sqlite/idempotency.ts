/** Idempotency tokens of one SQLite connection. */
import type { IdempotencyReader, IdempotencyWriter, Token } from '../idempotency.ts'
import { statements } from '../statement.ts'
import type { Connection } from './connection.ts'

export function idempotencyReader(connection: Connection): IdempotencyReader {
  return {
    findToken: async (account, action, token) =>
      connection.first(statements.findToken, [account, action, token]) as unknown as
        | Token
        | undefined,
  }
}

export function idempotencyWriter(connection: Connection): IdempotencyWriter {
  return {
    async putToken({ account, action, token, fingerprint, answer, expiresMs }) {
      const row = [account, action, token, fingerprint, answer, expiresMs]
      connection.run(statements.putToken, row)
    },
  }
}
