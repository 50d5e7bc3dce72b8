/**
 * The sort key of a materialized view: ORDER BY, or the first columns that can be one. Its columns come first in the view, whatever the
 * order of its query. reference: StarRocks 3.3.7, MaterializedViewAnalyzer.chooseSortKeysByDefault, genMaterializedViewColumns.
 */
import { isKeyType } from '../../catalog/table-definition.ts'
import type { SqlType } from '../../sql/type.ts'

/** StarRocks' SHORTKEY_MAXSIZE_BYTES. */
const KEY_BYTES_MAX = 36

const sizes: Readonly<Partial<Record<SqlType['kind'], number>>> = {
  boolean: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  largeint: 16,
  float: 4,
  double: 8,
  date: 3,
  datetime: 8,
  varchar: 20,
}

function sizeOf(type: SqlType): number {
  if (type.kind === 'char') return type.length
  if (type.kind === 'decimal') return type.precision <= 9 ? 4 : type.precision <= 18 ? 8 : 16
  return sizes[type.kind] ?? 16
}

interface Named {
  readonly name: string
  readonly type: SqlType
}

export function viewKeys(columns: readonly Named[], written: readonly string[]): string[] {
  if (written.length > 0)
    return written.map((name) => columns.find((column) => isNamed(column, name))?.name ?? name)
  const first = columns.findIndex(({ type }) => isKeyType(type))
  const keys: string[] = []
  let bytes = 0
  for (const { name, type } of first < 0 ? [] : columns.slice(first)) {
    bytes += sizeOf(type)
    const isText = type.kind === 'char' || type.kind === 'varchar'
    if (bytes > KEY_BYTES_MAX) return isText ? [...keys, name] : keys
    if (isKeyType(type)) keys.push(name)
    if (type.kind === 'varchar') return keys
  }
  return keys
}

export function keysFirst<Column extends Named>(
  columns: readonly Column[],
  keys: readonly string[],
): Column[] {
  const leading = keys.flatMap((key) => columns.filter((column) => isNamed(column, key)))
  return [...leading, ...columns.filter((column) => !leading.includes(column))]
}

const isNamed = (column: Named, name: string): boolean =>
  column.name.toLowerCase() === name.toLowerCase()
