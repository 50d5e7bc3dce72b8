/**
 * What checking and authorising cost: creates through the whole server beside creates of a ready cluster, over the same host and
 * into the same store, in rounds that take turns, so that a noisy machine disturbs all of them alike.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Measured } from './load.ts'
import { runLoad } from './process.ts'
import { createBody, wireRequest, type Key } from './request.ts'
import { median } from './spread.ts'

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 7)
const COUNT = Number(process.env['BENCH_CREATES'] ?? 2000)
const CONNECTIONS = 16
const DOORS = ['full', 'allocated', 'bare'] as const
type Door = (typeof DOORS)[number]

export interface ValidationCost {
  readonly door: Door
  /** Medians over the rounds. */
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of the server's processor time, by request; it is less disturbed by what else runs than rates are. */
  readonly cpuMicros: number
  /** The whole server's rate over this one's, round by round: its median, least and most. */
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number }
}

interface Round extends Measured {
  readonly cpuMicros: number
}

interface Ready {
  readonly ports: Readonly<Record<Door, number>>
  readonly key: Key
}

export async function validationCost(dataDir: string): Promise<readonly ValidationCost[]> {
  const child = fork(join(import.meta.dirname, 'validation-server.ts'), [dataDir], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  try {
    const [ready] = (await Promise.race([
      once(child, 'message'),
      exited.then(([code]) => Promise.reject(new Error(`the server ended early (${code})`))),
    ])) as [Ready]
    const rounds: Record<Door, Round>[] = []
    // The first round warms everything up and does not count.
    for (let round = 0; round <= ROUNDS; round++) {
      const measured = await roundOf(child, ready, round)
      if (round > 0) rounds.push(measured)
    }
    return DOORS.map((door) => costOf(door, rounds))
  } finally {
    child.disconnect()
    await exited
  }
}

async function roundOf(
  child: ChildProcess,
  { ports, key }: Ready,
  round: number,
): Promise<Record<Door, Round>> {
  const turn = [...DOORS.slice(round % DOORS.length), ...DOORS.slice(0, round % DOORS.length)]
  const measured: Partial<Record<Door, Round>> = {}
  for (const door of turn) {
    const requests = Array.from({ length: COUNT }, (_, n) =>
      wireRequest(ports[door], 'CreateInstance', createBody(round * COUNT + n), key),
    )
    const before = await cpuOf(child)
    const load = await runLoad({
      port: ports[door],
      connections: CONNECTIONS,
      requests,
      mode: { each: 'once' },
      expect: '"InstanceId"',
    })
    measured[door] = { ...load, cpuMicros: ((await cpuOf(child)) - before) / COUNT }
  }
  return measured as Record<Door, Round>
}

function costOf(door: Door, rounds: readonly Record<Door, Round>[]): ValidationCost {
  const of = (member: 'perSecond' | 'p50Ms' | 'p99Ms' | 'cpuMicros') =>
    median(rounds.map((round) => round[door][member]))
  const ratios = rounds.map((round) => round.full.perSecond / round[door].perSecond)
  return {
    door,
    perSecond: of('perSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    cpuMicros: of('cpuMicros'),
    ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
  }
}

async function cpuOf(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message')
  child.send('cpu')
  const [{ cpuMicros }] = (await answer) as [{ cpuMicros: number }]
  return cpuMicros
}
