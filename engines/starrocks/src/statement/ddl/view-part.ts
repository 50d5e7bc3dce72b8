/**
 * REFRESH MATERIALIZED VIEW … PARTITION: which rows of the view are computed again. A view has the partitions of the table that its
 * partition column comes from; those that meet the range are refreshed whole.
 */
import { columnNamed } from '../../catalog/catalog.ts'
import type { Catalog, PartitionBound, TableEntry } from '../../catalog/catalog.ts'
import { autoRule, partitionCondition } from '../../catalog/partition.ts'
import {
  beginningOf,
  compareBounds,
  compareValues,
  isRangeType,
  normalValue,
  valueSql,
} from '../../catalog/partition-value.ts'
import { quoted } from '../../sql/quote.ts'
import type { RefreshPart } from '../../sql/ast-definition.ts'
import type { Expression, Query } from '../../sql/ast.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import type { SqlType } from '../../sql/type.ts'
import { viewQuery } from './dependent-view.ts'

/** DuckDB's condition over the view's columns; throws for a part that the view cannot have. */
export function partCondition(catalog: Catalog, view: TableEntry, part: RefreshPart): string {
  const rule = autoRule(view.partition)
  const name = view.partition?.columns[0]
  const column = name === undefined ? undefined : columnNamed(view, name)
  if (!rule || !column)
    throw analyzingError('Not support refresh by partition for single partition mv.')
  const isList = !isRangeType(column.type) || baseIsList(catalog, view, column.name)
  if ('values' in part) {
    if (!isList)
      throw analyzingError('Not support refresh by partition for non list partitioned mv.')
    return part.values
      .map((value) => `${quoted(column.name)} IS NOT DISTINCT FROM ${valueSql(value, column.type)}`)
      .join(' OR ')
  }
  if (isList) throw analyzingError('Not support refresh by partition for non range partitioned mv.')
  const [start, end] = [part.start, part.end].map((text) => bound(text, column.type))
  if (compareBounds(start, end, [column.type]) >= 0) {
    throw analyzingError(`Batch build partition start date should less than end date.`)
  }
  const ranges = baseRanges(catalog, view, column.name)
    .filter(
      ({ lower, upper }) =>
        compareBounds(lower, end, [column.type]) < 0 &&
        compareBounds(start, upper, [column.type]) < 0,
    )
    .concat([{ lower: start, upper: end ?? [{ kind: 'max' }] }])
  const plain = { method: 'range', by: [], columns: [column.name] } as const
  const [first] = view.partitions
  const base = {
    id: 0,
    name: '',
    temporary: false,
    values: undefined,
    properties: {},
    createdMs: 0,
  }
  const within = ranges
    .map((range) =>
      partitionCondition(
        { ...view, partition: plain },
        { ...base, ...first, values: undefined, range },
      ),
    )
    .map((condition) => `(${condition})`)
    .join(' OR ')
  if (rule.kind !== 'slice' || rule.count !== 1) return within
  const slice = (sql: string) => `date_trunc('${rule.unit}', ${sql})`
  const least = valueSql(part.start, column.type)
  const most = valueSql(part.end, column.type)
  const at = slice(quoted(column.name))
  return `${within} OR (${at} >= ${slice(least)} AND ${at} < ${most})`
}

/**
 * What an automatic refresh computes: the last partitions, as many as `auto_refresh_partitions_limit` says. Undefined: all rows, also of a
 * view that has none yet, and of one without ranges.
 * reference: StarRocks 3.3.7, test_auto_refresh
 */
export function lastCondition(catalog: Catalog, view: TableEntry): string | undefined {
  const limit = Number(view.properties['auto_refresh_partitions_limit'] ?? -1)
  const rule = autoRule(view.partition)
  const name = view.partition?.columns[0]
  const column = name === undefined ? undefined : columnNamed(view, name)
  if (limit < 1 || !rule || !column || view.view?.lastRefreshEndMs === undefined) return undefined
  const { type } = column
  if (!isRangeType(type) || baseIsList(catalog, view, column.name)) return undefined
  const begins = baseRanges(catalog, view, column.name).flatMap(({ lower }) => {
    const [first] = lower ?? []
    if (first?.kind !== 'value') return []
    return rule.kind === 'slice' ? beginningOf(first.text, type, rule.unit) : first.text
  })
  const sorted = [...new Set(begins)].toSorted((a, b) => compareValues(a, b, type))
  const start = sorted.length > limit ? sorted.at(-limit) : undefined
  return start === undefined ? undefined : `${quoted(column.name)} >= ${valueSql(start, type)}`
}

const bound = (text: string, type: SqlType): PartitionBound => [
  { kind: 'value', text: normalValue(text, type) },
]

/** The tables that the view reads whose partition column it shows under this name. */
function basesOf(catalog: Catalog, view: TableEntry, name: string): TableEntry[] {
  const ids = Object.keys(view.view?.baseVersions ?? {}).map(Number)
  const source = view.view && sourceColumn(viewQuery(view.view), view, name)
  return ids.flatMap((id) => {
    const base = catalog.entries.get(id)
    if (base?.kind !== 'table' || base.partition?.columns.length !== 1) return []
    return base.partition.columns[0]?.toLowerCase() === source?.toLowerCase() ? [base] : []
  })
}

const baseIsList = (catalog: Catalog, view: TableEntry, name: string): boolean =>
  basesOf(catalog, view, name).some(
    ({ partition, partitions }) =>
      partition?.method === 'list' || partitions.some(({ values }) => values),
  )

const baseRanges = (catalog: Catalog, view: TableEntry, name: string) =>
  basesOf(catalog, view, name).flatMap(({ partitions }) =>
    partitions.flatMap(({ range, temporary }) => (range && !temporary ? [range] : [])),
  )

/** The column that the view's column is, or is made of by a function of one. */
function sourceColumn({ body }: Query, view: TableEntry, name: string): string | undefined {
  if (body.kind !== 'select') return name
  const at = view.columns.findIndex((column) => column.name === name)
  const item = body.items[at]
  return item?.kind === 'expression' ? (lastColumn(item.expression) ?? name) : name
}

function lastColumn(expression: Expression): string | undefined {
  if (expression.kind === 'column') return expression.path.at(-1)
  const [only] = expression.kind === 'call' ? expression.args.map(lastColumn).filter(Boolean) : []
  return only
}
