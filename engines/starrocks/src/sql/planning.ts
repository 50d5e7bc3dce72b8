/**
 * What a statement costs DuckDB's planner, estimated before it is asked: nothing can stop it while it plans. Measured with 1.5.5, whose
 * filter pushdown visits what lies below an aggregate, a window or a scalar subquery more than once, level upon level, which compares
 * all with all that conditions say to be equal, and whose ordering of joins takes time that grows with the fifth power of their number.
 */
import { analyzingError } from './sql-error.ts'

/** Of one statement, the views that it reads included. */
export interface Planning {
  /** Tables and views that were read so far. */
  relations: number
  /** What the SELECT that is read now joins: tables, derived tables, subqueries of its conditions. */
  joined: number
  /** What its conditions say to be equal, each with all that equals it. */
  equal: Map<string, ReadonlySet<string>>
  /** Whether it has aggregates or windows. */
  repeats: boolean
  /** Estimated: about 20 µs each. */
  work: number
  /** What sleep() asks for. */
  seconds: number
  /** Columns that relations and stars have brought so far, */
  columns: number
  /** and how many they may. */
  columnsMax: number
}

/** About a second. */
const WORK_MAX = 60_000
/** A SELECT that joins as many costs as much as this, however little is equal. */
const JOINED = 50
const JOINED_WORK = 4_000
/** For the cube of how many are equal; an expression costs more than a column. */
const EQUAL_WORK = { column: 0.03, expression: 0.1 }
/** Of what is equal within one relation, which joins nothing. */
const WITHIN_ONE = 0.22
/** For each value of a list that something is sought in: of one list StarRocks bounds them, of all together nothing else does. */
const MEMBER_WORK = 1.2
/** How often what lies below is visited. */
const AGGREGATE_VISITS = 2
const SUBQUERY_VISITS = 1.6

export const newPlanning = (): Planning => ({
  relations: 0,
  joined: 0,
  equal: new Map(),
  repeats: false,
  work: 0,
  seconds: 0,
  columns: 0,
  columnsMax: Number.POSITIVE_INFINITY,
})

class TooWide extends Error {}

/** Columns are bound one by one: a short text can name thousands, again and again. */
export const addBoundColumns = (planning: Planning, count: number): void => {
  planning.columns += count
  if (planning.columns > planning.columnsMax) throw new TooWide('binding is given up')
}

/** Ten milliseconds' worth. */
const COLUMNS_MAX = 10_000

/** Undefined, and as if nothing had been read, where `read` brings more columns than others would wait for. */
export const unlessWide = <T>(planning: Planning, read: () => T): T | undefined => {
  const before = { ...planning }
  planning.columnsMax = planning.columns + COLUMNS_MAX
  try {
    return read()
  } catch (error) {
    if (!(error instanceof TooWide)) throw error
    Object.assign(planning, before)
    return undefined
  } finally {
    planning.columnsMax = before.columnsMax
  }
}

/** Reads one SELECT. */
export const planSelect = <T>(planning: Planning, read: () => T): T => {
  const { joined, equal, repeats, work } = planning
  Object.assign(planning, { joined: 0, equal: new Map(), repeats: false, work: 0 })
  const result = read()
  const own = 1 + JOINED_WORK * (planning.joined / JOINED) ** 5 + planning.work
  const visits = planning.repeats ? AGGREGATE_VISITS : 1
  Object.assign(planning, { joined, equal, repeats, work })
  addWork(planning, own * visits)
  return result
}

/** Reads a subquery that stands for a value. */
export const planSubquery = <T>(planning: Planning, read: () => T): T => {
  const before = planning.work
  const result = read()
  addWork(planning, (SUBQUERY_VISITS - 1) * (planning.work - before))
  return result
}

/** Throws SqlError when it becomes too much. */
export const addWork = (planning: Planning, work: number): void => {
  planning.work += work
  if (planning.work > WORK_MAX)
    throw analyzingError(
      'The query nests, joins or lists so much that it cannot be planned in seconds.',
    )
}

/** A condition of the SELECT that is read now seeks something among so many values. */
export const addMembers = (planning: Planning, count: number): void =>
  addWork(planning, MEMBER_WORK * count)

/** A condition of the SELECT that is read now says that two expressions are equal. */
export const addEquality = (
  planning: Planning,
  [left, right]: readonly [string, string],
  kind: keyof typeof EQUAL_WORK,
): void => {
  const sets = [left, right].map((each) => planning.equal.get(each) ?? new Set([each]))
  const union = new Set(sets.flatMap((each) => [...each]))
  for (const each of union) planning.equal.set(each, union)
  const before = Math.max(...sets.map((each) => each.size))
  const relations = Math.sqrt(Math.max(0, planning.joined - 1)) + WITHIN_ONE
  addWork(planning, EQUAL_WORK[kind] * relations * (union.size ** 3 - before ** 3))
}
