/** Queries and relations as text. */
import type {
  Expression,
  GroupBy,
  Property,
  Query,
  QueryBody,
  FromItem,
  Select,
  SelectItem,
} from '../ast.ts'
import { expressionText, orderText, printString } from './expression.ts'
import type { Printer } from './expression.ts'

export const queryText = (query: Query, printer: Printer): string => {
  const commonTables = query.with.map((table) => {
    const columns =
      table.columns.length === 0 ? '' : ` (${table.columns.map(printer.name).join(', ')})`
    return `${printer.name(table.name)}${columns} AS (${queryText(table.query, printer)})`
  })
  return [
    commonTables.length === 0 ? '' : `WITH ${commonTables.join(', ')}`,
    bodyText(query.body, printer, (select) => selectText(select, printer)),
    query.orderBy.length === 0 ? '' : `ORDER BY ${orderText(query.orderBy, printer)}`,
    limitText(query, printer),
  ]
    .filter((part) => part !== '')
    .join(' ')
}

const limitText = (query: Query, printer: Printer): string => {
  if (query.limit === undefined) return ''
  const limit = `LIMIT ${expressionText(query.limit, printer)}`
  // `LIMIT offset, limit` keeps parameters in the order they were counted.
  if (
    query.offset?.kind === 'parameter' &&
    query.limit.kind === 'parameter' &&
    query.offset.index < query.limit.index
  )
    return 'LIMIT ?, ?'
  return query.offset === undefined
    ? limit
    : `${limit} OFFSET ${expressionText(query.offset, printer)}`
}

export const bodyText = (
  body: QueryBody,
  printer: Printer,
  selected: (select: Select) => string,
): string => {
  switch (body.kind) {
    case 'query':
      return `(${printer.query(body)})`
    case 'select':
      return selected(body)
    case 'values':
      return `VALUES ${body.rows.map((row) => `(${expressions(row, printer)})`).join(', ')}`
    case 'setOperation':
      return `${bodyText(body.left, printer, selected)} ${body.operator.toUpperCase()}${body.all ? ' ALL' : ''} ${bodyText(body.right, printer, selected)}`
  }
}

const expressions = (items: readonly Expression[], printer: Printer): string =>
  items.map((item) => expressionText(item, printer)).join(', ')

const selectText = (select: Select, printer: Printer): string => {
  const clause = (word: string, expression: Expression | undefined): string =>
    expression === undefined ? '' : `${word} ${expressionText(expression, printer)}`
  return [
    'SELECT',
    select.distinct ? 'DISTINCT' : '',
    select.items.map((item) => itemText(item, printer)).join(', '),
    select.from === undefined ? '' : `FROM ${relationText(select.from, printer)}`,
    clause('WHERE', select.where),
    select.groupBy === undefined ? '' : `GROUP BY ${groupText(select.groupBy, printer)}`,
    clause('HAVING', select.having),
    clause('QUALIFY', select.qualify),
  ]
    .filter((part) => part !== '')
    .join(' ')
}

const itemText = (item: SelectItem, printer: Printer): string => {
  if (item.kind === 'expression') {
    const text = expressionText(item.expression, printer)
    return item.alias === undefined ? text : `${text} AS ${printer.name(item.alias)}`
  }
  const except =
    item.except.length === 0 ? '' : ` EXCEPT (${item.except.map(printer.name).join(', ')})`
  return `${item.qualifier.map((part) => `${printer.name(part)}.`).join('')}*${except}`
}

export const groupText = (groupBy: GroupBy, printer: Printer): string => {
  switch (groupBy.kind) {
    case 'plain':
      return expressions(groupBy.items, printer)
    case 'rollup':
    case 'cube':
      return `${groupBy.kind.toUpperCase()} (${expressions(groupBy.items, printer)})`
    case 'sets':
      return `GROUPING SETS (${groupBy.sets.map((set) => `(${expressions(set, printer)})`).join(', ')})`
  }
}

export const aliasText = (
  alias: string | undefined,
  columns: readonly string[],
  printer: Printer,
): string => {
  if (alias === undefined) return ''
  return ` AS ${printer.name(alias)}${columns.length === 0 ? '' : ` (${columns.map(printer.name).join(', ')})`}`
}

const propertiesText = (properties: readonly Property[]): string =>
  properties.map(({ name, value }) => `${printString(name)} = ${printString(value)}`).join(', ')

export const relationText = (relation: FromItem, printer: Printer): string => {
  switch (relation.kind) {
    case 'table': {
      const partitions =
        relation.partitions.length === 0
          ? ''
          : `${relation.temporary ? ' TEMPORARY' : ''} PARTITION (${relation.partitions.map(printer.name).join(', ')})`
      return `${relation.name.parts.map(printer.name).join('.')}${partitions}${aliasText(relation.alias, relation.columns, printer)}${relation.rollup ? ' [_SYNC_MV_]' : ''}`
    }
    case 'derived':
      return `(${queryText(relation.query, printer)})${aliasText(relation.alias, relation.columns, printer)}`
    case 'tableFunction': {
      const args =
        relation.properties.length > 0
          ? propertiesText(relation.properties)
          : expressions(relation.args, printer)
      const call = `${relation.name}(${args})`
      return `${relation.table ? `TABLE(${call})` : call}${aliasText(relation.alias, relation.columns, printer)}`
    }
    case 'join':
      return joinText(relation, printer)
    case 'pivot':
      return pivotText(relation, printer)
  }
}

const pivotText = (
  { source, aggregates, columns, values }: Extract<FromItem, { kind: 'pivot' }>,
  printer: Printer,
): string => {
  const named = (text: string, alias: string | undefined) =>
    alias === undefined ? text : `${text} AS ${printer.name(alias)}`
  const measures = aggregates.map(({ call, alias }) => named(expressionText(call, printer), alias))
  const listed = values.map(({ literals, alias }) => {
    const text = expressions(literals, printer)
    return named(literals.length === 1 ? text : `(${text})`, alias)
  })
  const names = columns.map(printer.name).join(', ')
  return `${relationText(source, printer)} PIVOT (${measures.join(', ')} FOR ${columns.length === 1 ? names : `(${names})`} IN (${listed.join(', ')}))`
}

const joinText = (join: Extract<FromItem, { kind: 'join' }>, printer: Printer): string => {
  const right = relationText(join.right, printer)
  const on = join.on === undefined ? '' : ` ON ${expressionText(join.on, printer)}`
  const using = join.using.length === 0 ? '' : ` USING (${join.using.map(printer.name).join(', ')})`
  const operand = join.right.kind === 'join' ? `(${right})` : right
  return `${relationText(join.left, printer)} ${join.type.toUpperCase()} JOIN ${operand}${on}${using}`
}
