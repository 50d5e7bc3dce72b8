/** Queries and relations as text. */
import type {
  Expression,
  GroupBy,
  Property,
  Query,
  QueryBody,
  Relation,
  Select,
  SelectItem,
} from '../ast.ts'
import { expressionText, orderText, printString } from './expression.ts'
import type { QuoteName } from './expression.ts'

export const queryText = (query: Query, quote: QuoteName): string => {
  const commonTables = query.with.map((table) => {
    const columns = table.columns.length === 0 ? '' : ` (${table.columns.map(quote).join(', ')})`
    return `${quote(table.name)}${columns} AS (${queryText(table.query, quote)})`
  })
  return [
    commonTables.length === 0 ? '' : `WITH ${commonTables.join(', ')}`,
    bodyText(query.body, quote),
    query.orderBy.length === 0 ? '' : `ORDER BY ${orderText(query.orderBy, quote)}`,
    limitText(query, quote),
  ]
    .filter((part) => part !== '')
    .join(' ')
}

const limitText = (query: Query, quote: QuoteName): string => {
  if (query.limit === undefined) return ''
  const limit = `LIMIT ${expressionText(query.limit, quote)}`
  // `LIMIT offset, limit` keeps parameters in the order they were counted.
  if (
    query.offset?.kind === 'parameter' &&
    query.limit.kind === 'parameter' &&
    query.offset.index < query.limit.index
  )
    return 'LIMIT ?, ?'
  return query.offset === undefined
    ? limit
    : `${limit} OFFSET ${expressionText(query.offset, quote)}`
}

const bodyText = (body: QueryBody, quote: QuoteName): string => {
  switch (body.kind) {
    case 'query':
      return `(${queryText(body, quote)})`
    case 'select':
      return selectText(body, quote)
    case 'values':
      return `VALUES ${body.rows.map((row) => `(${expressions(row, quote)})`).join(', ')}`
    case 'setOperation':
      return `${bodyText(body.left, quote)} ${body.operator.toUpperCase()}${body.all ? ' ALL' : ''} ${bodyText(body.right, quote)}`
  }
}

const expressions = (items: readonly Expression[], quote: QuoteName): string =>
  items.map((item) => expressionText(item, quote)).join(', ')

const selectText = (select: Select, quote: QuoteName): string => {
  const clause = (word: string, expression: Expression | undefined): string =>
    expression === undefined ? '' : `${word} ${expressionText(expression, quote)}`
  const hints = select.setVariables.map(
    ({ name, value }) => `${name} = ${expressionText(value, quote)}`,
  )
  return [
    'SELECT',
    hints.length === 0 ? '' : `/*+ SET_VAR(${hints.join(', ')}) */`,
    select.distinct ? 'DISTINCT' : '',
    select.items.map((item) => itemText(item, quote)).join(', '),
    select.from === undefined ? '' : `FROM ${relationText(select.from, quote)}`,
    clause('WHERE', select.where),
    select.groupBy === undefined ? '' : `GROUP BY ${groupText(select.groupBy, quote)}`,
    clause('HAVING', select.having),
    clause('QUALIFY', select.qualify),
  ]
    .filter((part) => part !== '')
    .join(' ')
}

const itemText = (item: SelectItem, quote: QuoteName): string => {
  if (item.kind === 'expression') {
    const text = expressionText(item.expression, quote)
    return item.alias === undefined ? text : `${text} AS ${quote(item.alias)}`
  }
  const except = item.except.length === 0 ? '' : ` EXCEPT (${item.except.map(quote).join(', ')})`
  return `${item.qualifier.map((part) => `${quote(part)}.`).join('')}*${except}`
}

const groupText = (groupBy: GroupBy, quote: QuoteName): string => {
  switch (groupBy.kind) {
    case 'plain':
      return expressions(groupBy.items, quote)
    case 'rollup':
    case 'cube':
      return `${groupBy.kind.toUpperCase()} (${expressions(groupBy.items, quote)})`
    case 'sets':
      return `GROUPING SETS (${groupBy.sets.map((set) => `(${expressions(set, quote)})`).join(', ')})`
  }
}

const aliasText = (
  alias: string | undefined,
  columns: readonly string[],
  quote: QuoteName,
): string => {
  if (alias === undefined) return ''
  return ` AS ${quote(alias)}${columns.length === 0 ? '' : ` (${columns.map(quote).join(', ')})`}`
}

const propertiesText = (properties: readonly Property[]): string =>
  properties.map(({ name, value }) => `${printString(name)} = ${printString(value)}`).join(', ')

export const relationText = (relation: Relation, quote: QuoteName): string => {
  switch (relation.kind) {
    case 'table': {
      const partitions =
        relation.partitions.length === 0
          ? ''
          : ` PARTITION (${relation.partitions.map(quote).join(', ')})`
      return `${relation.name.parts.map(quote).join('.')}${partitions}${aliasText(relation.alias, relation.columns, quote)}`
    }
    case 'derived':
      return `(${queryText(relation.query, quote)})${aliasText(relation.alias, relation.columns, quote)}`
    case 'tableFunction': {
      const args =
        relation.properties.length > 0
          ? propertiesText(relation.properties)
          : expressions(relation.args, quote)
      return `${relation.name}(${args})${aliasText(relation.alias, relation.columns, quote)}`
    }
    case 'join':
      return joinText(relation, quote)
  }
}

const joinText = (join: Extract<Relation, { kind: 'join' }>, quote: QuoteName): string => {
  const right = relationText(join.right, quote)
  const on = join.on === undefined ? '' : ` ON ${expressionText(join.on, quote)}`
  const using = join.using.length === 0 ? '' : ` USING (${join.using.map(quote).join(', ')})`
  const operand = join.right.kind === 'join' ? `(${right})` : right
  return `${relationText(join.left, quote)} ${join.type.toUpperCase()} JOIN ${operand}${on}${using}`
}
