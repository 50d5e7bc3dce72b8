/**
 * `GET /api/{db}/get_load_state?label=…`: what became of a load, by which connectors find transactions that an earlier run left open.
 * As in StarRocks, whoever has a password may ask. reference: StarRocks 3.3.7, GetStreamLoadState.java
 */
import type { LoadSink } from '../load-sink.ts'
import { SqlError } from '../session.ts'
import type { Answer } from './exchange.ts'
import { messageOf, restFailure } from './load-answer.ts'

/** The database of the path; undefined when it is another path or is wrongly encoded. */
export function labelDatabase(path: string): string | undefined {
  const [, database] = /^\/api\/([^/]*)\/get_load_state$/.exec(path) ?? []
  if (database === undefined) return undefined
  try {
    return decodeURIComponent(database)
  } catch {
    return undefined
  }
}

export function labelState(
  engine: Pick<LoadSink, 'labelState'>,
  database: string,
  label: string | null,
): Answer {
  if (database === '') return restFailure(200, 'No database selected.')
  if (!label) return restFailure(200, 'No label selected.')
  try {
    const state = engine.labelState(database, label)
    const text = JSON.stringify({ state, status: 'OK', code: '0', msg: 'Success', message: 'OK' })
    return { status: 200, type: 'text/html', text }
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    const isUnknown = error.errno === 1049
    return restFailure(200, isUnknown ? `unknown database, database=${database}` : messageOf(error))
  }
}
