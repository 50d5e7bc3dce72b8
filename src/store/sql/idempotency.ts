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
  const { findToken } = idempotencyReader(connection)
  return {
    async putToken(token) {
      await connection.run(statements.putToken, rowOf(token))
    },
    async claimToken(token, nowMs) {
      const claimed = await connection.run(statements.claimToken, [...rowOf(token), nowMs])
      return claimed > 0 ? undefined : findToken(token.account, token.action, token.token)
    },
  }
}

function rowOf({ account, action, token, fingerprint, answer, expiresMs }: Token) {
  return [account, action, token, fingerprint, answer, expiresMs]
}
