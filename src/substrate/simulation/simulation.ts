/**
 * The simulation substrate: nothing runs, everything behaves as if. Each node starts, drains and stops at the pace of its
 * family's progression, and no other node with it; a cluster that is described counts its looks.
 */
import type { Clock } from '../../kernel/clock.ts'
import type { Capabilities, Pacing, Seen, SeenGroup, SeenNode, Substrate, Wanted } from '../port.ts'
import { applied, drained } from './change.ts'
import { seenDaemons } from './daemon.ts'
import { simulatedInquiries } from './load.ts'
import { failed } from './node-fault.ts'
import {
  isDone,
  progressionOf,
  progressionText,
  type Progression,
  type Progressions,
} from './progression.ts'
import { seenRun, withRuns } from './run.ts'
import { lookAtSnapshots, snapshots } from './snapshot.ts'
import { scriptFaultTable } from './script-fault.ts'
import { changesInMs, hasEndedStep, lookedAt, settled } from './step.ts'
import type { World } from './world.ts'
import {
  WORLD_VERSION,
  type WorldCluster,
  type WorldNode,
  type WorldPhase,
} from './world-cluster.ts'

export interface SimulationOptions {
  readonly clock: Clock
  /** Closed with the substrate. */
  readonly world: World
  readonly progressions: Progressions
}

const capabilities: Capabilities = {
  families: 'any',
  encryption: true,
  publicAddress: true,
  scripts: true,
  chosenNodes: true,
  nodeSizes: true,
  configuration: true,
  daemons: true,
  snapshots: true,
  access: ['gateway', 'exposure', 'network', 'allow-list', 'encryption', 'host-alias'],
  rollout: 'node',
}

export function simulation({ clock, world, progressions }: SimulationOptions): Substrate {
  const paces = paceTable(progressions)
  const paceOf = ({ family }: Pick<WorldCluster, 'family'>) => paces.of(family)
  const copies = { world, clock, paceOf }
  const faults = scriptFaultTable()
  const now = (cluster: WorldCluster) => settled(cluster, paceOf(cluster), clock.now())
  const find = (id: string): WorldCluster | undefined => {
    const cluster = world.find(id)
    return cluster && now(cluster)
  }
  const put = async (was: WorldCluster | undefined, next: WorldCluster) => {
    if (next !== was) await world.putTogether(next)
  }
  /** What passed at the old pace stays so at the new one. */
  const settleAll = () => {
    for (const cluster of world.all()) {
      const next = now(cluster)
      if (next !== cluster) world.put(next)
    }
  }
  return {
    name: 'simulation',
    capabilities: () => capabilities,
    async observe(id) {
      const cluster = find(id)
      return cluster ? seenOf(cluster, changesInMs(cluster, paceOf(cluster), clock.now())) : absent
    },
    async apply(wanted) {
      const was = find(wanted.id)
      if (was?.removal) throw new Error(`${wanted.id} is being removed`)
      const before = was ?? begun(wanted, world, clock.now())
      await put(was, applied(before, wanted, { addresses: world, nowMs: clock.now() }))
    },
    async drain({ id }, nodes) {
      const was = find(id)
      if (was) await put(was, drained(was, nodes, clock.now()))
    },
    async run(wanted, script, nodes) {
      const was = find(wanted.id)
      if (!was) throw new Error(`a script cannot run in ${wanted.id}, which is not there`)
      const exitCode = faults.exitCodeOf(script)
      await put(was, withRuns(was, { script, nodes, nowMs: clock.now(), exitCode }))
    },
    async remove(id) {
      const was = find(id)
      if (!was) return
      const { removal } = was
      if (!removal) await put(was, { ...was, removal: { sinceMs: clock.now(), looks: 0 } })
      else if (isDone(paceOf(was), removal, clock.now())) world.remove(id)
    },
    ...interventions(world, find, clock),
    inquiries: (id) => simulatedInquiries(() => find(id)),
    onDescribe(ids) {
      // Looks are the hottest path of a describing client; they cost nothing unless somebody moves by them.
      if (!paces.anyManual()) return []
      return ids.filter((id) => {
        const was = find(id)
        if (!was || paceOf(was).mode !== 'manual') return false
        const copied = lookAtSnapshots(copies, id)
        const looked = lookedAt(was)
        if (looked) world.put(looked)
        const moved = looked !== undefined && hasEndedStep(looked, paceOf(looked), clock.now())
        return moved || copied
      })
    },
    snapshots: snapshots(copies),
    pacing: paces.pacing(settleAll),
    scriptFaults: faults,
    clear: async () => world.clear(),
    close: async () => world.close(),
  }
}

