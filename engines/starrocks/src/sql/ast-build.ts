/** Parts of a syntax tree that the engine makes itself, in place of a parser. */
import type { Expression, FromItem, FunctionCall, GroupBy, Query, SelectItem } from './ast.ts'

export interface SelectParts {
  readonly with?: Query['with']
  readonly items: readonly SelectItem[]
  readonly from: FromItem
  readonly where?: Expression | undefined
  readonly groupBy?: GroupBy | undefined
}

/** SELECT items FROM … [WHERE …] [GROUP BY …]. */
export function selectQuery({
  with: common = [],
  items,
  from,
  where,
  groupBy,
}: SelectParts): Query {
  return {
    kind: 'query',
    with: common,
    orderBy: [],
    limit: undefined,
    offset: undefined,
    body: {
      kind: 'select',
      distinct: false,
      items,
      from,
      where,
      groupBy,
      having: undefined,
      qualify: undefined,
    },
  }
}

/** Without a name of its own. */
export function plainItem(expression: Expression): SelectItem {
  return { kind: 'expression', expression, alias: undefined }
}

export function callOf(name: string, args: readonly Expression[]): FunctionCall {
  return {
    kind: 'call',
    name,
    args,
    distinct: false,
    star: false,
    orderBy: [],
    separator: undefined,
    ignoreNulls: false,
    over: undefined,
    at: 0,
  }
}

const literals: ReadonlySet<Expression['kind']> = new Set([
  'null',
  'boolean',
  'integer',
  'decimal',
  'double',
  'string',
  'temporal',
])

/** A value as it is written, but for bytes. */
export const isLiteral = ({ kind }: Expression): boolean => literals.has(kind)
