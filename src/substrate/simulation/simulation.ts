/**
 * The simulation substrate: nothing runs, everything behaves as if. Clusters start, answer and stop at the pace of their
 * progression; nodes get addresses; a described cluster counts its looks.
 */
import type { Clock } from '../../kernel/clock.ts'
import type { NodeGroup } from '../../domain/cluster/node-group.ts'
import type { Seen, SeenGroup, Substrate, Wanted } from '../port.ts'
import { doneInMs, isDone, type Progression, type Progressions } from './progression.ts'
import { scriptFaults, type ScriptFaults } from './script-fault.ts'
import { isBusy, seeRun, settled, withRuns } from './step.ts'
import type { World, WorldCluster, WorldGroup } from './world.ts'

export interface Simulation extends Substrate, ScriptFaults {
  /** Notes that a client looked at the cluster; true when that look completed a step, so that it is worth reconciling now. */
  described(id: string): boolean
  progressions(): Progressions
  /** Changes the pace, for clusters under way as well. */
  setProgression(family: string, progression: Progression): void
  readonly world: World
}

export interface SimulationOptions {
  readonly clock: Clock
  readonly world: World
  readonly progressions: Progressions
}

export function simulation({ clock, world, progressions }: SimulationOptions): Simulation {
  const paces: Record<string, Progression> & { default: Progression } = { ...progressions }
  // Looks are the hottest path of a describing client; they cost nothing unless somebody moves by them.
  const hasManual = () => Object.values(paces).some((pace) => pace.mode === 'manual')
  let anyManual = hasManual()
  const paceOf = (cluster: WorldCluster): Progression => paces[cluster.family] ?? paces.default
  const faults = scriptFaults()
  const find = (id: string): WorldCluster | undefined => {
    const cluster = world.find(id)
    return cluster && settled(cluster, paceOf(cluster), clock.now())
  }

  return {
    name: 'simulation',
    capabilities: { families: 'any', encryption: true, publicAddress: true },
    world,
    ...faults,
    async observe(id) {
      const cluster = find(id)
      return cluster ? seenOf(cluster, doneInMs(paceOf(cluster), cluster, clock.now())) : absent
    },
    async ensureGroup(wanted, group) {
      const was = find(wanted.id) ?? blank(wanted, clock.now())
      const placed = withGroup(was, wanted, group, world)
      const held = was.phase === 'allocating' || was.phase === 'prepared'
      if ((held && !wanted.hold) || placed.generation !== was.generation)
        world.put(restarted(placed, clock.now()))
      else if (placed !== was) world.put(placed)
    },
    async runScript(wanted, script, nodes) {
      const was = find(wanted.id)
      if (!was) throw new Error(`a script cannot run in ${wanted.id}, which is not there`)
      const run = { script, nodes, nowMs: clock.now(), exitCode: faults.exitCodeOf(script) }
      const next = withRuns(was, run)
      if (next !== was) world.put(next)
    },
    async destroy(id) {
      const cluster = world.find(id)
      if (!cluster) return
      if (cluster.phase !== 'stopping')
        world.put({ ...cluster, phase: 'stopping', sinceMs: clock.now(), looks: 0 })
      else if (isDone(paceOf(cluster), cluster, clock.now())) world.remove(id)
    },
    described(id) {
      if (!anyManual) return false
      const cluster = find(id)
      if (!cluster || !isBusy(cluster) || paceOf(cluster).mode !== 'manual') return false
      const looked = { ...cluster, looks: cluster.looks + 1 }
      world.put(looked)
      return isDone(paceOf(looked), looked, clock.now())
    },
    progressions: () => paces,
    setProgression(family, progression) {
      paces[family] = progression
      anyManual = hasManual()
    },
    close: async () => world.close(),
  }
}

function seenOf(cluster: WorldCluster, changesInMs: number | undefined): Seen {
  const { phase, runs = [] } = cluster
  return {
    present: true,
    generation: phase === 'ready' ? cluster.generation : 0,
    groups: cluster.groups.map((group): SeenGroup => seeGroup(group, phase)),
    answering: phase === 'ready',
    endpoints: [],
    ...(runs.length === 0 ? {} : { runs: runs.map(seeRun) }),
    ...(changesInMs === undefined || !isBusy(cluster) ? {} : { changesInMs }),
  }
}

const absent: Seen = { present: false, generation: 0, groups: [], answering: false, endpoints: [] }

function blank(wanted: Wanted, nowMs: number): WorldCluster {
  const family = wanted.spec.software.family
  return {
    id: wanted.id,
    family,
    phase: wanted.hold ? 'allocating' : 'starting',
    generation: wanted.spec.generation,
    sinceMs: nowMs,
    looks: 0,
    groups: [],
  }
}

function restarted(cluster: WorldCluster, nowMs: number): WorldCluster {
  return { ...cluster, phase: 'starting', sinceMs: nowMs, looks: 0 }
}

function seeGroup(group: WorldGroup, phase: WorldCluster['phase']): SeenGroup {
  return {
    id: group.id,
    phase: phase === 'allocating' ? 'starting' : phase,
    nodes: group.nodes.map((node) => ({ ...node, ready: phase === 'ready' })),
  }
}

/** The cluster with the group as wanted; the same object when it is there already. */
function withGroup(
  was: WorldCluster,
  wanted: Wanted,
  group: NodeGroup,
  world: World,
): WorldCluster {
  const known = was.groups.find((each) => each.id === group.id)
  const same =
    known?.nodes.length === group.nodes.length &&
    group.nodes.every((node, at) => known.nodes[at]?.id === node.id)
  if (same && was.generation === wanted.spec.generation) return was
  const nodes = group.nodes.map(
    (node) =>
      known?.nodes.find((each) => each.id === node.id) ?? {
        id: node.id,
        address: node.address ?? address(world),
        ...(group.exposed === true
          ? { publicAddress: node.publicAddress ?? publicAddress(world) }
          : {}),
      },
  )
  const others = was.groups.filter((each) => each.id !== group.id)
  return {
    ...was,
    generation: wanted.spec.generation,
    groups: [...others, { id: group.id, nodes }],
  }
}

/** Simulated nodes without a reserved address get one of 10.0.0.0/8, in order, never the same twice. */
function address(world: World): string {
  const number = world.nextAddress() % 0xffffff
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
}

/** Public addresses come from 198.18.0.0/15, which is set aside for tests and routed nowhere. They return after 131,072. */
function publicAddress(world: World): string {
  const number = world.nextAddress() & 0x1ffff
  return `198.${18 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`
}
