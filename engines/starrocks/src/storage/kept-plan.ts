/**
 * Plans of queries that a connection is asked again: of a query of few milliseconds planning is a third. A plan leaves out conditions that
 * all rows fulfilled when it was made, so it is used as long as nothing may have been written since; and it keeps memory of its last run,
 * the same each time: about a megabyte, so that there are only a few, and none that keeps more than some.
 */
import type { DuckDBConnection, DuckDBMaterializedResult } from '@duckdb/node-api'
import { isRepeatable } from './repeatable-plan.ts'
import type { WriteCount } from './stream.ts'

/** Of all connections of a database. */
export interface PlanCache {
  /** Those that do not run now; that which ran longest ago first. */
  readonly idle: Set<Plan>
  /** Gives up all of them. */
  clear(): void
}

interface Plan {
  run(): Promise<DuckDBMaterializedResult>
  drop(): void
}

/** A query that was asked, since the last write. */
interface Asked {
  /** How many writes had begun. */
  readonly begun: number
  /** Once it is known. */
  isRepeatable?: boolean
  isMeasured?: boolean
  plan?: Plan | undefined
}

interface KeptPlans {
  /** The rows of a query. */
  run(sql: string): Promise<DuckDBMaterializedResult>
  /** When nothing runs. */
  close(): void
}

const PLANS_MAX = 16
const BYTES_MAX = 4 * 1024 * 1024
/** Of one connection. */
const ASKED_MAX = 16
const LENGTH_MAX = 8_192

export function planCache(): PlanCache {
  const idle = new Set<Plan>()
  return {
    idle,
    clear() {
      for (const plan of idle) plan.drop()
    },
  }
}

/** `isAlone`: not in a transaction, which may have written what others do not see. */
export function keptPlans(
  connection: DuckDBConnection,
  writes: WriteCount,
  cache: PlanCache,
  isAlone: () => boolean,
): KeptPlans {
  const asked = new Map<string, Asked>()
  const planned = async (sql: string, query: Asked): Promise<Plan | undefined> => {
    query.isRepeatable ??= await explained(connection, sql)
    if (!query.isRepeatable) return undefined
    query.plan ??= await madePlan(connection, sql, cache, () => (query.plan = undefined))
    return query.plan
  }
  /** What others take meanwhile counts too; then it is planned each time until the next write. */
  const runFirst = async (query: Asked, plan: Plan): Promise<DuckDBMaterializedResult> => {
    const before = await takenBytes(connection)
    const result = await plan.run()
    query.isMeasured = true
    if ((await takenBytes(connection)) - before <= BYTES_MAX) return result
    query.isRepeatable = false
    query.plan?.drop()
    return result
  }
  const keep = (sql: string, query: Asked) => {
    asked.delete(sql)
    asked.set(sql, query)
    for (const [oldest, { plan }] of asked) {
      if (asked.size <= ASKED_MAX) break
      plan?.drop()
      asked.delete(oldest)
    }
  }
  return {
    async run(sql) {
      const { begun } = writes
      if (writes.running > 0 || !isAlone() || sql.length > LENGTH_MAX) return connection.run(sql)
      const known = asked.get(sql)
      const isSame = known?.begun === begun
      if (known && !isSame) known.plan?.drop()
      keep(sql, isSame ? known : { begun })
      const plan = isSame ? await planned(sql, known) : undefined
      const result = await (known && plan && !known.isMeasured
        ? runFirst(known, plan)
        : plan?.run())
      return result && writes.begun === begun ? result : connection.run(sql)
    },
    close() {
      for (const { plan } of asked.values()) plan?.drop()
    },
  }
}

async function takenBytes(connection: DuckDBConnection): Promise<number> {
  const result = await connection.run(
    `SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag IN ('ALLOCATOR', 'HASH_TABLE', 'COLUMN_DATA', 'ORDER_BY')`,
  )
  const [row] = await result.getRows()
  return Number(row?.[0])
}

async function explained(connection: DuckDBConnection, sql: string): Promise<boolean> {
  const result = await connection.run(`EXPLAIN (FORMAT json) ${sql}`)
  const [row] = await result.getRows()
  return isRepeatable(String(row?.at(-1)))
}

async function madePlan(
  connection: DuckDBConnection,
  sql: string,
  { idle }: PlanCache,
  onDrop: () => void,
): Promise<Plan> {
  const statement = await connection.prepare(sql)
  const plan: Plan = {
    async run() {
      idle.delete(plan)
      try {
        const result = await statement.run()
        rest()
        return result
      } catch (error) {
        plan.drop()
        throw error
      }
    },
    drop() {
      idle.delete(plan)
      statement.destroySync()
      onDrop()
    },
  }
  const rest = () => {
    for (const oldest of idle) {
      if (idle.size < PLANS_MAX) break
      oldest.drop()
    }
    idle.add(plan)
  }
  return plan
}
