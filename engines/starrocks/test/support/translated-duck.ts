/** A DuckDB in process, a scope with a few tables, and StarRocks' SQL translated and run on both. */
import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection } from '@duckdb/node-api'
import assert from 'node:assert/strict'
import { parseStatements } from '../../src/sql/parse.ts'
import type { Query } from '../../src/sql/ast.ts'
import type { QueryColumn } from '../../src/sql/bound.ts'
import type { Scope, ScopeColumn, ScopeTable, SessionScope } from '../../src/sql/scope.ts'
import { translateQuery } from '../../src/sql/translate.ts'
import { duckType, printType } from '../../src/sql/type.ts'
import type { SqlType } from '../../src/sql/type.ts'
import { registerNativeFunctions } from '../../src/storage/native-function.ts'

export type Cell = string | null

/** Cells are cast to text before they are read; numbers stay what they are. */
export const textOf = (cell: unknown): Cell =>
  typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean'
    ? String(cell)
    : null

export interface Answer {
  readonly columns: readonly QueryColumn[]
  readonly rows: readonly (readonly Cell[])[]
}

/** 2024-01-02 03:04:05.123 UTC, 11:04:05 in Shanghai. */
const fixedNow = 1_704_164_645_123

export const column = (name: string, type: SqlType): ScopeColumn => ({ name, type })

export const table = (
  database: string,
  name: string,
  columns: readonly ScopeColumn[],
): ScopeTable => ({
  source: `"${database}"."${name}"`,
  database,
  table: name,
  columns,
})

export const scopeOf = (
  tables: readonly ScopeTable[] = [],
  session: Partial<SessionScope> = {},
): Scope => ({
  database: 'db',
  session: { ...testSession, ...session },
  table: (database, name) =>
    tables.find((found) => found.database === database && found.table === name),
  hasDatabase: (database) =>
    database === 'db' || tables.some((found) => found.database === database),
})

const testSession: SessionScope = {
  user: "'alice'@'%'",
  currentUser: "'alice'@'%'",
  connectionId: 7,
  version: '5.1.0',
  currentVersion: '3.3.0',
  timeZone: 'Asia/Shanghai',
  now: fixedNow,
  currentRole: 'db_admin',
  lastQueryId: 'query-1',
  hasRole: () => false,
  sessionId: 'session-1',
  systemVariable: (_, name) =>
    name === 'max_allowed_packet'
      ? { sql: 'CAST(16777216 AS BIGINT)', type: { kind: 'bigint' } }
      : undefined,
  userVariable: (name) =>
    name === 'five' ? { sql: 'CAST(5 AS INTEGER)', type: { kind: 'int' } } : undefined,
  parameter: (index) => ({ sql: `CAST(${index + 1} AS INTEGER)`, type: { kind: 'int' } }),
}

export const queryOf = (text: string): Query => {
  const [parsed, ...others] = parseStatements(text)
  assert.equal(others.length, 0)
  assert.ok(parsed?.statement.kind === 'select', `${text} is no query`)
  return parsed.statement.query
}

export interface Duck {
  readonly connection: DuckDBConnection
  /** Runs a StarRocks query; every cell as DuckDB's text. Also holds that each column has the DuckDB type it claims. */
  ask(text: string, scope?: Scope): Promise<Answer>
  /** The one value of `SELECT expression`, and its StarRocks type. */
  value(expression: string): Promise<{ readonly value: Cell; readonly type: string }>
  close(): void
}

/** DuckDB quotes names of fields only where it must. */
export const unquoted = (type: string | null): string => (type ?? '').replaceAll('"', '')

export const openDuck = async (): Promise<Duck> => {
  const instance = await DuckDBInstance.create(':memory:', { enable_external_access: 'false' })
  const connection = await instance.connect()
  registerNativeFunctions(connection)
  const ask = async (text: string, scope: Scope = scopeOf()): Promise<Answer> => {
    const { sql, columns } = translateQuery(queryOf(text), scope)
    const described = await connection.runAndReadAll(`DESCRIBE ${sql}`)
    const actual = described.getRowsJson().map((row) => unquoted(textOf(row[1] ?? null)))
    const claimed = columns.map(({ type }, index) =>
      type.kind === 'null' ? actual[index] : unquoted(duckType(type)),
    )
    assert.deepEqual(actual, claimed, `${text} claims other types than it has: ${sql}`)
    const texts = columns.map((_, index) => `CAST(c${index + 1} AS VARCHAR)`)
    const reader = await connection.runAndReadAll(`SELECT ${texts.join(', ')} FROM (${sql}) AS t`)
    const rows = reader.getRowsJson().map((row) => row.map((cell) => textOf(cell)))
    return { columns, rows }
  }
  return {
    connection,
    ask,
    value: async (expression) => {
      const { columns, rows } = await ask(`SELECT ${expression}`)
      const [type] = columns
      assert.ok(type !== undefined && rows.length === 1)
      return { value: rows[0]?.[0] ?? null, type: printType(type.type) }
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** What a text is refused with: its number and message. */
export const refusal = (
  text: string,
  scope: Scope = scopeOf(),
): { readonly errno: number; readonly message: string } => {
  try {
    for (const { statement } of parseStatements(text))
      if (statement.kind === 'select') translateQuery(statement.query, scope)
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'SqlError', `${text} threw ${String(error)}`)
    return { errno: (error as Error & { errno: number }).errno, message: error.message }
  }
  assert.fail(`${text} was not refused`)
}
