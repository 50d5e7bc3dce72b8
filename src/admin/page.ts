/**
 * The admin pages under `/_emrys/`: for whoever runs the server, not for its clients. They answer loopback peers only, and
 * what changes something must be sent as `application/json`, which no foreign web page can make a browser do unasked.
 */
import type { MovableClock } from '../kernel/clock.ts'
import type { Store } from '../store/store.ts'
import type { Dialect, WireRequest, WireResponse } from '../gateway/dialect.ts'
import type { Metrics } from './metric.ts'

export interface AdminOptions {
  readonly clock: MovableClock
  readonly store: Store
  readonly loop: { counts(): object; drain(): Promise<void> }
  readonly simulation: { progressions(): object }
  readonly dialects: readonly Dialect[]
  readonly metrics: Metrics
}

type Page = (request: WireRequest) => Promise<WireResponse>

export function adminPages(
  options: AdminOptions,
): (request: WireRequest) => Promise<WireResponse | undefined> {
  const pages: Readonly<Record<string, Page>> = {
    'GET /_emrys/health': async () => json({ status: 'ok' }),
    'GET /_emrys/metrics': async () => {
      const { contentType, text } = await options.metrics.render()
      return { status: 200, headers: { 'content-type': contentType }, body: text }
    },
  }
  return async (request) => {
    if (!/^(127\.|::1$|::ffff:127\.)/.test(request.remoteAddress))
      return json({ error: 'the admin pages answer loopback only' }, 403)
    return pages[`${request.method} ${request.path}`]?.(request)
  }
}

function json(value: unknown, status = 200): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: `${JSON.stringify(value)}\n`,
  }
}
