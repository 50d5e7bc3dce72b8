/** SHOW CREATE TABLE, VIEW and MATERIALIZED VIEW: the declaration again, in StarRocks' layout. */
import type { IndexDefinition } from '../sql/ast-definition.ts'
import { printExpression, printQuotedExpression } from '../sql/print.ts'
import { inBackticks as name } from '../sql/print/expression.ts'
import type {
  PartitionBound,
  PartitionEntry,
  PartitionScheme,
  RollupEntry,
  TableColumn,
  TableEntry,
  ViewEntry,
} from '../catalog/catalog.ts'
import { isOrdered, isTemporary, outputColumns } from '../catalog/catalog.ts'
import { constraintText } from '../catalog/table-constraint.ts'
import { autoRule, listedPartitions, partitionTypes } from '../catalog/partition.ts'
import { firstBound } from '../catalog/partition-value.ts'
import { compressionText } from '../catalog/table-property.ts'
import { typeText } from '../sql/type-text.ts'

/** `database` is the name of its own. */
export function createTableText(table: TableEntry, database: string): string {
  const parts = [
    ...table.columns.map((column) => columnText(column, table.model)),
    ...table.indexes.map(indexText),
  ]
  const lines = [
    `CREATE ${isTemporary(table) ? 'TEMPORARY ' : ''}TABLE ${name(table.name)} (`,
    parts.join(',\n'),
    // StarRocks writes a blank here, and behind the number of buckets.
    ') ENGINE=OLAP ',
    table.keys.length > 0 ? `${table.model.toUpperCase()} KEY(${list(table.keys)})` : '',
    table.comment === '' ? '' : `COMMENT ${quote(table.comment)}`,
    ...layoutLines({ ...table, properties: constraintText(table, database) }),
  ]
  return `${lines.filter((line) => line !== '').join('\n')};`
}

const indexText = (index: IndexDefinition): string =>
  `  INDEX ${indexName(index.name)} (${list(index.columns)}) USING ${indexTypeText(index)} COMMENT '${(index.comment ?? '').replace(/['\\]/g, '\\$&')}'`

/** With its properties, those it has by default among them. */
export function indexTypeText({ type, properties }: IndexDefinition): string {
  const shown = {
    ...(type.toLowerCase() === 'ngrambf' && NGRAM_DEFAULTS),
    ...Object.fromEntries(properties.map(({ name: key, value }) => [key.toLowerCase(), value])),
  }
  const items = Object.entries(shown).sort(([a], [b]) => (a < b ? -1 : 1))
  const text = items.map(([key, value]) => `${quote(key)} = ${quote(value)}`).join(', ')
  return `${type.toUpperCase()}${text === '' ? '' : `(${text})`}`
}

const NGRAM_DEFAULTS = { bloom_filter_fpp: '0.05', case_sensitive: 'true', gram_num: '2' }

export function createMaterializedViewText(view: TableEntry): string {
  const facts = view.view
  const columns = outputColumns(view).map(
    (column) => `${name(column.name)}${comment(column.comment ?? '')}`,
  )
  const lines = [
    `CREATE MATERIALIZED VIEW ${name(view.name)} (${[columns.join(', '), ...view.indexes.map(indexText)].join(',\n')})`,
    view.comment === '' ? '' : `COMMENT ${quote(view.comment)}`,
    ...layoutLines(view, facts ? refreshText(facts.refresh) : ''),
    `AS ${facts?.query ?? ''}`,
  ]
  return `${lines.filter((line) => line !== '').join('\n')};`
}

/** As it was written; a ROLLUP as the view that it is like. */
export function createRollupText(table: TableEntry, rollup: RollupEntry): string {
  if (rollup.statement !== undefined) return rollup.statement
  const keys = rollup.columns.filter((column) => column.key).map((column) => column.name)
  const items = rollup.columns.map((column) =>
    column.aggregate ? `${column.aggregate}(${column.name})` : column.name,
  )
  const grouped = rollup.model === 'aggregate' ? ` group by ${keys.join(', ')}` : ''
  return `create materialized view ${rollup.name} as select ${items.join(', ')} from ${table.name}${grouped}`
}

function refreshText(refresh: NonNullable<TableEntry['view']>['refresh']): string {
  const words = ['REFRESH']
  if (refresh.deferred) words.push('DEFERRED')
  words.push(refresh.scheme.toUpperCase())
  if (refresh.start !== undefined) words.push(`START(${quote(refresh.start)})`)
  if (refresh.every)
    words.push(`EVERY(INTERVAL ${refresh.every.count} ${refresh.every.unit.toUpperCase()})`)
  return words.join(' ')
}

export function createViewText(view: ViewEntry): string {
  const columns = view.columns.map((column) => `${name(column.name)}${comment(column.comment)}`)
  const security = view.security === 'invoker' ? ' SECURITY INVOKER' : ''
  const described = view.comment === '' ? '' : `\nCOMMENT ${quote(view.comment)}`
  return `CREATE VIEW ${name(view.name)} (${columns.join(', ')})${described}${security} AS ${view.query};`
}

export function columnText(column: TableColumn, model?: TableEntry['model']): string {
  const words = [`  ${name(column.name)}`, typeText(column.declared ?? column.type)]
  // The columns of a unique or a primary key's table are all replaced, and do not show it.
  if (column.aggregate && model !== 'unique' && model !== 'primary')
    words.push(column.aggregate.toUpperCase())
  words.push(column.nullable ? 'NULL' : 'NOT NULL')
  if (column.autoIncrement) words.push('AUTO_INCREMENT')
  const written = defaultClause(column)
  if (written !== '') words.push(written)
  if (column.generated) words.push(`AS ${printQuotedExpression(column.generated)}`)
  return `${words.join(' ')} COMMENT ${quote(column.comment ?? '')}`
}

