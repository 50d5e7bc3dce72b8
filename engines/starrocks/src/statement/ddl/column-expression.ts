/** DEFAULT and generated columns of a table that is made. */
import { beginTurn } from '../../../../../src/kernel/turn.ts'
import type { Catalog, TableEntry } from '../../catalog/catalog.ts'
import { defaultExpression } from '../../catalog/column-default.ts'
import type { Execution } from '../../execution/execution.ts'
import { scopeOf, tableScope } from '../../resolution/statement-scope.ts'
import type { ColumnDefinition } from '../../sql/ast-definition.ts'
import { demandRowOnly } from '../../sql/expression-walk.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import { translateExpression } from '../../sql/translate.ts'
import { checkGeneratedColumn } from './generated-column.ts'
import { checkName } from './name.ts'

/** Defaults and generated columns must be readable now, not only at the first row. There may be thousands: others have their turns meanwhile. */
export async function checkExpressions(
  execution: Execution,
  catalog: Catalog,
  table: TableEntry,
): Promise<void> {
  const scope = scopeOf(execution, { catalog, trusted: true })
  const source = { alias: 'b', table: tableScope('', table) }
  const first = table.columns.findIndex((column) => column.generated)
  if (first >= 0 && table.columns.slice(first).some((column) => !column.generated))
    throw analyzingError('All generated columns must be defined after ordinary columns.')
  const turn = beginTurn()
  for (const column of table.columns) {
    if (turn.isOver()) await turn.next()
    checkName(column.name, 'column')
    checkColumnExpressions(column)
    if (column.default && column.default.kind !== 'null') {
      translateExpression(defaultExpression(column), scope)
    }
    if (!column.generated) continue
    const { type: value } = translateExpression(column.generated, scope, [source])
    checkGeneratedColumn(table, { ...column, expression: column.generated, value })
  }
}

/** What a column computes by itself is computed for everyone who writes: it may not look beyond its row. */
export function checkColumnExpressions(column: ColumnDefinition): void {
  if (column.default?.kind === 'expression') {
    demandRowOnly(column.default.expression, `DEFAULT of '${column.name}'`)
  }
  if (column.generated) demandRowOnly(column.generated, `The generated column '${column.name}'`)
}
