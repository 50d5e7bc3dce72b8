/**
 * Joins whose ON asks a query, which DuckDB plans for inner joins only: the other side becomes what there is of it for each row. StarRocks
 * plans them all but FULL.
 */
import type { Expression, JoinType } from '../ast.ts'
import type { Bound, BoundFrom, BoundQuery } from '../bound.ts'
import { callNode, constant, outputOf } from '../bound.ts'
import { unsupported } from '../sql-error.ts'
import { simpleType } from '../type.ts'
import type { Binding, BoundRelation, Environment } from './environment.ts'
import { holds } from './walk.ts'

const boolean = simpleType('boolean')

export interface QueryJoin {
  readonly type: JoinType
  readonly left: BoundRelation
  readonly right: BoundRelation
  readonly on: Bound
}

export const asksQuery = (on: Expression): boolean =>
  holds(on, ({ kind }) => kind === 'subquery' || kind === 'exists' || kind === 'inQuery')

/** Undefined for a join that DuckDB takes as it is. */
export const queryJoin = (
  { type, left, right, on }: QueryJoin,
  environment: Environment,
): BoundRelation | undefined => {
  switch (type) {
    case 'inner':
    case 'cross':
      return undefined
    case 'left': {
      const [from, found] = outer(left, right, on, environment)
      return { from, bindings: [...left.bindings, ...found] }
    }
    case 'right': {
      const [from, found] = outer(right, left, on, environment)
      return { from, bindings: [...found, ...right.bindings] }
    }
    case 'full':
      throw unsupported('A subquery in ON of a FULL JOIN')
    case 'left semi':
      return numbered(left, exists(right, on), environment)
    case 'left anti':
      return numbered(left, missing(right, on), environment)
    case 'right semi':
      return numbered(right, exists(left, on), environment)
    case 'right anti':
      return numbered(right, missing(left, on), environment)
  }
}

/** Every row of one side, each with those rows of the other side for which ON holds. */
const outer = (
  kept: BoundRelation,
  other: BoundRelation,
  on: Bound,
  environment: Environment,
): readonly [from: BoundFrom, found: readonly Binding[]] => {
  const { from, bindings } = numbered(other, on, environment)
  const join: BoundFrom = {
    kind: 'join',
    words: 'LEFT JOIN',
    left: kept.from,
    right: { ...from, lateral: true },
    nested: false,
    on: constant('true', boolean),
  }
  return [join, bindings]
}

const exists = ({ from }: BoundRelation, where: Bound): Bound => ({
  kind: 'exists',
  type: boolean,
  query: { kind: 'projection', columns: [], values: [], from, where },
})

const missing = (side: BoundRelation, on: Bound): Bound =>
  callNode(boolean, [exists(side, on)], ([x = '']) => `NOT ${x}`)

/** All columns of a side under one alias, by number: those of its relations may share their names. */
const numbered = (
  side: BoundRelation,
  where: Bound,
  environment: Environment,
): BoundRelation & { readonly from: Extract<BoundFrom, { kind: 'derived' }> } => {
  const alias = environment.context.fresh('r')
  const columns = side.bindings.flatMap((binding) => binding.columns)
  const places = new Map(columns.map((column, index) => [column, index]))
  const query: BoundQuery = {
    kind: 'projection',
    columns: [],
    values: columns.map(({ value }) => value),
    from: side.from,
    where,
  }
  const bindings = side.bindings.map((binding) => ({
    ...binding,
    columns: binding.columns.map((column) => ({
      ...column,
      value: outputOf(alias, places.get(column) ?? 0, column.value.type),
      originNotNull: false,
    })),
  }))
  return { from: { kind: 'derived', query, alias }, bindings }
}
