/**
 * `GET /api/{db}/{table}/_schema`, `/api/default_catalog/{db}/{table}/_schema`; and `/api/{db}/{table}/_query_plan`, by which connectors find the
 * tablets that they then read from the back ends: it is refused by name. reference: StarRocks 3.3.7, TableSchemaAction, TableQueryPlanAction.
 */
import type { LoadSink } from '../load-sink.ts'
import { SqlError } from '../session.ts'
import type { UserIdentity } from '../session.ts'
import { isDenied } from './access.ts'
import type { Answer } from './exchange.ts'
import { messageOf } from './load-answer.ts'

export interface SchemaTarget {
  readonly database: string
  readonly table: string
}

const SCHEMA = /^\/api\/(?:default_catalog\/)?([^/]*)\/([^/]*)\/_schema$/
const QUERY_PLAN = /^\/api\/([^/]*)\/([^/]*)\/_query_plan$/

export const schemaTarget = (path: string): SchemaTarget | undefined => targetIn(SCHEMA, path)
export const planTarget = (path: string): SchemaTarget | undefined => targetIn(QUERY_PLAN, path)

function targetIn(pattern: RegExp, path: string): SchemaTarget | undefined {
  const found = pattern.exec(path)
  if (!found) return undefined
  try {
    const [database = '', table = ''] = found.slice(1).map(decodeURIComponent)
    return { database, table }
  } catch {
    return undefined
  }
}

/** Faults of the table come first, as there. */
export function queryPlan(
  engine: Pick<LoadSink, 'describeTable'>,
  user: UserIdentity,
  target: SchemaTarget,
): Answer {
  const described = tableSchema(engine, user, target)
  if (described.status !== 200) return described
  return refusal(
    501,
    'Reading tablets by _query_plan is not supported by this engine (StarRocks-compatible, on DuckDB): read by SQL',
  )
}

/** Throws when the user may not read the table. */
export function tableSchema(
  engine: Pick<LoadSink, 'describeTable'>,
  user: UserIdentity,
  { database, table }: SchemaTarget,
): Answer {
  try {
    if (database === '' || table === '') return refusal(400, 'No database or table selected.')
    const properties = engine
      .describeTable(user, database, table)
      .map(({ precision, scale, ...field }) => ({
        ...(precision !== undefined && { precision: String(precision), scale: String(scale) }),
        ...field,
      }))
    return answer(200, { properties, status: 200 })
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    const { errno } = error
    if (isDenied(error)) throw error
    if (errno === 1049) return refusal(404, `Database [${database}] does not exists`)
    if (errno === 1146) return refusal(404, `Table [${table}] does not exists`)
    return refusal(403, messageOf(error))
  }
}

const refusal = (status: number, exception: string): Answer => answer(status, { exception, status })

const answer = (status: number, body: object): Answer => ({
  status,
  type: 'application/json',
  text: JSON.stringify(body),
})
