/**
 * From CREATE TABLE to a definition with nothing left open: model, keys, nullability, distribution, partitions.
 * reference: StarRocks documentation, CREATE TABLE; what is refused is refused before anything is stored.
 */
import { SqlError } from '../session.ts'
import type {
  ColumnDefinition,
  CreateTable,
  KeyDefinition,
  TableOptions,
} from '../sql/ast-definition.ts'
import { printType } from '../sql/type.ts'
import type { SqlType } from '../sql/type.ts'
import type { TableColumn, TableEntry } from './catalog.ts'
import { recordOf, schemeOf, withPartitions } from './partition-definition.ts'
import type { PartitionDefaults } from './partition-definition.ts'
import { analyzingError, unsupportedByEngine } from '../sql/sql-error.ts'
import { checkRetention } from './partition-retention.ts'
import { distributionOf } from './table-distribution.ts'
import { checkIndex, requiredColumn } from './table-index.ts'
import { checkCooldown, checkProperties } from './table-property.ts'

export type TableDefinition = Omit<
  TableEntry,
  'id' | 'databaseId' | 'name' | 'kind' | 'createdMs' | 'view'
>

export interface TableRequest {
  readonly name: string
  readonly columns: readonly ColumnDefinition[]
  readonly indexes: CreateTable['indexes']
  readonly options: TableOptions
}

/** StarRocks' own bound of columns per table. */
const COLUMNS_MAX = 10_000

/** The sort prefix that StarRocks chooses when no key is written. */
const DEFAULT_KEYS_MAX = 3

export async function defineTable(
  request: TableRequest,
  defaults: PartitionDefaults,
): Promise<TableDefinition> {
  const { options, columns } = request
  if (columns.length === 0) {
    throw new SqlError('A table must have at least 1 column', 1113, '42000')
  }
  if (columns.length > COLUMNS_MAX)
    throw new SqlError(`A table holds at most ${COLUMNS_MAX} columns`)
  refuseTwice(columns.map((column) => column.name))
  if (options.engine !== undefined && options.engine.toLowerCase() !== 'olap') {
    throw unsupportedByEngine(`ENGINE=${options.engine}`)
  }
  const key = keyOf(columns, options.key)
  const keys = keyNames(key)
  const decided = columns.map((column) => decideColumn(column, key, keys))
  checkKeys(decided, key)
  const properties = recordOf(options.properties)
  checkProperties(properties, 'table')
  checkCooldown(properties)
  const partition = options.partition && schemeOf(options.partition, decided, defaults)
  const sortKeys = options.orderBy.length > 0 ? options.orderBy : key.columns
  const sorted = sortKeys.map((name) => requiredColumn(decided, name))
  if (differsFromKey(key.model, decided, sorted)) throw analyzingError(`${unlikeKey(key.model)}.`)
  checkSortKeys(key.model, sorted)
  if (decided.filter((column) => column.autoIncrement).length > 1) {
    throw new SqlError(
      'Getting analyzing error. Detail message: More than one AUTO_INCREMENT column defined in CREATE TABLE Statement.',
    )
  }
  checkPartitionColumns(decided, key, partition?.columns ?? [])
  const draft = { name: request.name, columns: decided, partition, partitions: [] }
  const items = options.partition?.items ?? []
  for (const index of request.indexes) checkIndex({ columns: decided, properties }, index)
  checkRetention({ ...draft, properties })
  return {
    columns: decided,
    model: key.model,
    keys: key.columns.map((name) => requiredColumn(decided, name).name),
    sortKeys,
    ...(options.orderBy.length > 0 && { ordered: true }),
    partition,
    partitions: await withPartitions(draft, items, defaults),
    distribution: distributionOf(decided, key, options.distribution),
    indexes: request.indexes,
    properties,
    comment: options.comment ?? '',
  }
}

/** Where rows are folded by key, they are sorted by all of it and by nothing else. */
export const differsFromKey = (
  model: KeyDefinition['model'],
  columns: readonly TableColumn[],
  sorted: readonly TableColumn[],
): boolean => {
  if (model !== 'aggregate' && model !== 'unique') return false
  const sorting = new Set(sorted)
  return columns.some((column) => column.key !== sorting.has(column))
}

