/**
 * ALTER TABLE … MODIFY COLUMN c ADD FIELD and DROP FIELD: fields of structs, also deep inside. Rows that are there have NULL in a new
 * field, and lose a dropped one. reference: StarRocks 3.3.7, StructFieldDesc, SchemaChangeHandler.processAddField.
 */
import type { AlterTableClause, ColumnPosition } from '../../sql/ast-definition.ts'
import { SqlError } from '../../session.ts'
import { columnNamed, physicalName } from '../../catalog/catalog.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import { decideColumn } from '../../catalog/table-definition.ts'
import { reshaped } from '../../sql/emit/reshape.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import { printType } from '../../sql/type.ts'
import type { SqlType, StructField } from '../../sql/type.ts'
import { quoted } from '../../sql/quote.ts'
import { refuseUsed, rewrite } from './alter-column.ts'
import type { TableChange } from './alter-column.ts'
import { refuseRollupColumn } from './rollup.ts'

type FieldClause = Extract<AlterTableClause, { kind: 'addField' | 'dropField' }>

export async function changeField(
  { execution, table }: TableChange,
  clause: FieldClause,
): Promise<TableEntry> {
  const refuse = (why: string) =>
    analyzingError(
      `Analyze ${clause.kind === 'addField' ? 'add' : 'drop'} field definition failed: ${why}.`,
    )
  const old = columnNamed(table, clause.column)
  if (!old) throw refuse('Analyze add/drop field failed, modify column is not exist')
  const written = old.declared ?? old.type
  if (written.kind !== 'struct' && written.kind !== 'array') {
    throw refuse(`column ${old.name} type ${typeWord(written)} is not Struct`)
  }
  if ((table.properties['fast_schema_evolution'] ?? 'true').toLowerCase() === 'false') {
    const what = clause.kind === 'addField' ? 'Add' : 'Drop'
    throw new SqlError(`${what} field for struct column require table enable fast schema evolution`)
  }
  refuseRollupColumn(table, old.name)
  refuseUsed(table, old, 'change the fields of')
  const walk = { clause, refuse, column: old.name, at: 0 }
  const { declared: _, ...bare } = { ...old, type: changedType(written, walk) }
  const column = decideColumn(bare, { model: table.model, columns: table.keys })
  const value = reshaped(quoted(old.name), old.type, column.type)
  await rewrite(execution.link, physicalName(table), old.name, value)
  const holds = (names: readonly string[]) =>
    names.some((name) => name.toLowerCase() === old.name.toLowerCase())
  return {
    ...table,
    columns: table.columns.map((other) => (other === old ? column : other)),
    indexes: table.indexes.filter((index) => !holds(index.columns)),
  }
}

interface FieldWalk {
  readonly clause: FieldClause
  readonly refuse: (why: string) => SqlError
  readonly column: string
  /** How much of the path was walked. */
  readonly at: number
}

/** The type with the field added to, or dropped from, the struct that the path leads to. */
function changedType(type: SqlType, walk: FieldWalk): SqlType {
  const { clause, refuse, column, at } = walk
  const name = clause.path[at]
  if (name === undefined) {
    if (type.kind !== 'struct') throw refuse('Target Field is not struct')
    const fields = clause.kind === 'addField' ? withField(type.fields, clause, walk) : undefined
    return { ...type, fields: fields ?? withoutField(type.fields, walk) }
  }
  const [next] = type.kind === 'array' ? [type.element] : fieldsNamed(type, name)
  if (!next) throw refuse(`No field ${name} exist in column ${column}`)
  if (next.kind !== 'struct' && next.kind !== 'array')
    throw refuse(`Field ${name} type ${typeWord(next)} is not valid`)
  const changed = changedType(next, { ...walk, at: at + 1 })
  if (type.kind === 'array') return { ...type, element: changed }
  if (type.kind !== 'struct') return type
  return {
    ...type,
    fields: type.fields.map((field) =>
      isNamed(field, name) ? { ...field, type: changed } : field,
    ),
  }
}

function withField(
  fields: readonly StructField[],
  { field, position }: Extract<FieldClause, { kind: 'addField' }>,
  { refuse, clause, column }: FieldWalk,
): StructField[] {
  if (fields.some((other) => isNamed(other, field.name)))
    throw refuse(`Field ${field.name} is already exist`)
  const at = placeOf(fields, position, clause.path.at(-1) ?? column)
  return [...fields.slice(0, at), field, ...fields.slice(at)]
}

function placeOf(
  fields: readonly StructField[],
  position: ColumnPosition | undefined,
  parent: string,
): number {
  if (!position) return fields.length
  if (position.kind === 'first') return 0
  const at = fields.findIndex((field) => isNamed(field, position.column))
  if (at >= 0) return at + 1
  throw new SqlError(`Field[${position.column}] is not exist in Field[${parent}]`)
}

function withoutField(
  fields: readonly StructField[],
  { clause, refuse, column }: FieldWalk,
): StructField[] {
  const name = clause.kind === 'dropField' ? clause.field : clause.field.name
  const left = fields.filter((field) => !isNamed(field, name))
  if (left.length === fields.length) throw refuse(`Drop field ${name} is not found`)
  if (left.length > 0) return left
  throw new SqlError(
    `Field[${name}] is the last field of column[${column}], can not drop any more.`,
  )
}

const fieldsNamed = (type: SqlType, name: string): SqlType[] =>
  type.kind === 'struct'
    ? type.fields.flatMap((field) => (isNamed(field, name) ? [field.type] : []))
    : []

const isNamed = (field: StructField, name: string): boolean =>
  field.name.toLowerCase() === name.toLowerCase()

const typeWord = (type: SqlType): string => printType(type).toUpperCase()
