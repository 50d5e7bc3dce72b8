/**
 * Emrys beside a bare Fastify server with the same bodies and answers of the same size, and beside moto: in rounds in which each has its turn,
 * so that a machine that is busy with something else disturbs all of them alike.
 */
import { join } from 'node:path'
import type { Measured } from './load.ts'
import { motoCluster, motoRequest, startMoto, type Moto } from './moto.ts'
import { runLoad, startChild, type Child } from './process.ts'
import { processorMs } from './processor.ts'
import { createBody, wireRequest } from './request.ts'
import { seededDirectory } from './seed.ts'
import { spread, spreadText } from './spread.ts'
import type { DocumentRow } from './document.ts'

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)
const FOR_MS = Number(process.env['BENCH_MS'] ?? 4000)
const CREATES = Number(process.env['BENCH_CREATES'] ?? 3000)
const MOTO_CREATES = 100
/** An id of a cluster and of a request, with what is around them. */
const CREATE_ANSWER_BYTES = '96'
const PAGE = { DisplayStrategy: 'clusterList', Offset: 0, Limit: 10 }
const SEEDED = ['emr-s0000001', 'emr-s000000a', 'emr-s000001k']

type Timed = Measured & { readonly micros: number }

interface Trial {
  readonly what: string
  readonly connections: number
  readonly aim: string
  readonly server: Child
  readonly expect: string
  /** Made again for each round: a create is under a token of its own. */
  requests(): readonly Uint8Array[]
  readonly once: boolean
  readonly moto?: 'RunJobFlow' | 'ListClusters'
  /** What could be done at best (floor.ts). */
  readonly floor?: Child
}

interface Round {
  readonly emrys: Timed
  readonly bare: Timed
  readonly floor?: Timed
  readonly moto?: Timed
}

/** `dataDir` is new. */
export async function besideOthers(dataDir: string): Promise<readonly DocumentRow[]> {
  const creating = await startChild('server.ts', [join(dataDir, 'create'), 'time:30'])
  const described = join(dataDir, 'describe')
  await seededDirectory(described, 100)
  const describing = await startChild('server.ts', [described])
  const floor = await startChild('floor.ts', [join(dataDir, 'floor'), CREATE_ANSWER_BYTES])
  const motos = await startMotos()
  const rows: DocumentRow[] = []
  try {
    for (const trial of trialsOf({ creating, describing, floor })) {
      const bare = await startChild('bare.ts', [String(await answerBytesOf(trial))])
      const rounds: Round[] = []
      // The first round warms everything up and does not count.
      for (let round = 0; round <= ROUNDS; round++) {
        const measured = await roundOf(trial, bare, motos)
        if (round > 0) rounds.push(measured)
      }
      await bare.stop()
      rows.push(rowOf(trial, rounds))
      console.log(rows.at(-1))
    }
  } finally {
    await creating.stop()
    await describing.stop()
    await floor.stop()
    for (const moto of Object.values(motos)) await moto?.stop()
  }
  return rows
}

interface Subjects {
  readonly creating: Child
  readonly describing: Child
  readonly floor: Child
}

function trialsOf({ creating, describing, floor }: Subjects): readonly Trial[] {
  let n = 0
  const creates = (connections: number, aim: string): Trial => ({
    what: 'create, durable',
    connections,
    aim,
    server: creating,
    expect: '"InstanceId"',
    once: true,
    requests: () =>
      Array.from({ length: CREATES }, () =>
        wireRequest(creating.port, 'CreateInstance', createBody(n++)),
      ),
    moto: 'RunJobFlow',
    floor,
  })
  const again = { connections: 16, server: describing, once: false }
  const describe = (parameters: object) =>
    wireRequest(describing.port, 'DescribeInstances', { ...PAGE, ...parameters })
  return [
    creates(16, '0.12 of bare, 20 times moto'),
    creates(64, '0.12 of bare, 20 times moto'),
    {
      ...again,
      what: 'describe one',
      aim: '0.35 of bare',
      expect: '"TotalCnt":1',
      requests: () => SEEDED.map((id) => describe({ InstanceIds: [id] })),
    },
    {
      ...again,
      what: 'page of 10',
      aim: '0.25 of bare, 40 times moto',
      expect: '"TotalCnt":100',
      requests: () => [describe({})],
      moto: 'ListClusters',
    },
  ]
}