export const unlikeKey = (model: KeyDefinition['model']): string =>
  `The sort columns of ${model.toUpperCase()} KEY table must be same with key columns`

/** A PRIMARY KEY table is sorted by integers, dates and texts only; no table twice by one column. */
export function checkSortKeys(
  model: KeyDefinition['model'],
  columns: readonly TableColumn[],
): void {
  const seen = new Set<string>()
  for (const { name } of columns) {
    if (seen.has(name)) throw new SqlError(`Duplicated column[${name}]`)
    seen.add(name)
  }
  if (model !== 'primary') return
  const fits = ['boolean', 'tinyint', 'smallint', 'int', 'bigint', 'largeint', 'varchar', 'date']
  for (const { name, type } of columns) {
    if (fits.includes(type.kind) || type.kind === 'datetime') continue
    throw new SqlError(
      `Sort key column[${name}] type not supported: ${printType(type).toUpperCase()} in PrimaryKey table`,
    )
  }
}

function keyOf(
  columns: readonly ColumnDefinition[],
  written: KeyDefinition | undefined,
): KeyDefinition {
  const marked = columns.filter((column) => column.key).map((column) => column.name)
  if (written) return written
  if (columns.some((column) => column.aggregate)) {
    const keys = columns.filter((column) => !column.aggregate).map((column) => column.name)
    return { model: 'aggregate', columns: keys }
  }
  if (marked.length > 0) return { model: 'duplicate', columns: marked }
  const prefix = sortPrefix(columns.map(({ type }) => type))
  return { model: 'duplicate', columns: columns.slice(0, prefix).map(({ name }) => name) }
}

/** How many of the first columns rows are sorted by when no key is written. */
export function sortPrefix(types: readonly SqlType[]): number {
  const end = types.slice(0, DEFAULT_KEYS_MAX).findIndex((type) => !isKeyType(type))
  const keys = end < 0 ? Math.min(types.length, DEFAULT_KEYS_MAX) : end
  // A string ends the sort prefix.
  const text = types.slice(0, keys).findIndex(({ kind }) => kind === 'varchar')
  return text < 0 ? keys : text + 1
}

const keyNames = ({ columns }: KeyDefinition): ReadonlySet<string> =>
  new Set(columns.map((name) => name.toLowerCase()))

export function decideColumn(
  column: ColumnDefinition,
  key: KeyDefinition,
  keys: ReadonlySet<string> = keyNames(key),
): TableColumn {
  const isKey = keys.has(column.name.toLowerCase())
  checkType(column.type, column.name)
  const nullable = column.nullable ?? !(column.autoIncrement || (isKey && key.model === 'primary'))
  if (nullable && isKey && key.model === 'primary') {
    throw new SqlError(
      `Getting analyzing error. Detail message: primary key column[${column.name}] cannot be nullable.`,
    )
  }
  checkAggregate(column, key.model, isKey)
  checkAutoIncrement(column, nullable)
  if (column.default?.kind === 'null' && !nullable) {
    throw new SqlError(
      `Invalid default value for '${column.name}': it is not nullable`,
      1067,
      '42000',
    )
  }
  const type = roomyType(column.type)
  return type === column.type
    ? { ...column, key: isKey, nullable }
    : { ...column, type, declared: column.declared ?? column.type, key: isKey, nullable }
}

/**
 * Inside arrays, maps and structs StarRocks holds a decimal to the width that it is stored in, not to its own digits: 100.5 stays
 * in an ARRAY<DECIMAL(4, 3)>.
 */
function roomyType(type: SqlType, nested = false): SqlType {
  if (type.kind === 'decimal' && nested) {
    const precision = [9, 18].find((digits) => type.precision <= digits) ?? 38
    return precision === type.precision ? type : { ...type, precision }
  }
  if (type.kind === 'array') {
    const element = roomyType(type.element, true)
    return element === type.element ? type : { ...type, element }
  }
  if (type.kind === 'map') {
    const [key, value] = [roomyType(type.key, true), roomyType(type.value, true)]
    return key === type.key && value === type.value ? type : { ...type, key, value }
  }
  if (type.kind !== 'struct') return type
  const fields = type.fields.map((field) => ({ ...field, type: roomyType(field.type, true) }))
  return fields.some((field, at) => field.type !== type.fields[at]?.type)
    ? { ...type, fields }
    : type
}

