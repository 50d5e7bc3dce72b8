/**
 * INSERT OVERWRITE t PARTITION (k = v): the partition of these values, which need not be there yet.
 * reference: StarRocks 3.3.7, InsertAnalyzer.checkStaticKeyPartitionInsert, InsertOverwriteJobRunner.createPartitionByValue.
 */
import type { PartitionEntry, TableEntry } from '../../catalog/catalog.ts'
import { existingColumn } from '../../catalog/lookup.ts'
import { autoRule } from '../../catalog/partition.ts'
import type { Execution } from '../../execution/execution.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import type { Insert, KeyValue } from '../../sql/ast-data.ts'
import { isLiteral } from '../../sql/ast-build.ts'
import { quoted } from '../../sql/quote.ts'
import { analyzingError, unsupportedByEngine } from '../../sql/sql-error.ts'
import { convert, translateExpression } from '../../sql/translate.ts'
import { targetOf } from './insert-target.ts'
import { partitionsOfRows } from '../../transaction/write-rows.ts'

export async function keyPartition(
  execution: Execution,
  statement: Insert,
): Promise<PartitionEntry[] | undefined> {
  const keys = statement.partitionKeys
  if (keys.length === 0) return undefined
  const table = targetOf(execution, statement, false)
  checkKeys(table, keys)
  if (!autoRule(table.partition)) throw analyzingError('No partition specified in partition lists.')
  if (!statement.overwrite) throw unsupportedByEngine('INSERT INTO … PARTITION (column = value)')
  const scope = scopeOf(execution, { trusted: true })
  const cells = keys.map(({ column: name, value }) => {
    const column = existingColumn(table, name)
    return `${convert(translateExpression(value, scope), column.type)} AS ${quoted(column.name)}`
  })
  const source = `(SELECT ${cells.join(', ')})`
  const { engine, link } = execution
  return partitionsOfRows({ engine, link, table, source, scope })
}

function checkKeys(table: TableEntry, keys: readonly KeyValue[]): void {
  const columns = table.partition?.columns ?? []
  if (keys.length < columns.length)
    throw analyzingError(
      `Must include all ${columns.length} partition columns in the partition clause.`,
    )
  if (keys.length > columns.length)
    throw analyzingError(
      `Only ${columns.length} partition columns can be included in the partition clause.`,
    )
  const names = keys.map(({ column }) => column)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw analyzingError(`Found duplicate partition column name ${twice}.`)
  for (const { column, value } of keys) {
    if (!columns.some((name) => name.toLowerCase() === column.toLowerCase()))
      throw analyzingError(`Can't find partition column ${column}.`)
    if (!isLiteral(value)) throw analyzingError('partition value should be literal expression.')
  }
}