type Motos = Readonly<Record<'RunJobFlow' | 'ListClusters', Moto | undefined>>

/** Two of them: what one creates is not listed by the other, which has ten clusters, a page as Emrys answers. */
async function startMotos(): Promise<Motos> {
  const lists = await startMoto()
  if (lists) {
    const requests = Array.from({ length: 10 }, (_, at) =>
      motoRequest(lists.port, 'RunJobFlow', motoCluster(at)),
    )
    const mode = { each: 'once' } as const
    await runLoad({ port: lists.port, connections: 1, requests, mode, expect: 'JobFlowId' })
  }
  return { RunJobFlow: lists && (await startMoto()), ListClusters: lists }
}

async function answerBytesOf(trial: Trial): Promise<number> {
  const { server, expect } = trial
  const [request] = trial.requests()
  const mode = { each: 'once' } as const
  const requests = [request!]
  const { port } = server
  return (await runLoad({ port, connections: 1, requests, mode, expect })).answerBytes
}

async function roundOf(trial: Trial, bare: Child, motos: Motos): Promise<Round> {
  const { server, connections, expect } = trial
  const requests = trial.requests()
  const again = { each: 'again', forMs: FOR_MS } as const
  const mode = trial.once ? ({ each: 'once' } as const) : again
  const emrys = await timed(server, { connections, requests, mode, expect })
  const beside = await timed(bare, { connections, requests, mode: again, expect: 'Response' })
  const least =
    trial.floor && (await timed(trial.floor, { connections, requests, mode, expect: 'Response' }))
  const measured = { emrys, bare: beside, ...(least && { floor: least }) }
  const moto = trial.moto && motos[trial.moto]
  if (!trial.moto || !moto) return measured
  const { port } = moto
  const creates = Array.from({ length: MOTO_CREATES }, (_, n) =>
    motoRequest(port, 'RunJobFlow', motoCluster(n)),
  )
  const asked =
    trial.moto === 'RunJobFlow'
      ? { requests: creates, mode: { each: 'once' } as const, expect: 'JobFlowId' }
      : { requests: [motoRequest(port, 'ListClusters', {})], mode: again, expect: 'Clusters' }
  return { ...measured, moto: await timed(moto, { connections, ...asked }) }
}

/** With the processor time of each request, in microseconds. */
async function timed(
  { port, pid }: Pick<Child, 'port' | 'pid'>,
  job: Omit<Parameters<typeof runLoad>[0], 'port'>,
): Promise<Timed> {
  const beforeMs = processorMs([pid])
  const measured = await runLoad({ ...job, port })
  return { ...measured, micros: ((processorMs([pid]) - beforeMs) * 1000) / measured.count }
}

function rowOf({ what, connections, aim }: Trial, rounds: readonly Round[]): DocumentRow {
  const of = (value: (round: Round) => number | undefined, digits: number) => {
    const values = rounds.map(value).filter((each) => each !== undefined)
    return values.length === 0 ? '–' : spreadText(spread(values), digits)
  }
  return {
    'What, connections': `${what}, ${connections}`,
    'A second': of(({ emrys }) => emrys.perSecond, 0),
    'p99 ms': of(({ emrys }) => emrys.p99Ms, 1),
    'p99 of bare': of(({ bare }) => bare.p99Ms, 1),
    'Processor µs': of(({ emrys }) => emrys.micros, 0),
    'Of bare': of(({ emrys, bare }) => emrys.perSecond / bare.perSecond, 3),
    'Of bare by processor time': of(({ emrys, bare }) => bare.micros / emrys.micros, 3),
    'Floor of bare': of(({ floor, bare }) => floor && floor.perSecond / bare.perSecond, 3),
    'Of the floor': of(({ emrys, floor }) => floor && emrys.perSecond / floor.perSecond, 2),
    'Of the floor by processor time': of(
      ({ emrys, floor }) => floor && floor.micros / emrys.micros,
      2,
    ),
    'Times moto': of(({ emrys, moto }) => moto && emrys.perSecond / moto.perSecond, 1),
    'Times moto by processor time': of(({ emrys, moto }) => moto && moto.micros / emrys.micros, 1),
    Aim: aim,
  }
}