function checkAutoIncrement(column: ColumnDefinition, nullable: boolean): void {
  if (!column.autoIncrement) return
  if (column.type.kind !== 'bigint') {
    throw new SqlError(`The AUTO_INCREMENT column must be BIGINT, '${column.name}' is not`)
  }
  if (nullable) throw new SqlError(`The AUTO_INCREMENT column '${column.name}' must be NOT NULL`)
  if (column.default) {
    throw new SqlError(`Can't set default value for AUTO_INCREMENT column '${column.name}'`)
  }
}

const summable: readonly string[] = [
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'largeint',
  'float',
  'double',
  'decimal',
]

function checkAggregate(
  column: ColumnDefinition,
  model: KeyDefinition['model'],
  isKey: boolean,
): void {
  const { aggregate, name, type } = column
  if (model !== 'aggregate') {
    const isReplaced = model === 'unique' || (model === 'primary' && !isKey)
    if (!aggregate || (isReplaced && aggregate === 'replace')) return
    throw new SqlError(
      `Getting analyzing error. Detail message: ${model.toUpperCase()} KEY table should not specify an aggregate type for column '${name}'.`,
    )
  }
  if (isKey && aggregate) {
    throw new SqlError(`Key column[${name}] should not have an aggregate type`)
  }
  if (isKey) return
  if (!aggregate) throw new SqlError(`${name} must have aggregate type in an AGGREGATE KEY table`)
  if (aggregate.endsWith('_union')) {
    if (aggregate === `${type.kind}_union`) return
    throw new SqlError(
      `Invalid aggregate function '${aggregate.toUpperCase()}' for column '${name}'`,
    )
  }
  const simple = isKeyType(type) || summable.includes(type.kind)
  const fits = aggregate === 'sum' ? summable.includes(type.kind) : simple
  if ((aggregate === 'sum' || aggregate === 'min' || aggregate === 'max') && !fits) {
    throw new SqlError(
      `Invalid aggregate function '${aggregate.toUpperCase()}' for column '${name}'`,
    )
  }
}

/** Kinds that have no honest form in this engine. */
const refusedTypes: readonly string[] = ['time', 'null']

function checkType(type: SqlType, name: string): void {
  if (refusedTypes.includes(type.kind)) {
    throw unsupportedByEngine(`A column of type ${type.kind.toUpperCase()} ('${name}')`)
  }
  if (type.kind === 'array') checkType(type.element, name)
  if (type.kind === 'map') {
    checkType(type.key, name)
    checkType(type.value, name)
  }
  if (type.kind === 'struct') for (const field of type.fields) checkType(field.type, name)
}

const keyTypes: readonly string[] = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'largeint',
  'decimal',
  'date',
  'datetime',
  'char',
  'varchar',
]

export const isKeyType = (type: SqlType): boolean => keyTypes.includes(type.kind)

function checkKeys(columns: readonly TableColumn[], key: KeyDefinition): void {
  if (key.columns.length === 0 && key.model !== 'duplicate') {
    throw new SqlError('Table must have at least 1 key column', 5004, 'HY000')
  }
  key.columns.forEach((name, index) => {
    const column = requiredColumn(columns, name)
    if (!isKeyType(column.type)) {
      throw new SqlError(
        `Getting analyzing error. Detail message: Invalid data type of key column '${name}': '${column.type.kind}'.`,
      )
    }
    if (columns[index]?.name.toLowerCase() !== name.toLowerCase()) {
      throw new SqlError(
        'Getting analyzing error. Detail message: Key columns must be the first few columns of the schema and the order must be consistent.',
      )
    }
  })
}

function checkPartitionColumns(
  columns: readonly TableColumn[],
  key: KeyDefinition,
  names: readonly string[],
): void {
  if (key.model === 'duplicate') return
  for (const name of names) {
    if (!requiredColumn(columns, name).key) {
      throw new SqlError(
        `The partition column '${name}' must be a key column of the ${key.model.toUpperCase()} KEY table`,
      )
    }
  }
}

export function refuseTwice(names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    const lower = name.toLowerCase()
    if (seen.has(lower)) throw new SqlError(`Duplicate column name '${name}'`, 1060, '42S21')
    seen.add(lower)
  }
}