/** What happens because somebody says so. */
function interventions(
  world: World,
  find: (id: string) => WorldCluster | undefined,
  clock: Clock,
): Pick<Substrate, 'failNode' | 'setDemand'> {
  return {
    failNode(id, node, fault) {
      const next = failed(find(id), { node, fault }, clock.now())
      if (next) world.put(next)
      return next !== undefined
    },
    setDemand(id, demand) {
      const was = find(id)
      if (!was || was.removal) return false
      world.put({ ...was, demand })
      return true
    },
  }
}

interface PaceTable {
  of(family: string): Progression
  anyManual(): boolean
  pacing(beforeSet: () => void): Pacing
}

function paceTable(progressions: Progressions): PaceTable {
  const paces: Record<string, Progression> & { default: Progression } = { ...progressions }
  const hasManual = () => Object.values(paces).some(({ mode }) => mode === 'manual')
  let anyManual = hasManual()
  return {
    of: (family) => paces[family] ?? paces.default,
    anyManual: () => anyManual,
    pacing: (beforeSet) => ({
      all: () =>
        Object.fromEntries(
          Object.entries(paces).map(([family, pace]) => [family, progressionText(pace)]),
        ),
      set(family, pace) {
        const next = progressionOf(pace)
        beforeSet()
        paces[family] = next
        anyManual = hasManual()
      },
    }),
  }
}

/** A new one, before anything of it is there. */
function begun({ id, spec }: Wanted, world: World, nowMs: number): WorldCluster {
  const blank = {
    version: WORLD_VERSION,
    id,
    family: spec.software.family,
    generation: 0,
    groups: [],
  } as const
  const { origin } = spec
  if (!origin || world.findSnapshot(origin)) return blank
  const reason = `the backup ${origin.snapshot} that it should begin with is not there`
  return { ...blank, lost: { reason, sinceMs: nowMs } }
}

const absent: Seen = { present: false, generation: 0, groups: [], answering: false, endpoints: [] }

/** Phases in which the engine of a node runs. */
const UP: ReadonlySet<WorldPhase> = new Set(['serving', 'draining', 'drained'])

function seenOf(cluster: WorldCluster, inMs: number | undefined): Seen {
  const { removal, runs = [], lost, access, incidents } = cluster
  const problem = lost && ({ kind: 'storage', ...lost, persists: true } as const)
  const groups = cluster.groups.filter(({ nodes }) => nodes.length > 0)
  const up = groups.map(({ nodes }) => nodes.filter(({ phase }) => !removal && UP.has(phase)))
  const all =
    groups.length > 0 && up.every((nodes, at) => nodes.length === groups[at]?.nodes.length)
  return {
    present: true,
    generation: all ? cluster.generation : 0,
    groups: cluster.groups.map(({ id, nodes }): SeenGroup => ({
      id,
      nodes: nodes.map((node) => seenNode(node, removal !== undefined)),
      ...(problem && { problem }),
    })),
    // Clients find nobody where the way in is being changed.
    answering: groups.length > 0 && up.every((nodes) => nodes.length > 0) && !access?.opening,
    endpoints: [],
    ...(runs.length === 0 ? {} : { runs: runs.map(seenRun) }),
    ...(incidents && { incidents }),
    ...(inMs === undefined ? {} : { changesInMs: inMs }),
  }
}

function seenNode(node: WorldNode, removed: boolean): SeenNode {
  const { id, index, address, publicAddress, phase, template } = node
  const place = {
    id,
    index,
    address,
    ...(publicAddress === undefined ? {} : { publicAddress }),
  }
  if (removed) return { ...place, phase: 'stopping' }
  const runs = template && UP.has(phase) ? { runs: template } : {}
  const daemons = seenDaemons(node)
  return {
    ...place,
    phase: phase === 'allocating' ? 'starting' : phase,
    ...runs,
    ...(daemons && { daemons }),
  }
}
