/** The BE's HTTP port (8040): it takes loads in, and hands out what was wrong with them. */
import type { Answer, Exchange } from './exchange.ts'
import { jsonAnswer } from './load-answer.ts'
import type { Metrics } from './metric.ts'
import { loadTarget } from './path.ts'
import { notFound } from './http-server.ts'
import type { Handler } from './http-server.ts'
import { streamLoad } from './stream-load.ts'
import type { LoadService } from './stream-load.ts'
import { transactions, transactionVerbs } from './transaction-load.ts'
import type { TransactionVerb } from './transaction-load.ts'

export interface BackOptions {
  readonly service: LoadService
  readonly metrics: Metrics
  /** Configuration items with the values in force. */
  readonly items: () => Iterable<readonly [name: string, value: string]>
}

export function backHandler({ service, metrics, items }: BackOptions): Handler {
  const transaction = transactions(service, metrics.transaction)
  return async (exchange) => {
    const { method } = exchange.request
    const target = loadTarget(exchange.path)
    if (target && method === 'PUT') return streamLoad(service, exchange, target, metrics.stream)
    const verb = transactionVerb(exchange)
    if (verb) return transaction.handle(verb, exchange)
    if (method !== 'GET') return notFound
    if (exchange.path === '/api/health') return jsonAnswer({ status: 'OK', msg: 'To Be Added' })
    if (exchange.path === '/metrics') return metrics.back()
    if (exchange.path === '/varz') return itemsAnswer(items())
    if (exchange.path === '/api/_load_error_log') return errorLogAnswer(service, exchange)
    return notFound
  }
}

function transactionVerb({ path, request }: Exchange): TransactionVerb | undefined {
  const verb = /^\/api\/transaction\/([^/]+)$/.exec(path)?.[1]
  if (verb === undefined || !transactionVerbs.includes(verb)) return undefined
  return request.method === (verb === 'load' ? 'PUT' : 'POST')
    ? (verb as TransactionVerb)
    : undefined
}

function errorLogAnswer(service: LoadService, exchange: Exchange): Answer {
  const text = service.errors.read(exchange.query.get('file') ?? '')
  return text === undefined ? notFound : { status: 200, type: 'text/plain', text }
}

/** A page for people, with a line for each item, as StarRocks' has; values are of a fixed vocabulary or numbers. */
function itemsAnswer(items: Iterable<readonly [name: string, value: string]>): Answer {
  const lines = [...items].map(([name, value]) => `${name}=${value}`).join('\n')
  return {
    status: 200,
    type: 'text/html',
    text: `<!DOCTYPE html><title>Configurations</title><h2>Configurations</h2><pre>\n${lines}\n</pre>\n`,
  }
}
