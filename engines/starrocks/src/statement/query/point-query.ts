/**
 * A query for the row of one key of a PRIMARY or UNIQUE KEY table. What binding finds of its form is kept for as long as the catalog is
 * what it is; whether the session may read the table, and whether its rows can be had, is asked each time.
 */
import { demand, relationTarget } from '../../catalog/authority.ts'
import type { Catalog, Relation, TableEntry } from '../../catalog/catalog.ts'
import type { Execution } from '../../execution/execution.ts'
import { demandRows } from '../../execution/storage-volume.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import { SqlError } from '../../session.ts'
import type { Column, Result } from '../../session.ts'
import type { Query } from '../../sql/ast.ts'
import type { Point } from '../../sql/point-form.ts'
import type { Scope } from '../../sql/scope.ts'
import { translatePoint } from '../../sql/translate.ts'
import type { PointSql } from '../../sql/translate.ts'
import { placeholder } from '../../storage/parameter-literal.ts'
import { columnOf } from '../../storage/wire-value.ts'

interface PointPlan {
  readonly sql: PointSql
  readonly table: TableEntry
  readonly columns: readonly Column[]
}

/** Of one form; those of other databases are forgotten first. */
const DATABASES_MAX = 16

/** A catalog never changes; by form, then by the database that names without one mean. */
const plans = new WeakMap<Catalog, WeakMap<Query, Map<string, PointPlan | undefined>>>()

/** Undefined: it is to be read as any other. */
export async function pointResult(execution: Execution, point: Point): Promise<Result | undefined> {
  const { engine, state, group, overrides, transaction, guard } = execution
  const { current } = engine.store
  const isPlain = !group && overrides.size === 0 && !transaction.open && !state.catalog
  if (!isPlain || state.temporarySession !== undefined) return undefined
  const plan = planOf(execution, point.form)
  if (!plan) return undefined
  demand(current, state.authority, ['SELECT'], relationTarget(plan.table))
  demandRows(execution, plan.table)
  const rows = await engine.points.read(plan.sql, point.key, guard)
  if (!rows) return undefined
  guard.check()
  return { kind: 'rows', columns: plan.columns, chunks: rows.length > 0 ? [rows] : [] }
}

function planOf(execution: Execution, form: Query): PointPlan | undefined {
  const { engine, state } = execution
  const { current } = engine.store
  const forms = plans.get(current) ?? new WeakMap<Query, Map<string, PointPlan | undefined>>()
  plans.set(current, forms)
  const known = forms.get(form) ?? new Map<string, PointPlan | undefined>()
  forms.set(form, known)
  const database = state.database ?? ''
  if (known.has(database)) return known.get(database)
  const plan = boundPlan(execution, form)
  if (known.size >= DATABASES_MAX) known.clear()
  known.set(database, plan)
  return plan
}

function boundPlan(execution: Execution, form: Query): PointPlan | undefined {
  const relations: Relation[] = []
  const scope = scopeOf(
    { ...execution, parameters: [placeholder('number')] },
    { trusted: true, onRelation: (relation) => relations.push(relation) },
  )
  const sql = translated(form, scope)
  const [table, more] = relations
  if (!sql || more || table?.kind !== 'table' || !isKey(table, form)) return undefined
  const { kind } = sql.columns.at(-1)?.type ?? {}
  if (kind !== 'int' && kind !== 'bigint' && kind !== 'largeint') return undefined
  return { sql, table, columns: sql.columns.slice(0, -1).map(columnOf) }
}

/** What is refused is refused where the statement itself is bound. */
function translated(form: Query, scope: Scope): PointSql | undefined {
  try {
    return translatePoint(form, scope)
  } catch (error) {
    if (error instanceof SqlError) return undefined
    throw error
  }
}

/** So that there is one row at most. */
function isKey({ model, keys }: TableEntry, { body }: Query): boolean {
  const where = body.kind === 'select' ? body.where : undefined
  const column = where?.kind === 'binary' && where.left.kind === 'column' ? where.left : undefined
  const isUnique = (model === 'primary' || model === 'unique') && keys.length === 1
  return isUnique && keys[0]?.toLowerCase() === column?.path.at(-1)?.toLowerCase()
}