function defaultClause(column: TableColumn): string {
  const written = column.default
  if (!written) return ''
  if (written.kind === 'null') return 'DEFAULT NULL'
  if (written.kind === 'literal') return `DEFAULT ${quote(written.value)}`
  if (written.kind === 'expression') return `DEFAULT (${printExpression(written.expression)})`
  return written.precision === undefined
    ? 'DEFAULT CURRENT_TIMESTAMP'
    : `DEFAULT CURRENT_TIMESTAMP(${written.precision})`
}

function layoutLines(table: TableEntry, refresh = ''): string[] {
  const { method, columns, buckets } = table.distribution
  const spread = method === 'random' ? 'RANDOM' : `HASH(${list(columns)})`
  const sorted = isOrdered(table) && table.sortKeys.length > 0
  const properties = shownProperties(table)
  return [
    table.partition ? partitionText(table, table.partition) : '',
    `DISTRIBUTED BY ${spread}${buckets === undefined ? '' : ` BUCKETS ${buckets}${method === 'random' ? '' : ' '}`}`,
    sorted ? sortText(table) : '',
    refresh,
    properties.length > 0
      ? `PROPERTIES (\n${properties.map(([key, value]) => `${quote(key)} = ${quote(value)}`).join(',\n')}\n)`
      : '',
  ]
}

/** As the two have it in StarRocks. */
const sortText = ({ kind, sortKeys }: TableEntry): string =>
  kind === 'table' ? `ORDER BY(${list(sortKeys)})` : `ORDER BY (${sortKeys.join(',')})`

/** A table shows these whether they were written or not; what was written stands in their place. */
function shownProperties(table: TableEntry): readonly (readonly [string, string])[] {
  if (table.kind !== 'table') {
    const { storage_medium = 'HDD', ...written } = table.properties
    const first = { replication_num: '1', replicated_storage: 'true', ...written }
    return Object.entries({ ...first, storage_medium })
  }
  return Object.entries(tableProperties(table)).sort(([a], [b]) => (a < b ? -1 : 1))
}

function tableProperties(table: TableEntry): Readonly<Record<string, string>> {
  return {
    compression: 'LZ4',
    fast_schema_evolution: 'true',
    replicated_storage: 'true',
    replication_num: '1',
    ...(table.model === 'primary' && { enable_persistent_index: 'true' }),
    ...(table.distribution.method === 'random' && { bucket_size: '4294967296' }),
    ...Object.fromEntries(Object.entries(table.properties).filter(([key]) => isShown(table, key))),
    ...(table.properties['compression'] !== undefined && {
      compression: compressionText(table.properties['compression']),
    }),
  }
}

/** What StarRocks takes and shows of no table, or only of one with a primary key. */
const isShown = (table: TableEntry, property: string): boolean =>
  property !== 'storage_format' &&
  property !== 'in_memory' &&
  (property !== 'enable_persistent_index' || table.model === 'primary')

function partitionText(table: TableEntry, scheme: PartitionScheme): string {
  const by = `PARTITION BY ${partitionBySql(scheme)}`
  if (autoRule(scheme)) return by
  const first = firstBound(partitionTypes(table))
  const standing = table.partitions.filter((entry) => !entry.temporary)
  const items = listedPartitions(table, standing).map((entry) => partitionItem(entry, first))
  return `${by}\n(${items.join(',\n')})`
}

/** `RANGE(`dt`)`, `LIST(`city`)`, `date_trunc('day', dt)`. */
export function partitionBySql(scheme: PartitionScheme): string {
  const print = scheme.quoted ? printQuotedExpression : printExpression
  if (scheme.computed) return `${scheme.method.toUpperCase()}(${scheme.by.map(print).join(', ')})`
  if (scheme.method !== 'expression')
    return `${scheme.method.toUpperCase()}(${list(scheme.columns)})`
  const rule = autoRule(scheme)
  return rule?.kind === 'columns' ? `(${list(rule.columns)})` : scheme.by.map(print).join(', ')
}

function partitionItem(entry: PartitionEntry, first: PartitionBound | undefined): string {
  const head = `PARTITION ${entry.name} VALUES`
  if (entry.values) {
    const rows = entry.values.map((row) => {
      const cells = row.map((value) => (value === null ? 'NULL' : singleQuote(value)))
      return row.length === 1 ? cells.join('') : `(${cells.join(', ')})`
    })
    return `${head} IN (${rows.join(', ')})`
  }
  const { lower = first, upper } = entry.range ?? { lower: undefined, upper: [] }
  if (!lower) return `${head} LESS THAN ${boundText(upper)}`
  return `${head} [${boundText(lower)}, ${boundText(upper)})`
}

function boundText(bound: PartitionBound): string {
  return `(${bound.map((value) => (value.kind === 'max' ? 'MAXVALUE' : quote(value.text))).join(', ')})`
}

const list = (names: readonly string[]): string => names.map(name).join(', ')
const quote = (text: string): string =>
  `"${text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)}"`
const singleQuote = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`
/** StarRocks quotes no index's name; one that is no plain word could not be read again. */
const indexName = (text: string): string => (/^[a-z_]\w*$/i.test(text) ? text : name(text))

const comment = (text: string): string => (text === '' ? '' : ` COMMENT ${quote(text)}`)
