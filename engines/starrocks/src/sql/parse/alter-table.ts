/** ALTER TABLE and ALTER MATERIALIZED VIEW. */
import type {
  AlterTableClause,
  ColumnDefinition,
  ColumnPosition,
  DefinitionStatement,
} from '../ast-definition.ts'
import { parseRefreshScheme } from './create.ts'
import { parseColumn, parseIndex, parseRollup } from './create-table.ts'
import type { Cursor } from './cursor.ts'
import { partitionNames } from './data.ts'
import {
  commaList,
  identifier,
  identifierList,
  ifExists,
  integer,
  objectName,
  optionalProperties,
  parenthesized,
  propertyList,
  string,
} from './name.ts'
import { parseDistribution, parsePartitionBy, parsePartitionItem } from './partition.ts'
import { parseType } from './type.ts'

export const parseAlterTable = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('ALTER', 'TABLE')
  const name = objectName(cursor)
  return { kind: 'alterTable', name, clauses: commaList(cursor, parseClause) }
}

/** CANCEL ALTER TABLE [kind] FROM t [(job, …)], CANCEL ALTER MATERIALIZED VIEW FROM v. */
export const parseCancelAlter = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('CANCEL', 'ALTER')
  const isView = cursor.take('MATERIALIZED', 'VIEW')
  if (!isView) cursor.expect('TABLE')
  const kinds = ['column', 'rollup', 'optimize'] as const
  const written = isView ? undefined : kinds.find((kind) => cursor.take(kind.toUpperCase()))
  cursor.expect('FROM')
  const name = objectName(cursor)
  if (!isView && cursor.is('(')) parenthesized(cursor, integer)
  return { kind: 'cancelAlter', what: isView ? 'materialized view' : (written ?? 'column'), name }
}

const parseClause = (cursor: Cursor): AlterTableClause => {
  if (cursor.take('ADD')) return parseAdd(cursor)
  if (cursor.take('DROP')) return parseDrop(cursor)
  if (cursor.take('MODIFY')) return parseModify(cursor)
  if (cursor.take('RENAME')) return parseRename(cursor)
  if (cursor.take('ORDER', 'BY')) return { kind: 'orderBy', columns: identifierList(cursor) }
  if (cursor.take('SWAP', 'WITH')) return { kind: 'swap', name: identifier(cursor) }
  if (cursor.take('SET')) return { kind: 'setProperties', properties: propertyList(cursor) }
  if (cursor.is('PARTITION', 'BY')) return readPartitionBy(cursor)
  if (cursor.is('DISTRIBUTED'))
    return { kind: 'distribution', distribution: parseDistribution(cursor), partitions: [] }
  if (cursor.is('PARTITIONS', '(')) {
    cursor.next()
    const partitions = identifierList(cursor)
    return { kind: 'distribution', distribution: parseDistribution(cursor), partitions }
  }
  if (cursor.take('TRUNCATE', 'PARTITION'))
    return { kind: 'truncatePartition', names: partitionNames(cursor) }
  if (['COMPACT', 'BASE', 'CUMULATIVE'].includes(cursor.peek().keyword)) return parseCompact(cursor)
  if (cursor.take('COMMENT')) {
    cursor.take('=')
    return { kind: 'comment', comment: string(cursor) }
  }
  if (cursor.take('REPLACE', 'PARTITION')) {
    const names = partitionNames(cursor)
    cursor.expect('WITH', 'TEMPORARY', 'PARTITION')
    return {
      kind: 'replacePartition',
      names,
      by: partitionNames(cursor),
      properties: optionalProperties(cursor),
    }
  }
  return cursor.fail("'ADD', 'DROP', 'MODIFY', 'RENAME', 'SET'")
}

/** Read whole, so that a syntax error comes before the refusal. */
const readPartitionBy = (cursor: Cursor): AlterTableClause => {
  parsePartitionBy(cursor)
  if (cursor.is('DISTRIBUTED')) parseDistribution(cursor)
  return { kind: 'partitionBy' }
}

const parseCompact = (cursor: Cursor): AlterTableClause => {
  if (!cursor.take('BASE')) cursor.take('CUMULATIVE')
  cursor.expect('COMPACT')
  const { kind, keyword } = cursor.peek()
  const isOver = kind === 'end' || keyword === ';' || keyword === ','
  return { kind: 'compact', names: isOver ? [] : partitionNames(cursor) }
}

const parsePosition = (cursor: Cursor): ColumnPosition | undefined => {
  if (cursor.take('FIRST')) return { kind: 'first' }
  return cursor.take('AFTER') ? { kind: 'after', column: identifier(cursor) } : undefined
}

const parseRollupTarget = (cursor: Cursor): string | undefined =>
  cursor.take('TO') || cursor.take('FROM') ? identifier(cursor) : undefined

const parseAdd = (cursor: Cursor): AlterTableClause => {
  if (cursor.take('ROLLUP')) return { kind: 'addRollup', rollups: [parseRollup(cursor)] }
  if (cursor.is('INDEX')) return { kind: 'addIndex', index: parseIndex(cursor) }
  const temporary = cursor.take('TEMPORARY')
  if (temporary || cursor.is('PARTITION') || cursor.is('PARTITIONS')) {
    cursor.take('PARTITIONS')
    const items = [parsePartitionItem(cursor)]
    const distribution = cursor.is('DISTRIBUTED') ? parseDistribution(cursor) : undefined
    return {
      kind: 'addPartition',
      items,
      temporary,
      distribution,
      properties: optionalProperties(cursor),
    }
  }
  cursor.take('COLUMN')
  const { start } = cursor.peek()
  const columns: readonly ColumnDefinition[] = cursor.is('(')
    ? parenthesized(cursor, parseColumn)
    : [parseColumn(cursor)]
  refuseAutoIncrement(cursor, columns, { start, what: 'ADD' })
  const position = parsePosition(cursor)
  const rollup = parseRollupTarget(cursor)
  if (columns.some((column) => column.generated)) {
    const written = rollup === undefined ? position && 'AFTER' : 'rollupName'
    if (written !== undefined)
      cursor.refuse(`${written} can not be set when ADD GENERATED COLUMN.`, start)
  }
  return { kind: 'addColumns', columns, position, rollup, properties: optionalProperties(cursor) }
}

