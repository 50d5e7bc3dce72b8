/**
 * Plots of a cluster: what its engines and daemons report is read once a minute and kept in a bounded file. Where nothing runs on this
 * machine nobody reports anything, and there is no file; nothing is made up for simulated clusters.
 */
import { existsSync } from 'node:fs'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import { limits } from '../limits.ts'
import { ConsoleProblem } from './answer.ts'
import { clusterFor } from './clusters.ts'
import type { ConsoleContext } from './context.ts'
import { figureNames, readingOf, valueOf, type FigureName, type Reading } from './reading.ts'
import { openSamples, spans, type Sample, type SampleFile, type Span } from './sample-file.ts'
import type { Viewer } from './viewer.ts'

export interface Samples {
  /** Looks once; then again and again until `close`. */
  start(): void
  take(): Promise<void>
  of(cluster: string, span: Span): readonly Plotted[]
  close(): void
}

/** One figure over time, with a hole where nothing was reported. */
export interface Plotted {
  readonly figure: FigureName
  readonly points: readonly (readonly [atMs: number, value: number])[]
}

interface SampleParts {
  /** Made with the first sample. */
  readonly file: string
  readonly clock: Pick<Clock, 'wall'>
  readonly log: Logger
  /** By cluster; empty where nobody answered in time. */
  readonly reports: () => Promise<ReadonlyMap<string, string>>
  readonly everyMs?: number | undefined
}

interface Taken {
  readonly atMs: number
  readonly reading: Reading
}

export function samples({ file, clock, log, reports, ...parts }: SampleParts): Samples {
  let opened: SampleFile | undefined
  let timer: NodeJS.Timeout | undefined
  let isTaking = false
  let isClosed = false
  let last: ReadonlyMap<string, Taken> = new Map()

  const take = async () => {
    if (isTaking || isClosed) return
    isTaking = true
    try {
      const texts = await reports()
      const atMs = clock.wall()
      const now = new Map(
        [...texts].map(([id, text]) => [id, { atMs, reading: readingOf(text) }] as const),
      )
      const found = [...now].flatMap(([id, it]) => samplesOf(id, it, last.get(id)))
      last = now
      if (found.length === 0 || isClosed) return
      opened ??= openSamples(file)
      opened.add(atMs, found)
    } catch (problem) {
      log.warn({ err: problem }, 'what engines report was not kept for the plots')
    } finally {
      isTaking = false
    }
  }

  return {
    start() {
      void take()
      timer = setInterval(() => void take(), parts.everyMs ?? limits.sampleMs).unref()
    },
    take,
    of(cluster, span) {
      const points = (opened ??= openedIfThere(file))?.read(cluster, span, clock.wall()) ?? []
      return figureNames.flatMap((figure) => {
        const own = points.filter((each) => each.figure === figure)
        return own.length === 0
          ? []
          : [{ figure, points: own.map(({ atMs, value }) => [atMs, value] as const) }]
      })
    },
    close() {
      isClosed = true
      clearInterval(timer)
      opened?.close()
      opened = undefined
    },
  }
}

function openedIfThere(file: string): SampleFile | undefined {
  return existsSync(file) ? openSamples(file) : undefined
}

function samplesOf(cluster: string, now: Taken, before: Taken | undefined): readonly Sample[] {
  return [...now.reading].flatMap(([figure, value]) => {
    const then = before?.reading.get(figure)
    const seconds = before ? (now.atMs - before.atMs) / 1000 : 0
    const plotted = valueOf(figure, value, then === undefined ? then : { value: then, seconds })
    return plotted === undefined ? [] : [{ cluster, figure, value: plotted }]
  })
}

/** Whoever sees a cluster sees how busy it is. */
export async function plotsOf(
  context: Pick<ConsoleContext, 'store' | 'clock' | 'samples' | 'substrates'>,
  viewer: Viewer,
  { id, query }: { readonly id: string; readonly query: URLSearchParams },
) {
  const cluster = await clusterFor(context, viewer, id)
  const over = query.get('over') ?? 'hour'
  if (!isSpan(over))
    throw new ConsoleProblem(`over must be one of ${Object.keys(spans).join(', ')}`)
  const toMs = context.clock.wall()
  const { widthMs, lengthMs } = spans[over]
  return {
    /** Whether what runs it reports anything at all. */
    reports: context.substrates.get(cluster.substrate)?.metrics !== undefined,
    fromMs: toMs - lengthMs,
    toMs,
    widthMs,
    plots: context.samples.of(id, over),
  }
}

function isSpan(text: string): text is Span {
  return text in spans
}

export type Plots = Awaited<ReturnType<typeof plotsOf>>
