/** A collector of OpenTelemetry for tests: takes what is sent to `/v1/traces` as JSON, and keeps the spans. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cleanUp, type Ending } from '../process/clean-up.ts'

/** As the JSON mapping of the protocol has it. */
export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { readonly key: string; readonly value: object }[]
  readonly status: { readonly code?: number; readonly message?: string }
}

export interface SpanCollector {
  readonly endpoint: string
  readonly spans: ReceivedSpan[]
  /** `hang` never answers; a number is the status of every answer; `reject` takes all but one of each batch. */
  behave(how: 'take' | 'hang' | 'reject' | number): void
  requests(): number
}

export async function spanCollector(t: Ending): Promise<SpanCollector> {
  const spans: ReceivedSpan[] = []
  let how: Parameters<SpanCollector['behave']>[0] = 'take'
  let requests = 0
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    request.on('end', () => {
      requests++
      if (how === 'hang') return
      const isRight =
        request.method === 'POST' &&
        request.url === '/v1/traces' &&
        request.headers['content-type'] === 'application/json'
      if (typeof how === 'number' || !isRight) {
        response.writeHead(typeof how === 'number' ? how : 400).end()
        return
      }
      const { resourceSpans } = JSON.parse(text) as {
        readonly resourceSpans: readonly {
          readonly scopeSpans: readonly { readonly spans: readonly ReceivedSpan[] }[]
        }[]
      }
      for (const { scopeSpans } of resourceSpans)
        for (const scope of scopeSpans) spans.push(...scope.spans)
      const rejected = how === 'reject' ? { partialSuccess: { rejectedSpans: '1' } } : {}
      response.setHeader('content-type', 'application/json').end(JSON.stringify(rejected))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp(t, () => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans,
    behave: (next) => (how = next),
    requests: () => requests,
  }
}
