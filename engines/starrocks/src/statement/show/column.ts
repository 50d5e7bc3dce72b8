/** DESC, DESC … ALL and SHOW COLUMNS. */
import type { ObjectName } from '../../sql/ast.ts'
import type { Show } from '../../sql/ast-session.ts'
import type { RollupColumn, TableColumn, TableEntry } from '../../catalog/catalog.ts'
import { defaultText, keyWords } from '../../information/schema.ts'
import { systemTable } from '../../information/system-table.ts'
import { dataType, describedType } from '../../sql/type-text.ts'
import { isSystemDatabase, unknownRelation } from '../../catalog/lookup.ts'
import { qualifyTable } from '../../resolution/object-name.ts'
import type { FoundRollup } from '../../resolution/rollup.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { shown, shownRelation, shownRollup, withDatabase } from './object.ts'

/** One column as DESC and SHOW COLUMNS see it. */
interface ColumnDescription {
  readonly name: string
  readonly type: string
  /** As information_schema.columns has type and key. */
  readonly word: string
  readonly keyWord: string
  readonly nullable: boolean
  readonly key: boolean
  readonly initial: string | null
  /** What SHOW COLUMNS writes into Extra. */
  readonly aggregate: string
  /** What DESC writes into Extra. */
  readonly extra: string
  readonly comment: string
}

function described(
  context: StatementContext,
  show: Pick<Show, 'name' | 'database'>,
): ColumnDescription[] {
  const name = qualifyTable(context, withDatabase(show))
  if (isSystemDatabase(name.database)) {
    const table = systemTable(context, name.database, name.name)
    if (!table) throw unknownRelation(name)
    return table.columns.map((column) => ({
      ...plainColumn,
      name: column.name,
      type: describedType(column.type),
      word: dataType(column.type),
    }))
  }
  const found = shownRollup(context, show)
  if (found) return found.rollup.columns.map((column) => describeRollupColumn(found, column))
  const relation = shownRelation(context, show)
  if (relation.kind === 'view') {
    return relation.columns.map((column) => ({
      ...plainColumn,
      name: column.name,
      type: describedType(column.type),
      word: dataType(column.type),
      comment: column.comment,
    }))
  }
  return relation.columns.map((column) => describeColumn(relation, column))
}

const plainColumn = {
  keyWord: '',
  nullable: true,
  key: false,
  initial: null,
  aggregate: '',
  extra: '',
  comment: '',
}

function describeColumn(table: TableEntry, column: TableColumn): ColumnDescription {
  const filters = (table.properties['bloom_filter_columns'] ?? '').toLowerCase().split(/\s*,\s*/)
  const initial = column.default?.kind
  const computed = initial === 'expression' || initial === 'current_timestamp'
  const extras = [
    filters.includes(column.name.toLowerCase()) ? 'BLOOM_FILTER' : '',
    computed ? 'DEFAULT_GENERATED' : '',
  ]
  return {
    name: column.name,
    type: describedType(column.declared ?? column.type),
    word: dataType(column.declared ?? column.type),
    keyWord: column.key ? keyWords[table.model] : '',
    nullable: column.nullable,
    key: column.key,
    initial: defaultText(column),
    aggregate: column.key ? '' : (column.aggregate ?? '').toUpperCase(),
    extra: extras.filter((word) => word !== '').join(','),
    comment: column.comment ?? '',
  }
}

function describeRollupColumn({ table }: FoundRollup, column: RollupColumn): ColumnDescription {
  const { name, type, nullable, key } = column
  // A value without an aggregate is shown as one of none.
  const none = key || table.model === 'primary' ? '' : 'NONE'
  const extra = column.aggregate?.toUpperCase() ?? none
  const word = dataType(type)
  return { ...plainColumn, name, type: describedType(type), word, nullable, key, extra }
}

