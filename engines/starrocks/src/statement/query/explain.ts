/**
 * EXPLAIN: DuckDB's plan, which is what will run. Every level but ANALYZE prints it alike, with
 * its expressions and estimated rows. The internal names of tables are put back into StarRocks' ones.
 */
import type { Statement } from '../../sql/ast.ts'
import type { Result } from '../../session.ts'
import { nameMap } from '../../catalog/name-map.ts'
import { translatedQuery } from '../../execution/translation.ts'
import type { Execution } from '../../execution/execution.ts'
import { directRows } from '../show/show.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import { text } from '../../information/virtual-table.ts'
import { DEFAULT_GROUP } from '../../execution/resource-group.ts'
import { statementGroup } from '../warehouse-use.ts'

export async function explain(
  execution: Execution,
  statement: Extract<Statement, { kind: 'explain' }>,
): Promise<Result> {
  const inner = statement.statement
  if (inner.kind !== 'select') throw unsupportedByEngine(`EXPLAIN of ${inner.kind.toUpperCase()}`)
  const { sql } = await translatedQuery(execution, inner.query, scopeOf(execution))
  const words = statement.mode === 'analyze' ? 'EXPLAIN ANALYZE' : 'EXPLAIN'
  const rows = await execution.link.rows(`${words} ${sql}`)
  const names = nameMap(execution.engine.store.current)
  const lines = rows.flatMap((row) =>
    names(String(row.at(-1)))
      .trimEnd()
      .split('\n'),
  )
  return directRows({
    database: '',
    name: 'explain',
    columns: [{ name: 'Explain String', type: text }],
    rows: [
      ...groupLines(execution, statement),
      'PLAN (DuckDB, by the StarRocks-compatible engine of Emrys)',
      ...lines,
    ].map((line) => [line]),
  })
}

function groupLines(
  execution: Execution,
  { mode, statement }: Extract<Statement, { kind: 'explain' }>,
): readonly string[] {
  if (mode !== 'verbose') return []
  return [`RESOURCE GROUP: ${statementGroup(execution, statement)?.name ?? DEFAULT_GROUP}`, '']
}
