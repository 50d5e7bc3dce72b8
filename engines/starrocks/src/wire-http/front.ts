/**
 * The FE's HTTP port (8030): it lets clients in, sends loads on to the BE, and says how it is.
 * reference: StarRocks FE, LoadAction.java, RestBaseAction.java (redirectTo), HealthAction.java
 */
import type { LoadSink } from '../load-sink.ts'
import { SqlError } from '../session.ts'
import type { Engine, UserIdentity } from '../session.ts'
import { authenticated, isDenied } from './access.ts'
import type { Answer, Exchange } from './exchange.ts'
import { feFailure, messageOf, restFailure, unauthorized } from './load-answer.ts'
import type { Metrics } from './metric.ts'
import { labelDatabase, labelState } from './label-state.ts'
import { queryPlace } from './query.ts'
import type { QueryService } from './query.ts'
import { loadTarget } from './path.ts'
import { notFound } from './http-server.ts'
import type { Handler } from './http-server.ts'
import { planTarget, queryPlan, schemaTarget, tableSchema } from './table-schema.ts'
import { transactionVerbs } from './transaction-load.ts'

export interface FrontOptions {
  readonly engine: Pick<Engine, 'checkPassword'> &
    Pick<LoadSink, 'checkLoad' | 'describeTable' | 'labelState'>
  readonly metrics: Pick<Metrics, 'front'>
  /** Where clients reach the BE, as in `http://host:8040`. */
  readonly backUrl: () => string
  /** How many nodes hold data or compute. */
  readonly backends: () => number
  readonly queries: QueryService
}

export function frontHandler(options: FrontOptions): Handler {
  return async (exchange) => {
    const { method } = exchange.request
    const { path } = exchange
    if (path === '/api/health' && method === 'GET') return health(options.backends())
    if (path === '/metrics' && method === 'GET') return options.metrics.front()
    const place = queryPlace(path)
    if (place && method === 'POST') return options.queries.answer(exchange, place)
    const described = schemaTarget(path)
    if (described && method === 'GET')
      return letIn(options, exchange, (user) => tableSchema(options.engine, user, described))
    const planned = planTarget(path)
    if (planned && (method === 'GET' || method === 'POST'))
      return letIn(options, exchange, (user) => queryPlan(options.engine, user, planned))
    const labelled = labelDatabase(path)
    if (labelled !== undefined && method === 'GET')
      return letIn(options, exchange, () =>
        labelState(options.engine, labelled, exchange.query.get('label')),
      )
    const target = loadTarget(path)
    if (target && method === 'PUT') {
      return letIn(options, exchange, (user) => streamLoadRedirect(options, exchange, user))
    }
    if (isTransaction(path, method))
      return letIn(options, exchange, () => redirect(options, exchange))
    // reference: StarRocks 3.3.7, WebBaseAction.executePost
    if (method === 'POST') return letIn(options, exchange, () => notImplemented)
    return notFound
  }
}

const notImplemented = restFailure(501, 'Not implemented')

/** Begin, prepare, commit and rollback are POST, load is PUT; the BE looks at which is which. */
function isTransaction(path: string, method: string | undefined): boolean {
  const verb = /^\/api\/transaction\/([^/]+)$/.exec(path)?.[1]
  const isKnown = verb !== undefined && transactionVerbs.includes(verb)
  return isKnown && method === (verb === 'load' ? 'PUT' : 'POST')
}

async function letIn(
  { engine }: FrontOptions,
  exchange: Exchange,
  then: (user: UserIdentity) => Answer,
): Promise<Answer> {
  try {
    return then(await authenticated(engine, exchange))
  } catch (error) {
    if (isDenied(error)) return unauthorized(error.message)
    if (error instanceof SqlError) return feFailure(messageOf(error))
    throw error
  }
}

function streamLoadRedirect(options: FrontOptions, exchange: Exchange, user: UserIdentity): Answer {
  const { request, expectsContinue } = exchange
  const isOld = request.httpVersionMajor === 1 && request.httpVersionMinor === 0
  if (!expectsContinue && !isOld) {
    return feFailure('class com.starrocks.common.DdlException: There is no 100-continue header')
  }
  const target = loadTarget(exchange.path)
  if (!target?.database)
    return feFailure('class com.starrocks.common.DdlException: No database selected.')
  if (!target.table) return feFailure('class com.starrocks.common.DdlException: No table selected.')
  try {
    options.engine.checkLoad(user, target.database, target.table)
  } catch (error) {
    if (isDenied(error)) throw error
    // That a table does not exist is the BE's to say, as in StarRocks, where the load begins there.
  }
  return redirect(options, exchange)
}

/** To the same path on the BE. No user-info goes into the address: clients send their credentials again by themselves. */
function redirect(options: FrontOptions, exchange: Exchange): Answer {
  if (options.backends() === 0) {
    return feFailure('class com.starrocks.common.DdlException: No backend alive.')
  }
  const query = exchange.query.size > 0 ? `?${exchange.query.toString()}` : ''
  const location = `${options.backUrl()}${exchange.path}${query}`
  return { status: 307, type: 'text/html', text: '', headers: { Location: location }, close: true }
}

function health(backends: number): Answer {
  const text = JSON.stringify({
    online_backend_num: backends,
    total_backend_num: backends,
    status: 'OK',
    code: '0',
    msg: 'Success',
    message: 'OK',
  })
  return { status: 200, type: 'text/html', text }
}
