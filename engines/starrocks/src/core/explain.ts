/** EXPLAIN: DuckDB's plan, which is what will run. The internal names of tables are put back into StarRocks' ones. */
import type { Statement } from '../sql/ast.ts'
import { translateQuery } from '../sql/translate.ts'
import type { Result } from '../session.ts'
import { nameMap } from './name-map.ts'
import type { Run } from './run.ts'
import { directRows } from './show/show.ts'
import { unsupported } from './statement-run.ts'
import { scopeOf } from './statement-scope.ts'
import { text } from './virtual-table.ts'

export async function explain(
  run: Run,
  statement: Extract<Statement, { kind: 'explain' }>,
): Promise<Result> {
  const inner = statement.statement
  if (inner.kind !== 'select') throw unsupported(`EXPLAIN of ${inner.kind.toUpperCase()}`)
  if (statement.mode === 'verbose' || statement.mode === 'costs') {
    throw unsupported(`EXPLAIN ${statement.mode.toUpperCase()}`)
  }
  const { sql } = translateQuery(inner.query, scopeOf(run))
  const words = statement.mode === 'analyze' ? 'EXPLAIN ANALYZE' : 'EXPLAIN'
  const rows = await run.link.rows(`${words} ${sql}`)
  const names = nameMap(run.core.store.current)
  const lines = rows.flatMap((row) =>
    names(String(row.at(-1)))
      .trimEnd()
      .split('\n'),
  )
  return directRows({
    database: '',
    name: 'explain',
    columns: [{ name: 'Explain String', type: text }],
    rows: ['PLAN (DuckDB, by the StarRocks-compatible engine of Emrys)', ...lines].map((line) => [
      line,
    ]),
  })
}
