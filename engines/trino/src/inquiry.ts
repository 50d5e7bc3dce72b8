/** The statements that a coordinator remembers: those that run, and a hundred that have ended. Our own are not shown. */
import type { ServerAddress } from '../../../src/kernel/exchange.ts'
import type { Inquiries, QueryRun, TimeRange } from '../../../src/substrate/local/service.ts'
import { findText, getJson, USER } from './rest.ts'

export function queryInquiries(coordinator: ServerAddress): Inquiries {
  return { queries: (begun) => queries(coordinator, begun) }
}

type Fields = Readonly<Record<string, unknown>>

interface Listed {
  readonly queryId: string
  readonly session?: { readonly source?: string }
  readonly queryStats?: { readonly createTime?: string }
}

/** So many are asked for at once. */
const AT_ONCE = 4
/** For each: a coordinator that plans statements is slow to tell of others. */
const ANSWER_MS = 10_000

async function queries(
  coordinator: ServerAddress,
  { fromMs, toMs }: TimeRange,
): Promise<readonly QueryRun[]> {
  const signal = AbortSignal.timeout(ANSWER_MS)
  const listed = (await getJson(coordinator, '/v1/query', { signal })) as readonly Listed[]
  const waiting = listed.filter(({ session, queryStats }) => {
    const startedMs = Date.parse(queryStats?.createTime ?? '')
    return session?.source !== USER && startedMs >= fromMs && startedMs <= toMs
  })
  const found: QueryRun[] = []
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      // Without the plan and its tasks, which nobody asks for.
      const path = `/v1/query/${encodeURIComponent(next.queryId)}?pruned=true`
      const text = await findText(coordinator, path, { signal: AbortSignal.timeout(ANSWER_MS) })
      // It may have been forgotten meanwhile.
      if (text !== undefined) found.push(queryOf(JSON.parse(text) as Fields))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return found
}

/** An answer of a program of others': a member that is not there is 0 or empty. */
function queryOf(it: Fields): QueryRun {
  const session = fieldsOf(it['session'])
  const stats = fieldsOf(it['queryStats'])
  const duration = (name: string) => durationMs(textOf(stats[name]))
  const size = (name: string) => sizeBytes(textOf(stats[name]))
  const finishedMs = Date.parse(textOf(stats['endTime']))
  const error = textOf(fieldsOf(it['failureInfo'])['message'])
  return {
    id: textOf(it['queryId']),
    user: textOf(session['user']),
    statement: textOf(it['query']),
    state: textOf(it['state']),
    catalog: textOf(session['catalog']),
    client: textOf(session['remoteUserAddress']),
    startedMs: Date.parse(textOf(stats['createTime'])) || 0,
    ...(finishedMs > 0 ? { finishedMs } : {}),
    elapsedMs: duration('elapsedTime'),
    processorMs: duration('totalCpuTime'),
    planningMs: duration('planningTime'),
    completedSplits: numberOf(stats['completedDrivers']),
    memoryByteMs: Math.round(numberOf(stats['cumulativeUserMemory'])),
    peakMemoryBytes: size('peakUserMemoryReservation'),
    readBytes: size('physicalInputDataSize'),
    processedBytes: size('processedInputDataSize'),
    exchangedBytes: size('internalNetworkInputDataSize'),
    resultBytes: size('outputDataSize'),
    writtenBytes: size('physicalWrittenDataSize'),
    ...(error === '' ? {} : { error }),
  }
}

const MS_OF: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1e3,
  m: 60e3,
  h: 3_600e3,
  d: 86_400e3,
}

/** `3.27s` */
function durationMs(text: string): number {
  const [, number = '0', unit = 'ms'] = /^([\d.]+)([a-z]+)$/.exec(text) ?? []
  return Math.round(numberOf(Number(number)) * (MS_OF[unit] ?? 0))
}

const BYTES_OF: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
  PB: 1024 ** 5,
}

/** `400B` */
function sizeBytes(text: string): number {
  const [, number = '0', unit = 'B'] = /^([\d.]+)([A-Za-z]+)$/.exec(text) ?? []
  return Math.round(numberOf(Number(number)) * (BYTES_OF[unit] ?? 0))
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