const parseDrop = (cursor: Cursor): AlterTableClause => {
  if (cursor.take('ROLLUP')) return { kind: 'dropRollup', names: [identifier(cursor)] }
  if (cursor.take('INDEX')) return { kind: 'dropIndex', name: identifier(cursor) }
  const temporary = cursor.take('TEMPORARY')
  if (cursor.take('PARTITION') || cursor.take('PARTITIONS')) {
    const exists = ifExists(cursor)
    const names = partitionNames(cursor)
    return {
      kind: 'dropPartition',
      names,
      ifExists: exists,
      temporary,
      force: cursor.take('FORCE'),
    }
  }
  if (temporary) cursor.fail("'PARTITION'")
  cursor.take('COLUMN')
  const name = identifier(cursor)
  return { kind: 'dropColumn', name, rollup: parseRollupTarget(cursor) }
}

const parseModify = (cursor: Cursor): AlterTableClause => {
  if (cursor.take('COMMENT')) {
    cursor.take('=')
    return { kind: 'comment', comment: string(cursor) }
  }
  if (cursor.take('PARTITION')) {
    const names = cursor.take('(', '*', ')') ? [] : partitionNames(cursor)
    cursor.expect('SET')
    return { kind: 'modifyPartition', names, properties: propertyList(cursor) }
  }
  cursor.take('COLUMN')
  if (cursor.peek(1).keyword === 'COMMENT') {
    const name = identifier(cursor)
    cursor.expect('COMMENT')
    return { kind: 'modifyColumnComment', name, comment: string(cursor) }
  }
  if (cursor.peek(2).keyword === 'FIELD' && ['ADD', 'DROP'].includes(cursor.peek(1).keyword))
    return parseField(cursor)
  const { start } = cursor.peek()
  const column = parseColumn(cursor)
  refuseAutoIncrement(cursor, [column], { start, what: 'MODIFY' })
  const position = parsePosition(cursor)
  const rollup = parseRollupTarget(cursor)
  if (column.generated) {
    const written = rollup === undefined ? position && 'columnPosition' : 'rollupName'
    if (written !== undefined)
      cursor.refuse(`${written} can not be set when MODIFY GENERATED COLUMN.`, start)
  }
  return { kind: 'modifyColumn', column, position, rollup }
}

const refuseAutoIncrement = (
  cursor: Cursor,
  columns: readonly ColumnDefinition[],
  { start, what }: { readonly start: number; readonly what: string },
): void => {
  const name = columns.find((column) => column.autoIncrement)?.name
  if (name !== undefined)
    cursor.refuse(`Column '${name}' can not be AUTO_INCREMENT when ${what} COLUMN.`, start)
}

/** `c ADD FIELD a.[*].b INT AFTER d`, `c DROP FIELD a.b`. */
const parseField = (cursor: Cursor): AlterTableClause => {
  const column = identifier(cursor)
  const adds = cursor.next().keyword === 'ADD'
  cursor.expect('FIELD')
  const names = [fieldName(cursor)]
  while (cursor.take('.')) names.push(fieldName(cursor))
  const path = names.slice(0, -1)
  const name = names.at(-1) ?? ''
  if (!adds) {
    optionalProperties(cursor)
    return { kind: 'dropField', column, path, field: name }
  }
  const field = { name, type: parseType(cursor) }
  const position = parsePosition(cursor)
  optionalProperties(cursor)
  return { kind: 'addField', column, path, field, position }
}

const fieldName = (cursor: Cursor): string =>
  cursor.take('[', '*', ']') ? '[*]' : identifier(cursor)

const parseRename = (cursor: Cursor): AlterTableClause => {
  if (cursor.take('COLUMN')) {
    const from = identifier(cursor)
    cursor.take('TO')
    return { kind: 'renameColumn', from, to: identifier(cursor) }
  }
  if (cursor.is('PARTITION') || cursor.is('ROLLUP')) {
    const kind = cursor.next().keyword === 'PARTITION' ? 'renamePartition' : 'renameRollup'
    const from = identifier(cursor)
    cursor.take('TO')
    return { kind, from, to: identifier(cursor) }
  }
  cursor.take('TO')
  return { kind: 'rename', name: identifier(cursor) }
}

export const parseAlterMaterializedView = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('ALTER', 'MATERIALIZED', 'VIEW')
  const name = objectName(cursor)
  const kind = 'alterMaterializedView'
  if (cursor.take('RENAME'))
    return { kind, name, clause: { kind: 'rename', name: identifier(cursor) } }
  if (cursor.is('REFRESH'))
    return { kind, name, clause: { kind: 'refresh', refresh: parseRefreshScheme(cursor) } }
  if (cursor.take('ACTIVE')) return { kind, name, clause: { kind: 'status', active: true } }
  if (cursor.take('INACTIVE')) return { kind, name, clause: { kind: 'status', active: false } }
  if (cursor.take('SWAP', 'WITH'))
    return { kind, name, clause: { kind: 'swap', name: identifier(cursor) } }
  cursor.expect('SET')
  return { kind, name, clause: { kind: 'setProperties', properties: propertyList(cursor) } }
}
