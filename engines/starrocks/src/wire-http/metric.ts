/**
 * What `/metrics` answers, in Prometheus' text form, under the names that StarRocks' dashboards ask for. Until somebody asks,
 * loads are counted in plain numbers: the library that writes the pages is no part of a start.
 * reference: StarRocks documentation, "Metrics"; be/src/http/action/stream_load.cpp
 */
import type { Answer } from './exchange.ts'

export interface LoadMetrics {
  began(): void
  ended(what: { readonly bytes: number; readonly ms: number }): void
}

/** Loads of one kind since the process began. */
export interface LoadFigures {
  readonly requests: number
  readonly bytes: number
  readonly durationMs: number
  /** Those that run now. */
  readonly current: number
}

export interface EngineFigures {
  readonly connections: number
  readonly sessions: number
  readonly running: number
  /** That ended since the process began. */
  readonly statements: number
  readonly usedBytes: number
  readonly storageBytes: number
  readonly tables: number
}

export interface Metrics {
  readonly stream: LoadMetrics
  readonly transaction: LoadMetrics
  front(): Promise<Answer>
  back(): Promise<Answer>
}

export function metrics(figures: () => Promise<EngineFigures>): Metrics {
  const [stream, transaction] = [loadMetrics(), loadMetrics()]
  let made: Promise<Pick<Metrics, 'front' | 'back'>> | undefined
  const pages = () =>
    (made ??= import('./metric-page.ts').then(({ metricPages }) =>
      metricPages({ stream: stream.figures, transaction: transaction.figures, figures }),
    ))
  return {
    stream,
    transaction,
    front: async () => (await pages()).front(),
    back: async () => (await pages()).back(),
  }
}

function loadMetrics(): LoadMetrics & { readonly figures: LoadFigures } {
  const figures = { requests: 0, bytes: 0, durationMs: 0, current: 0 }
  return {
    figures,
    began() {
      figures.current++
    },
    ended({ bytes, ms }) {
      figures.current--
      figures.requests++
      figures.bytes += bytes
      figures.durationMs += ms
    },
  }
}
