/** Values of `?` as DuckDB literals with the StarRocks type that the client's value has. */
import { SqlError } from '../session.ts'
import type { Parameter } from '../session.ts'
import type { TypedSql } from '../sql/scope.ts'
import { literal } from '../sql/quote.ts'

const INT_LARGEST = 2_147_483_647
const BIGINT_LARGEST = 2n ** 63n - 1n
const LARGEINT_LARGEST = 2n ** 127n - 1n

export function parameterSql(value: Parameter): TypedSql {
  if (value === null) return { sql: 'NULL', type: { kind: 'null' } }
  if (typeof value === 'boolean') return { sql: String(value), type: { kind: 'boolean' } }
  if (typeof value === 'string') {
    return { sql: literal(value), type: { kind: 'varchar', length: Math.max(1, value.length * 4) } }
  }
  if (typeof value === 'bigint') return integer(value)
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return integer(BigInt(value))
    return { sql: `CAST(${literal(String(value))} AS DOUBLE)`, type: { kind: 'double' } }
  }
  const hex = [...value].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
  return { sql: `CAST('${hex}' AS BLOB)`, type: { kind: 'varbinary', length: value.length } }
}

function integer(value: bigint): TypedSql {
  const size = value < 0n ? -value : value
  if (size <= INT_LARGEST) return { sql: `CAST(${value} AS INTEGER)`, type: { kind: 'int' } }
  if (size <= BIGINT_LARGEST) return { sql: `CAST(${value} AS BIGINT)`, type: { kind: 'bigint' } }
  if (size > LARGEINT_LARGEST) throw new SqlError(`Value ${value} is out of range of LARGEINT`)
  return { sql: `CAST(${value} AS HUGEINT)`, type: { kind: 'largeint' } }
}

/** Stands for a parameter while only the shape of the result is asked for. */
export function placeholder(kind: 'text' | 'number'): TypedSql {
  return kind === 'text'
    ? { sql: "''", type: { kind: 'varchar', length: 65_533 } }
    : { sql: 'CAST(0 AS INTEGER)', type: { kind: 'int' } }
}
