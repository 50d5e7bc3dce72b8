/** An engine with both HTTP ports open, and a client that loads as curl does: it waits for `100 Continue`, and follows to the BE. */
import { request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import type { TestContext } from 'node:test'
import { defaultHttpLimits } from '../../src/wire-http/http-limits.ts'
import type { HttpLimits } from '../../src/wire-http/http-limits.ts'
import { startLoadPorts } from '../../src/wire-http/load-ports.ts'
import type { LoadPorts } from '../../src/wire-http/load-ports.ts'
import { systemClock } from '../../../../src/kernel/clock.ts'
import type { Clock } from '../../../../src/kernel/clock.ts'
import { silentLogger } from '../../../../src/kernel/log.ts'
import { random } from '../../../../src/kernel/random.ts'
import { testClient } from './open-engine.ts'

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The text as JSON; undefined when it is none. */
  readonly json: Readonly<Record<string, unknown>> | undefined
}

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | Readable
  /** `user:password`; undefined sends none. */
  readonly auth?: string | undefined
  /** Sends `Expect: 100-continue` and waits for `100 Continue`. */
  readonly expect?: boolean
  /** An address of this machine to connect from. */
  readonly localAddress?: string
}

export async function ask(url: string, options: Ask = {}): Promise<Reply> {
  const { method = 'GET', expect = method === 'PUT', body } = options
  const sent = httpRequest(url, {
    method,
    agent: false,
    localAddress: options.localAddress,
    headers: {
      ...options.headers,
      ...(options.auth !== undefined && {
        Authorization: `Basic ${Buffer.from(options.auth).toString('base64')}`,
      }),
      ...(expect && { Expect: '100-continue' }),
      ...((typeof body === 'string' || Buffer.isBuffer(body)) && {
        'Content-Length': String(Buffer.byteLength(body)),
      }),
    },
  })
  const send = () => {
    if (body instanceof Readable) body.pipe(sent)
    else sent.end(body)
  }
  sent.on('error', () => undefined)
  if (expect) {
    sent.flushHeaders()
    sent.once('continue', send)
  } else send()
  const [response] = (await once(sent, 'response')) as [
    Awaited<ReturnType<typeof httpRequest>> & {
      statusCode?: number
      headers: IncomingHttpHeaders
    } & AsyncIterable<Buffer>,
  ]
  const pieces: Buffer[] = []
  for await (const piece of response) pieces.push(piece)
  const text = Buffer.concat(pieces).toString('utf8')
  sent.destroy()
  return { status: response.statusCode ?? 0, headers: response.headers, text, json: asJson(text) }
}

function asJson(text: string): Reply['json'] {
  try {
    return JSON.parse(text) as Reply['json']
  } catch {
    return undefined
  }
}

/** As `curl --location-trusted`: at most one redirect, with the credentials sent again. */
export async function askTrusted(url: string, options: Ask): Promise<Reply> {
  const first = await ask(url, options)
  const { location } = first.headers
  return first.status === 307 && location !== undefined ? ask(location, options) : first
}

export interface LoadClient {
  /** A Stream Load of admin into `d.<table>` through the FE. */
  load(table: string, body: Ask['body'], headers?: Readonly<Record<string, string>>): Promise<Reply>
  /** A step of a transaction of admin. */
  transact(verb: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Reply>
}

/** `front`: the address of the FE. */
export function loadClient(front: string): LoadClient {
  return {
    load: (table, body, headers = {}) =>
      askTrusted(`${front}/api/d/${table}/_stream_load`, {
        method: 'PUT',
        auth: 'admin:',
        headers,
        body: body ?? '',
      }),
    transact: (verb, headers, body) =>
      askTrusted(`${front}/api/transaction/${verb}`, {
        method: verb === 'load' ? 'PUT' : 'POST',
        auth: 'admin:',
        headers: { db: 'd', ...headers },
        ...(body !== undefined && { body }),
      }),
  }
}

export interface TestPorts extends LoadClient {
  readonly ports: LoadPorts
  readonly engine: Awaited<ReturnType<typeof testClient>>['engine']
  readonly client: Awaited<ReturnType<typeof testClient>>['client']
  readonly front: string
  readonly back: string
}

export interface PortsOptions {
  readonly limits?: Partial<HttpLimits>
  readonly clock?: Clock
  readonly directory?: string
  readonly backends?: number
}

export async function testPorts(t: TestContext, options: PortsOptions = {}): Promise<TestPorts> {
  const clock = options.clock ?? systemClock()
  const { directory } = options
  const { engine, client } = await testClient(t, { clock, ...(directory && { directory }) })
  const ports = await startLoadPorts({
    engine,
    host: '127.0.0.1',
    frontPort: 0,
    backPort: 0,
    advertised: { host: undefined, port: undefined },
    backends: () => options.backends ?? 1,
    items: () => [],
    figures: async () => ({ ...(await engine.status()), running: 0, connections: 0 }),
    clock,
    log: silentLogger(),
    random: random('ports'),
    limits: { ...defaultHttpLimits, ...options.limits },
  })
  t.after(() => ports.close())
  const front = `http://127.0.0.1:${ports.front.port}`
  return {
    ports,
    engine,
    client,
    front,
    back: `http://127.0.0.1:${ports.back.port}`,
    ...loadClient(front),
  }
}
