/**
 * Whether a query surely answers few rows, from its form alone: no FROM, a small LIMIT, aggregates of all rows, or all key columns of a
 * PRIMARY or UNIQUE KEY table fixed. Such a result is fetched in one piece, which spares a point query most of its trips between
 * threads, and one over files their second look-up: DuckDB plans a stream twice. A `no` costs nothing but those.
 */
import type { Expression, Query, Select } from '../../sql/ast.ts'
import { databaseNamed, isSystemDatabase } from '../../catalog/lookup.ts'
import { externalOf, qualifyTable } from '../../resolution/object-name.ts'
import { isAggregate } from '../../sql/bind/call.ts'
import { holds } from '../../sql/bind/walk.ts'
import type { Execution } from '../../execution/execution.ts'

/** One vector of DuckDB. */
const ROWS_SMALL = 2048

export function isSmall(query: Query, execution: Execution): boolean {
  const { body, limit } = query
  if (limit?.kind === 'integer' && Number(limit.text) <= ROWS_SMALL) return true
  if (body.kind !== 'select') return false
  if (!body.from)
    return body.items.every((item) => item.kind === 'expression' && !unnests(item.expression))
  if (isOneGroup(body)) return true
  if (body.from.kind !== 'table' || !body.where || query.with.length > 0) return false
  if (externalOf(execution, body.from.name.parts.at(-3))) return false
  const name = qualifyTable(execution, body.from.name)
  if (isSystemDatabase(name.database)) return false
  const { current } = execution.engine.store
  const table = current.relation(databaseNamed(current, name.database).id, name.name)
  if (table?.kind !== 'table' || (table.model !== 'primary' && table.model !== 'unique'))
    return false
  const fixed = fixedColumns(body.where)
  return table.keys.every((key) => fixed.has(key.toLowerCase()))
}

/** Without GROUP BY, all rows are one. */
function isOneGroup({ items, groupBy }: Select): boolean {
  return (
    groupBy === undefined &&
    items.every(
      (item) =>
        item.kind === 'expression' && aggregates(item.expression) && !unnests(item.expression),
    )
  )
}

const aggregates = (expression: Expression): boolean =>
  holds(expression, (node) => node.kind === 'call' && isAggregate(node))

function unnests(expression: Expression): boolean {
  return expression.kind === 'call' && /unnest|generate_series|explode/.test(expression.name)
}

/** Columns that every row of the answer has one value in. */
function fixedColumns(where: Expression): Set<string> {
  if (where.kind !== 'binary') return new Set()
  if (where.operator === 'and') {
    return new Set([...fixedColumns(where.left), ...fixedColumns(where.right)])
  }
  if (where.operator !== '=') return new Set()
  const [column, value] =
    where.left.kind === 'column' ? [where.left, where.right] : [where.right, where.left]
  const isValue = ['integer', 'string', 'parameter', 'temporal', 'decimal'].includes(value.kind)
  const name = column.kind === 'column' ? column.path.at(-1) : undefined
  return new Set(isValue && name !== undefined ? [name.toLowerCase()] : [])
}
