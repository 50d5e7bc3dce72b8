/** A page of ten clusters, beside ever more of them. */
import { runLoad, startChild, type Child } from './process.ts'
import type { Measured } from './load.ts'
import { wireRequest } from './request.ts'
import { seedClusters, seededDirectory } from './seed.ts'

const COUNTS = [100, 10_000, 100_000]
const FOR_MS = Number(process.env['BENCH_MS'] ?? 4000)
const PAGE = { DisplayStrategy: 'clusterList', Offset: 0, Limit: 10 }
const CONNECTIONS = 16

interface PageCost {
  /** A row of a table for each measurement. */
  readonly lines: readonly Readonly<Record<string, string | number>>[]
  readonly facts: readonly string[]
}

/** Clusters are added to the data directory `directory` as it goes. */
export async function pageCost(directory: string): Promise<PageCost> {
  await seededDirectory(directory, 100)
  const lines: Readonly<Record<string, string | number>>[] = []
  const facts: string[] = []
  let first: Measured | undefined
  for (const count of COUNTS) {
    await seedClusters(directory, count)
    const server = await startChild('server.ts', [directory])
    const requests = [wireRequest(server.port, 'DescribeInstances', PAGE)]
    const measured = await underLoad(server, requests, `"TotalCnt":${count}`)
    const bare = await startChild('bare.ts', [String(measured.answerBytes)])
    const ofBare = await underLoad(bare, requests, 'Response')
    await bare.stop()
    first ??= measured
    lines.push(
      line(
        `page of 10 at ${count} clusters`,
        measured,
        times(measured.perSecond / ofBare.perSecond),
      ),
      line('  bare server, same bodies', ofBare),
    )
    const { rss } = await server.ask<{ rss: number }>('memory')
    facts.push(
      `ready with ${count} clusters in ${Math.round(server.readyMs)} ms after the process was started`,
      `a page at ${count} clusters takes ${times(measured.p50Ms / first.p50Ms)} its time at 100 (median)`,
      `resident with ${count} clusters after this load: ${Math.round(rss / 1_048_576)} MiB`,
    )
    await server.stop()
  }
  return { lines, facts }
}

async function underLoad(
  { port }: Child,
  requests: readonly Uint8Array[],
  expect: string,
): Promise<Measured> {
  const job = { port, connections: CONNECTIONS, requests, expect }
  await runLoad({ ...job, mode: { each: 'again', forMs: 1000 } })
  return runLoad({ ...job, mode: { each: 'again', forMs: FOR_MS } })
}

function line(what: string, measured: Measured, ofBare = '') {
  return {
    what,
    'per second': Math.round(measured.perSecond),
    'p50 ms': Number(measured.p50Ms.toFixed(2)),
    'p99 ms': Number(measured.p99Ms.toFixed(2)),
    'answer bytes': measured.answerBytes,
    'of bare': ofBare,
  }
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} x`
}
