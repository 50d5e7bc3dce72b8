/** `GET /api/{db}/{table}/_schema`, `/api/default_catalog/{db}/{table}/_schema`. reference: StarRocks 3.3.7, TableSchemaAction. */
import type { LoadSink } from '../load-sink.ts'
import { SqlError } from '../session.ts'
import { isDenied } from './access.ts'
import type { Answer } from './exchange.ts'
import { messageOf } from './load-answer.ts'

export interface SchemaTarget {
  readonly database: string
  readonly table: string
}

export function schemaTarget(path: string): SchemaTarget | undefined {
  const found = /^\/api\/(?:default_catalog\/)?([^/]*)\/([^/]*)\/_schema$/.exec(path)
  if (!found) return undefined
  try {
    const [database = '', table = ''] = found.slice(1).map(decodeURIComponent)
    return { database, table }
  } catch {
    return undefined
  }
}

/** Throws when the user may not read the table. */
export function tableSchema(
  engine: Pick<LoadSink, 'describeTable'>,
  user: string,
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
