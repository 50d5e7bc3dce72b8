/** Both HTTP ports of one engine, which share what they know of loads. */
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import type { Random } from '../../../../src/kernel/random.ts'
import type { LoadSink } from '../load-sink.ts'
import type { Engine } from '../session.ts'
import { backHandler } from './back.ts'
import { errorLog } from './error-log.ts'
import { frontHandler } from './front.ts'
import type { HttpLimits } from './http-limits.ts'
import { metrics } from './metric.ts'
import type { EngineFigures } from './metric.ts'
import { startHttpServer } from './http-server.ts'
import type { HttpServer } from './http-server.ts'
import { queryService } from './query.ts'
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
  readonly figures: () => Promise<EngineFigures>
  readonly clock: Clock
  readonly log: Logger
  readonly random: Random
  readonly limits: HttpLimits
}

export interface LoadPorts {
  readonly front: HttpServer
  readonly back: HttpServer
  /** Loads that run end in time or are cut off; new ones are refused. */
  close(): Promise<void>
}

export async function startLoadPorts(options: LoadPortsOptions): Promise<LoadPorts> {
  const { engine, host, clock, log, random, limits, advertised } = options
  let closing = false
  const loadMetrics = metrics(options.figures)
  let address = ''
  const backUrl = () => address
  const service: LoadService = {
    engine,
    clock,
    log,
    limits,
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
  const common = { host, clock, log, limits }
  const back = await startHttpServer({
    ...common,
    port: options.backPort,
    handle: backHandler({ service, metrics: loadMetrics }),
  })
  address = `http://${inUrl(advertised.host ?? back.address)}:${advertised.port ?? back.port}`
  const front = await startHttpServer({
    ...common,
    port: options.frontPort,
    handle: frontHandler({
      engine,
      metrics: loadMetrics,
      backUrl,
      backends: options.backends,
      queries: queryService({ engine, limits, clock, log }),
    }),
  }).catch(async (error: unknown) => {
    await back.close()
    throw error
  })
  return {
    front,
    back,
    async close() {
      closing = true
      await Promise.all([front.close(), back.close()])
    },
  }
}

/** IPv6 addresses stand in brackets. */
const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host)
