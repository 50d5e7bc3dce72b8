/**
 * Joins whose ON asks a query, which DuckDB plans for inner joins only: the other side becomes what there is of it for each row. StarRocks
 * plans them all but FULL.
 */
import type { Expression, JoinType } from '../ast.ts'
import { unsupported } from '../sql-error.ts'
import type { Binding, Environment } from './environment.ts'
import { holds } from './walk.ts'

interface Side {
  readonly sql: string
  readonly bindings: readonly Binding[]
}

export interface QueryJoin {
  readonly type: JoinType
  readonly left: Side
  readonly right: Side
  readonly on: string
}

export const asksQuery = (on: Expression): boolean =>
  holds(on, ({ kind }) => kind === 'subquery' || kind === 'exists' || kind === 'inQuery')

/** Undefined for a join that DuckDB takes as it is. */
export const queryJoin = (
  { type, left, right, on }: QueryJoin,
  environment: Environment,
): Side | undefined => {
  switch (type) {
    case 'inner':
    case 'cross':
      return undefined
    case 'left': {
      const [sql, found] = outer(left, right, on, environment)
      return { sql, bindings: [...left.bindings, ...found] }
    }
    case 'right': {
      const [sql, found] = outer(right, left, on, environment)
      return { sql, bindings: [...found, ...right.bindings] }
    }
    case 'full':
      throw unsupported('A subquery in ON of a FULL JOIN')
    case 'left semi':
    case 'left anti':
      return filtered(
        left,
        `${type === 'left semi' ? '' : 'NOT '}${exists(right, on)}`,
        environment,
      )
    case 'right semi':
    case 'right anti':
      return filtered(
        right,
        `${type === 'right semi' ? '' : 'NOT '}${exists(left, on)}`,
        environment,
      )
  }
}

/** Every row of one side, each with those rows of the other side for which ON holds. */
const outer = (
  kept: Side,
  other: Side,
  on: string,
  environment: Environment,
): readonly [sql: string, found: readonly Binding[]] => {
  const { items, alias, bindings } = numbered(other, environment)
  const rows = `LATERAL (SELECT ${items} FROM ${other.sql} WHERE ${on}) AS ${alias}`
  return [`${kept.sql} LEFT JOIN ${rows} ON true`, bindings]
}

const exists = (side: Side, on: string): string => `EXISTS (SELECT 1 FROM ${side.sql} WHERE ${on})`

const filtered = (kept: Side, test: string, environment: Environment): Side => {
  const { items, alias, bindings } = numbered(kept, environment)
  return { sql: `(SELECT ${items} FROM ${kept.sql} WHERE ${test}) AS ${alias}`, bindings }
}

/** All columns of a side under one alias, by number: those of its relations may share their names. */
const numbered = (side: Side, environment: Environment) => {
  const alias = environment.context.fresh('r')
  const columns = side.bindings.flatMap((binding) => binding.columns)
  const names = new Map(columns.map((column, at) => [column, `c${at + 1}`]))
  return {
    alias,
    items: columns.map((column) => `${column.sql} AS ${names.get(column) ?? ''}`).join(', '),
    bindings: side.bindings.map((binding) => ({
      ...binding,
      columns: binding.columns.map((column) => ({
        ...column,
        sql: `${alias}.${names.get(column) ?? ''}`,
      })),
    })),
  }
}
