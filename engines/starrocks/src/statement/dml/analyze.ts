/** ANALYZE TABLE: DuckDB reads its statistics of the table anew. Histograms it does not keep, so they are refused. */
import { physicalName } from '../../catalog/catalog.ts'
import { authorisedTable, qualify } from '../../resolution/object-name.ts'
import type { Execution } from '../../execution/execution.ts'
import { text, virtualColumns } from '../../information/virtual-table.ts'
import type { Result } from '../../session.ts'
import type { Statement } from '../../sql/ast.ts'
import { existingColumn } from '../../catalog/lookup.ts'
import { quoted } from '../../sql/quote.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { directRows } from '../show/show.ts'

export async function analyzeTable(
  execution: Execution,
  statement: Extract<Statement, { kind: 'analyzeTable' }>,
): Promise<Result> {
  if (statement.action !== 'collect')
    throw unsupportedByEngine(`ANALYZE TABLE … ${statement.action.toUpperCase()}`)
  const table = authorisedTable(execution, statement.table, 'SELECT')
  const columns = statement.columns.map((name) => quoted(existingColumn(table, name).name))
  const listed = columns.length > 0 ? ` (${columns.join(', ')})` : ''
  await execution.link.run(`ANALYZE ${physicalName(table)}${listed}`)
  const { database } = qualify(execution, statement.table)
  return directRows({
    database: '',
    name: 'analyze',
    columns: virtualColumns({ Table: text, Op: text, Msg_type: text, Msg_text: text }),
    rows: [[`${database}.${table.name}`, 'analyze', 'status', 'OK']],
  })
}
