/** What changes of an instance cost beside its creation, as a client sees them: from the request until it runs again. */
import { mkdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { loadConfig } from '../src/config/config.ts'
import { silentLogger } from '../src/kernel/log.ts'
import { startServer } from '../src/server/server.ts'
import { alibabaClient, createBody } from '../test/support/http/alibaba-client.ts'

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 20)
const LOOK_MS = 10

/** In this order, of the compute nodes; each is another kind of work. */
const CHANGES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['ModifyCu', { Target: '16' }],
  ['ModifyNodeNumber', { Target: '4' }],
  ['ModifyDiskNumber', { Target: '2' }],
  ['ModifyDiskPerformanceLevel', { Target: 'pl1' }],
  ['ModifySpecType', { TargetSpecType: 'ramEnhanced' }],
  ['RestartInstance', {}],
]

export interface ChangeCost {
  readonly what: string
  readonly medianMs: number
  readonly p99Ms: number
  /** Of the median of a creation in the same rounds. */
  readonly ofCreate: number
}

/** `dataDir` is new. On the simulation nothing runs: what is left is what the service itself costs. */
export async function changeCost(
  dataDir: string,
  substrate: 'simulation' | 'local',
): Promise<readonly ChangeCost[]> {
  mkdirSync(dataDir)
  const flags = {
    port: '0',
    'data-dir': dataDir,
    'requests-per-second': '0',
    'substrate.starrocks': substrate,
    'simulation.default': 'immediate',
  }
  const server = await startServer({ config: loadConfig({ flags }).config, log: silentLogger() })
  const times = new Map<string, number[]>()
  try {
    for (let round = 0; round < ROUNDS; round++) await live(server.port, times)
  } finally {
    await server.close()
  }
  const create = quantile(times.get('CreateInstanceV1') ?? [], 0.5)
  return [...times].map(([what, all]) => {
    const medianMs = quantile(all, 0.5)
    return { what, medianMs, p99Ms: quantile(all, 0.99), ofCreate: medianMs / create }
  })
}

/** One instance from its creation to its release. */
async function live(port: number, times: Map<string, number[]>): Promise<void> {
  const call = alibabaClient(port)
  const group = { cu: 8, storageSize: 500, residentNodeNumber: 3, storagePerformanceLevel: 'pl0' }
  const body = createBody({ ObserverNodeGroups: [], BackendNodeGroups: [group] })
  const timed = async (what: string, work: () => Promise<string>): Promise<string> => {
    const startedMs = performance.now()
    const id = await work()
    await untilStatus(id, 'running')
    const all = times.get(what) ?? []
    times.set(what, [...all, performance.now() - startedMs])
    return id
  }
  const untilStatus = async (InstanceId: string, wanted: string | undefined): Promise<void> => {
    for (;;) {
      const { body: found } = await call('DescribeInstances', { query: { InstanceId } })
      if (found.Data[0]?.InstanceStatus === wanted) return
      await pause(LOOK_MS)
    }
  }
  const InstanceId = await timed('CreateInstanceV1', async () => {
    return String((await call('CreateInstanceV1', { body })).body.Data.InstanceId)
  })
  const groups = (await call('DescribeNodeGroups', { query: { ClusterId: InstanceId } })).body.Data
  const { NodeGroupId } = groups.find(
    ({ ComponentType }: { ComponentType: string }) => ComponentType === 'CN',
  )
  for (const [action, target] of CHANGES)
    await timed(action, async () => {
      await call(action, { query: { InstanceId, NodeGroupId, ...target } })
      return InstanceId
    })
  await call('ReleaseInstance', { query: { InstanceId } })
  await untilStatus(InstanceId, undefined)
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
