/** Both HTTP ports of one engine, which share what they know of loads. */
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import type { Random } from '../../../../src/kernel/random.ts'
import type { EntryPolicy, EntryAddress, Listener } from '../entry-policy.ts'
import type { LoadSink } from '../load-sink.ts'
import type { Engine } from '../session.ts'
import { backHandler } from './back.ts'
import { errorLog } from './error-log.ts'
import { frontHandler } from './front.ts'
import type { HttpLimits } from './http-limits.ts'
import { jsonThread } from './json-thread.ts'
import { metrics } from './metric.ts'
import type { EngineFigures } from './metric.ts'
import { startHttpServer } from './http-server.ts'
import { queryService } from './query.ts'
import type { Handler, HttpServer, HttpServerOptions } from './http-server.ts'
import type { LoadService } from './stream-load.ts'

export interface LoadPortsOptions {
  readonly engine: Pick<Engine, 'checkPassword' | 'openSession'> & LoadSink
  readonly host: string
  /** 0 takes a free one. */
  readonly frontPort: number
  readonly backPort: number
  /** The BE's host and port as clients reach them; undefined: the bound ones. */
  readonly advertised: { readonly host: string | undefined; readonly port: number | undefined }
  readonly backends: () => number
  /** Who may come in; without it, everyone. */
  readonly entryPolicy?: Pick<EntryPolicy, 'admits'>
  /** The configuration items of the back end with the values in force. */
  readonly items: () => Iterable<readonly [name: string, value: string]>
  readonly figures: () => Promise<EngineFigures>
  readonly clock: Clock
  readonly log: Logger
  readonly random: Random
  readonly limits: HttpLimits
}

export interface LoadPorts {
  readonly front: HttpServer
  readonly back: HttpServer
  /** Clients may come by one more address. Rejects when it cannot be listened on; nothing is open then. */
  open(entry: EntryAddress, at: EntryPorts): Promise<Listener>
  /** Cuts clients that may not stay. */
  review(): void
  /** Loads that run end in time or are cut off; new ones are refused. */
  close(): Promise<void>
}

export interface EntryPorts {
  readonly frontPort?: number | undefined
  readonly backPort?: number | undefined
  /** Where loads are sent on to; the engine's own address without it. */
  readonly redirect: () => { readonly host: string; readonly port: number } | undefined
}

export async function startLoadPorts(options: LoadPortsOptions): Promise<LoadPorts> {
  const { engine, host, clock, log, random, limits, advertised } = options
  let closing = false
  const loadMetrics = metrics(options.figures)
  let address = ''
  const backUrl = () => address
  const json = jsonThread(clock)
  const service: LoadService = {
    engine,
    clock,
    log,
    limits,
    json,
    backUrl,
    reading: new Set(),
    isClosing: () => closing,
    errors: errorLog({
      clock,
      random,
      maxBytes: limits.errorLogBytes,
      keepMs: limits.errorLogMs,
    }),
  }
  const { entryPolicy } = options
  const common = { host, clock, log, limits, ...(entryPolicy && { entryPolicy }) }
  const handleBack = backHandler({ service, metrics: loadMetrics, items: options.items })
  const { backends } = options
  const queries = queryService({ engine, limits, json, clock, log })
  const handleFront = (to: () => string) =>
    frontHandler({ engine, metrics: loadMetrics, backUrl: to, backends, queries })
  const back = await startHttpServer({ ...common, port: options.backPort, handle: handleBack })
  address = `http://${inUrl(advertised.host ?? back.address)}:${advertised.port ?? back.port}`
  const front = await startHttpServer({
    ...common,
    port: options.frontPort,
    handle: handleFront(backUrl),
  }).catch(async (error: unknown) => {
    await back.close()
    throw error
  })
  const others = furtherPorts(common, {
    front: (to) => handleFront(() => to() ?? address),
    back: handleBack,
  })
  return {
    front,
    back,
    open: others.open,
    review() {
      front.review()
      back.review()
      others.review()
    },
    async close() {
      closing = true
      await Promise.all([front.close(), back.close(), others.close()])
      await json.stop()
    },
  }
}

type FurtherPorts = Pick<LoadPorts, 'open' | 'review' | 'close'>

function furtherPorts(
  common: Omit<HttpServerOptions, 'port' | 'handle'>,
  handle: { readonly front: (to: () => string | undefined) => Handler; readonly back: Handler },
): FurtherPorts {
  const all = new Set<HttpServer>()
  const closeAll = async (servers: readonly HttpServer[]): Promise<void> => {
    for (const server of servers) all.delete(server)
    await Promise.all(servers.map((server) => server.close()))
  }
  return {
    async open(entry, { frontPort, backPort, redirect }) {
      const to = () => {
        const place = redirect()
        return place && `http://${inUrl(place.host)}:${place.port}`
      }
      const started: HttpServer[] = []
      const start = async (port: number | undefined, handler: Handler) => {
        if (port === undefined) return
        const at = { ...common, entry: entry.name, host: entry.host, port, handle: handler }
        started.push(await startHttpServer(at))
      }
      try {
        await start(frontPort, handle.front(to))
        await start(backPort, handle.back)
      } catch (error) {
        await closeAll(started)
        throw error
      }
      for (const server of started) all.add(server)
      return { close: () => void closeAll(started) }
    },
    review() {
      for (const server of all) server.review()
    },
    close: () => closeAll([...all]),
  }
}

/** IPv6 addresses stand in brackets. */
const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host)