/** DESC t ALL: the table's own columns, then those of each rollup, an empty row between. */
export function describeAll(context: StatementContext, name: ObjectName): VirtualTable {
  const relation = shownRelation(context, { name, database: undefined })
  if (relation.kind === 'view') return describe(context, name, undefined)
  const base = relation.columns.map((column): ColumnDescription => {
    const plain = describeColumn(relation, column)
    const none = column.key || relation.model === 'primary' ? '' : 'NONE'
    const extra = [plain.aggregate || none, plain.extra].filter((word) => word !== '').join(',')
    return { ...plain, extra }
  })
  const blocks = [
    { name: relation.name, model: relation.model, columns: base },
    ...(relation.rollups ?? []).map((rollup) => ({
      name: rollup.name,
      model: rollup.model,
      columns: rollup.columns.map((column) =>
        describeRollupColumn({ table: relation, rollup }, column),
      ),
    })),
  ]
  const rows = blocks.flatMap((block, at): Cell[][] => [
    ...(at === 0 ? [] : [Array.from({ length: 8 }, () => '')]),
    ...block.columns.map((column, index): Cell[] => [
      index === 0 ? block.name : '',
      index === 0 ? keysNames[block.model] : '',
      column.name,
      column.type,
      yes(column.nullable),
      String(column.key),
      column.initial,
      column.extra,
    ]),
  ])
  const head = { IndexName: text, IndexKeysType: text, Field: text, Type: text }
  const columns = virtualColumns({ ...head, Null: text, Key: text, Default: text, Extra: text })
  return shown('columns', columns, rows)
}

const keysNames: Readonly<Record<TableEntry['model'], string>> = {
  duplicate: 'DUP_KEYS',
  aggregate: 'AGG_KEYS',
  unique: 'UNIQUE_KEYS',
  primary: 'PRIMARY_KEYS',
}

const yes = (value: boolean): string => (value ? 'YES' : 'NO')

export function columnsOf(context: StatementContext, show: Show): VirtualTable {
  // With a condition StarRocks reads information_schema.columns, where types, keys and Extra are other words.
  const found = described(context, show).map((column) =>
    show.where === undefined ? column : { ...column, type: column.word, aggregate: '' },
  )
  const keyOf = (column: ColumnDescription) =>
    show.where === undefined ? yes(column.key) : column.keyWord
  if (!show.full) {
    return descriptionRows(found, (column) => [keyOf(column), column.initial, column.aggregate])
  }
  const columns = virtualColumns({
    Field: text,
    Type: text,
    Collation: text,
    Null: text,
    Key: text,
    Default: text,
    Extra: text,
    Privileges: text,
    Comment: text,
  })
  const rows = found.map((column): Cell[] => [
    column.name,
    column.type,
    '',
    yes(column.nullable),
    keyOf(column),
    column.initial,
    column.aggregate,
    '',
    column.comment,
  ])
  return shown('columns', columns, rows)
}

/** DESC t. StarRocks writes YES and NO into Null, and `true` and `false` into Key, where SHOW COLUMNS has YES and NO. */
export function describe(
  context: StatementContext,
  name: ObjectName,
  column: string | undefined,
): VirtualTable {
  const found = described(context, { name, database: undefined })
  const wanted = column?.toLowerCase()
  return descriptionRows(
    wanted === undefined ? found : found.filter((entry) => entry.name.toLowerCase() === wanted),
    (entry) => [String(entry.key), entry.initial, entry.extra],
  )
}

function descriptionRows(
  found: readonly ColumnDescription[],
  tail: (column: ColumnDescription) => readonly Cell[],
): VirtualTable {
  const columns = virtualColumns({
    Field: text,
    Type: text,
    Null: text,
    Key: text,
    Default: text,
    Extra: text,
  })
  const rows = found.map((column): Cell[] => [
    column.name,
    column.type,
    yes(column.nullable),
    ...tail(column),
  ])
  return shown('columns', columns, rows)
}
