/** The values that an INSERT writes in its VALUES. */
import type { TableColumn } from '../../catalog/catalog.ts'
import { defaultExpression } from '../../catalog/column-default.ts'
import { SqlError } from '../../session.ts'
import type { Expression, Query } from '../../sql/ast.ts'

/** `DEFAULT` in VALUES stands for the column's own; AUTO_INCREMENT reads it as NULL, which numbers the row. */
export function withDefaults(query: Query, columns: readonly TableColumn[]): Query {
  if (query.body.kind !== 'values') return query
  const rows = query.body.rows.map((row) =>
    row.map((value, index): Expression => {
      const column = columns[index]
      if (value.kind === 'null' && column?.autoIncrement) {
        throw new SqlError(
          `Getting analyzing error. Detail message:  \`NULL\` value is not supported for an AUTO_INCREMENT column: ${column.name} You can use \`default\` for an AUTO INCREMENT column.`,
        )
      }
      if (value.kind !== 'default' || !column) return value
      return column.autoIncrement ? { kind: 'null' } : defaultExpression(column)
    }),
  )
  return { ...query, body: { kind: 'values', rows } }
}
