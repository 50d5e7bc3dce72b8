/**
 * The query of a view as StarRocks keeps and shows it: every name in full, `*` spelled out, a line for each clause. What StarRocks' own text
 * says otherwise than the query (USING, joins inside joins, `||`) is written as print/query.ts does.
 * reference: StarRocks 3.3.7, AstToSQLBuilder.toSQL and buildSimple
 */
import type { Expression, FromItem, JoinType, Query, Select, SelectItem } from '../ast.ts'
import type { ColumnMeaning, NameMeanings } from '../name-meaning.ts'
import { printExpression } from '../print.ts'
import { expressionText, inBackticks as name, orderText } from './expression.ts'
import type { Printer } from './expression.ts'
import { aliasText, bodyText, groupText, relationText } from './query.ts'

/** Of a materialized view whose tables are of one database StarRocks names columns by their tables alone. */
export const definitionText = (
  query: Query,
  meanings: NameMeanings,
  of: 'view' | 'materialized view',
): string => {
  const databases = [...meanings.tables.values()].map((path) => path.slice(0, -1).join('.'))
  const isShort = of === 'materialized view' && new Set(databases).size === 1
  const columnText = ({ relation, path }: ColumnMeaning): string =>
    [...(isShort ? relation.slice(-1) : relation), ...path].map(name).join('.')
  const printer: DefinitionPrinter = {
    full: true,
    name,
    query: (inner) => queryText(inner, printer),
    column(reference) {
      const meaning = meanings.columns.get(reference)
      return meaning && columnText(meaning)
    },
    table: (item) => meanings.tables.get(item)?.map(name).join('.'),
    star: (item) => meanings.stars.get(item)?.map(columnText),
  }
  return queryText(query, printer)
}

interface DefinitionPrinter extends Printer {
  readonly table: (item: FromItem) => string | undefined
  readonly star: (item: SelectItem) => readonly string[] | undefined
}

const queryText = (query: Query, printer: DefinitionPrinter): string => {
  const commonTables = query.with.map((table) => {
    const columns = table.columns.length === 0 ? '' : ` (${table.columns.map(name).join(', ')})`
    return `${name(table.name)}${columns} AS (${queryText(table.query, printer)}) `
  })
  const order = query.orderBy.length === 0 ? '' : ` ORDER BY ${orderText(query.orderBy, printer)} `
  return `${commonTables.length === 0 ? '' : `WITH ${commonTables.join(', ')}`}${bodyText(query.body, printer, (select) => selectText(select, printer))}${order}${limitText(query, printer)}`
}

const limitText = ({ limit, offset }: Query, printer: Printer): string => {
  if (limit === undefined) return ''
  const start = offset === undefined ? '' : `${expressionText(offset, printer)}, `
  return ` LIMIT ${start}${expressionText(limit, printer)}`
}

const selectText = (select: Select, printer: DefinitionPrinter): string => {
  const clause = (word: string, expression: Expression | undefined): string =>
    expression === undefined ? '' : `\n${word} ${expressionText(expression, printer)}`
  return [
    `SELECT ${select.distinct ? 'DISTINCT ' : ''}`,
    select.items.flatMap((item) => itemTexts(item, printer)).join(', '),
    select.from === undefined ? '' : `\nFROM ${fromText(select.from, printer)}`,
    clause('WHERE', select.where),
    select.groupBy === undefined ? '' : `\nGROUP BY ${groupText(select.groupBy, printer)}`,
    clause('HAVING', select.having),
    clause('QUALIFY', select.qualify),
  ].join('')
}

const itemTexts = (item: SelectItem, printer: DefinitionPrinter): readonly string[] => {
  if (item.kind === 'star') return printer.star(item) ?? []
  const { expression, alias } = item
  const text = expressionText(expression, printer)
  if (expression.kind !== 'column')
    return [`${text} AS ${name(alias ?? printExpression(expression))}`]
  const isOwn = (alias ?? '').toLowerCase() === expression.path.at(-1)?.toLowerCase()
  return [alias === undefined || isOwn ? text : `${text} AS ${name(alias)}`]
}

const joinWords: Readonly<Record<JoinType, string>> = {
  inner: 'INNER JOIN',
  cross: 'CROSS JOIN',
  left: 'LEFT OUTER JOIN',
  right: 'RIGHT OUTER JOIN',
  full: 'FULL OUTER JOIN',
  'left semi': 'LEFT SEMI JOIN',
  'right semi': 'RIGHT SEMI JOIN',
  'left anti': 'LEFT ANTI JOIN',
  'right anti': 'RIGHT ANTI JOIN',
}

const fromText = (item: FromItem, printer: DefinitionPrinter): string => {
  switch (item.kind) {
    case 'table': {
      const full = printer.table(item)
      return full === undefined ? relationText(item, printer) : tableText(item, full, printer)
    }
    case 'derived': {
      const columns = item.columns.length === 0 ? '' : `(${item.columns.map(name).join(',')})`
      return `(${queryText(item.query, printer)})${item.alias === undefined ? '' : ` ${name(item.alias)}${columns}`}`
    }
    case 'join': {
      const right = fromText(item.right, printer)
      const using = item.using.length === 0 ? '' : `USING (${item.using.map(name).join(', ')})`
      const on = item.on === undefined ? using : `ON ${expressionText(item.on, printer)}`
      return `${fromText(item.left, printer)} ${joinWords[item.type]} ${item.right.kind === 'join' ? `(${right})` : right} ${on}`
    }
    case 'tableFunction':
    case 'pivot':
      return relationText(item, printer)
  }
}

const tableText = (
  item: Extract<FromItem, { kind: 'table' }>,
  full: string,
  printer: Printer,
): string => {
  const partitions =
    item.partitions.length === 0
      ? ''
      : `${item.temporary ? ' TEMPORARY' : ''} PARTITION(${item.partitions.map(name).join(',')})`
  return `${full}${partitions}${aliasText(item.alias, item.columns, printer)}${item.rollup ? ' [_SYNC_MV_]' : ''}`
}
