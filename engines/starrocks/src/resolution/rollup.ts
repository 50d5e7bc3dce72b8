/** Synchronous materialized views and ROLLUPs: found by their name in a database, and read as a query of their table. */
import { SqlError } from '../session.ts'
import { parseStatements } from '../sql/parse.ts'
import type { Query } from '../sql/ast.ts'
import type { Catalog, RollupEntry, TableEntry } from '../catalog/catalog.ts'

export interface FoundRollup {
  readonly table: TableEntry
  readonly rollup: RollupEntry
}

export function rollupNamed(
  catalog: Catalog,
  databaseId: number,
  name: string,
): FoundRollup | undefined {
  for (const table of catalog.relations(databaseId)) {
    if (table.kind === 'view') continue
    const rollup = table.rollups?.find((entry) => entry.name === name)
    if (rollup) return { table, rollup }
  }
  return undefined
}

/** Columns may be written with the table's first name, which stays as an alias. */
export function rollupQuery(rollup: RollupEntry, table: readonly string[]): Query {
  const [parsed] = parseStatements(rollup.query)
  const query = parsed?.statement.kind === 'select' ? parsed.statement.query : undefined
  if (query?.body.kind !== 'select' || query.body.from?.kind !== 'table')
    throw new SqlError(`Materialized view '${rollup.name}' is invalid`)
  const { from } = query.body
  const first = from.name.parts.at(-1)
  const alias = from.alias ?? (first === table.at(-1) ? undefined : first)
  return {
    ...query,
    body: { ...query.body, from: { ...from, alias, name: { parts: table, at: 0 } } },
  }
}
