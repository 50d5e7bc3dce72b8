/**
 * What is seen of an instance: which of its processes are there and what they answer now. What a node runs is what its process
 * says it has read, never what was written for it.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Endpoint } from '../../domain/cluster/status.ts'
import type { NodeTemplate } from '../../domain/cluster/spec.ts'
import type { ObjectStorage } from '../../domain/object-storage.ts'
import type { Workload } from '../../domain/cluster/workload.ts'
import type { NodePhase, Seen, SeenGroup, SeenNode, GroupProblem } from '../port.ts'
import { checkAll, isUp, servingIt, type Checks, type ProcessCheck } from './check.ts'
import type { RoleHealth } from './component.ts'
import { afterLook, soonMs, problemOf } from './condition.ts'
import { daemonStatuses, hasStopped, isNotAwaited, isOptional, ranDaemons } from './daemon-order.ts'
import { drainState, type DrainState } from './drain.ts'
import type { Driver } from './driver.ts'
import { instanceFolder } from './instance.ts'
import { seenRuns } from './script-run.ts'
import { nodesIn, type InstanceNode, type InstanceNote, type Load } from './instance-note.ts'

/** A process ends in well under a second. */
const SOON_MS = 50
/** Where something is wrong, or data have to go first. */
const LATER_MS = 1_000
const BYTES_PER_MIB = 1024 ** 2

const absent: Seen = { present: false, generation: 0, groups: [], answering: false, endpoints: [] }

export async function observe(driver: Driver, id: string): Promise<Seen> {
  const folder = instanceFolder(driver.root, id)
  const note = folder.read()
  if (!note) return folder.exists() ? { ...absent, present: true } : absent
  const checks = await checkAll(driver, note)
  rememberAnswers(driver, note, checks)
  return seenOf(driver, note, checks)
}

/** One that has answered anybody is up: when it falls silent, that is no slow start. */
function rememberAnswers(driver: Driver, { id }: InstanceNote, checks: Checks): void {
  const { conditions, supervision: timeouts } = driver
  for (const check of checks.values()) {
    const { process, pid } = check
    if (pid === undefined || !isUp(check)) continue
    const look = { pid, problem: undefined }
    const was = conditions.of(id, process.name)
    conditions.set(id, process.name, afterLook(was, look, { now: driver.now(), timeouts }))
  }
}

export function seenOf(driver: Driver, note: InstanceNote, checks: Checks): Seen {
  const draining = nodesIn(note).some(({ drainingMs }) => drainingMs !== undefined)
  const drain = draining ? drainState(driver, note, checks) : undefined
  const groups = note.groups.map((group): SeenGroup => {
    const nodes = group.nodes.map((node) => seenNode(driver, note, { node, checks, drain }))
    const problem = problemIn(driver, note, { nodes: group.nodes, checks, drain })
    return { id: group.id, nodes, ...(problem && { problem }) }
  })
  const runs = seenRuns(driver, note)
  const inMs = runs?.some(({ phase }) => phase === 'running')
    ? SOON_MS
    : changesInMs(groups, paceOf(driver, checks))
  const usedBytes = usedBytesOf(note, checks)
  const workload = workloadOf(checks)
  const objectStorage = objectStorageIn(checks)
  const live = note.running && note.endingMs === undefined
  return {
    present: true,
    generation: live ? generationOf(note, checks) : 0,
    groups,
    answering: live && isAnswering(checks),
    endpoints: live ? endpointsOf(checks) : [],
    ...(usedBytes === undefined ? {} : { usedBytes }),
    ...(runs ? { runs } : {}),
    ...(note.incidents ? { incidents: note.incidents } : {}),
    ...(note.remark === undefined ? {} : { remark: note.remark }),
    ...(workload && { workload }),
    ...(objectStorage && { objectStorage }),
    ...(inMs === undefined ? {} : { changesInMs: inMs }),
  }
}

/** The same for all that work with some, by the revision that the first of them confirms. */
function objectStorageIn(checks: Checks): ObjectStorage | undefined {
  for (const { process, health } of checks.values()) {
    const load = process.loads.findLast(({ revision }) => revision === health?.revision)
    if (load?.objectStorage) return load.objectStorage
  }
  return undefined
}

/** So coarse that data which come and go are no news each second. */
const USED_STEPS = 100

/** Undefined unless every process says how much it keeps. */
function usedBytesOf({ processes }: InstanceNote, checks: Checks): number | undefined {
  const used = [...checks.values()].map(({ health }) => health?.usedBytes)
  if (used.length === 0 || !used.every((bytes) => bytes !== undefined)) return undefined
  const sum = used.reduce((all, bytes) => all + bytes, 0)
  const quota = processes.reduce((all, { loads }) => all + (loads.at(-1)?.quotaBytes ?? 0), 0)
  const step = Math.max(1, Math.floor(quota / USED_STEPS))
  return Math.ceil(sum / step) * step
}

/** Of the first process that counts: it is where clients ask. Undefined unless all are up. */
function workloadOf(checks: Checks): Workload | undefined {
  const all = [...checks.values()]
  const counted = all.every(isUp) ? all.find(({ health }) => health?.workload) : undefined
  const workload = counted?.health?.workload
  if (!workload) return undefined
  const { slowStatements, failedLoads } = workload
  return {
    ...workload,
    slowStatements: roundedDown(slowStatements),
    failedLoads: roundedDown(failedLoads),
  }
}

/** To two digits, so that an engine of which every statement is slow is no news each second. */
function roundedDown(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1)
  return Math.floor(count / step) * step
}

interface Findings {
  readonly checks: Checks
  readonly drain: DrainState | undefined
}

function seenNode(
  driver: Driver,
  note: InstanceNote,
  { node, checks, drain }: Findings & { readonly node: InstanceNode },
): SeenNode {
  const { id, index, address, drainKnown } = node
  const own = servingIt(checks, id)
  const component = driver.component(note.family)
  const conditionOf = (name: string) => driver.conditions.of(note.id, name)
  const daemons = daemonStatuses(node, { note, component, own, conditionOf })
  const place = { id, index, address, ...(daemons && { daemons }) }
  const needed = own.filter((check) => !isOptional(check, conditionOf(check.process.name)))
  const phase = phaseOf(note, own, needed)
  if (phase !== 'serving') return { ...place, phase }
  const runs = runsOf(node, own, needed)
  const up: NodePhase =
    drainKnown === undefined ? 'serving' : drain?.drained ? 'drained' : 'draining'
  return { ...place, phase: up, ...(runs && { runs }) }
}

/** `needed`: those of its own without which it does not serve. */
function phaseOf(
  note: InstanceNote,
  own: readonly ProcessCheck[],
  needed: readonly ProcessCheck[],
): NodePhase {
  if (note.endingMs !== undefined) return 'stopping'
  const isThere = own.some(({ pid }) => pid !== undefined)
  if (!note.running) return isThere ? 'stopping' : 'stopped'
  if (note.held && own.some(({ process }) => !process.started)) return 'prepared'
  if (needed.every(isUp)) return 'serving'
  const isComing = own.some(({ process }) => process.stop || !process.started)
  return isThere || isComing ? 'starting' : 'stopped'
}

/** Undefined when its processes do not say it, or not all the same. */
function runsOf(
  node: InstanceNode,
  own: readonly ProcessCheck[],
  needed: readonly ProcessCheck[],
): NodeTemplate | undefined {
  const ran = node.daemons ? ranDaemons(node, own) : {}
  // Where nothing runs, nothing can differ.
  if (needed.length === 0) return node.template && { ...node.template, ...ran }
  const { id } = node
  const loads = needed.map(({ process, health }) => confirmedLoad(process.loads, health))
  const [first, ...others] = loads.map((load) =>
    node.daemons ? withoutDaemons(load?.templates[id]) : load?.templates[id],
  )
  if (!first || !others.every((other) => isDeepStrictEqual(other, first))) return undefined
  const counters = needed.map(({ process }) => process.restarts[id] ?? 0)
  return { ...first, ...ran, restarts: Math.min(...counters) }
}

/** What is wanted of daemons alone is in no file of theirs. */
function withoutDaemons(template: Load['templates'][string] | undefined) {
  if (!template) return undefined
  const { daemons: _apart, ...rest } = template
  return rest
}

/** What the process says that it works with; sizes that it reports have to be those of the revision that it reports. */
function confirmedLoad(loads: readonly Load[], health: RoleHealth | undefined): Load | undefined {
  const load = loads.findLast(({ revision }) => revision === health?.revision)
  if (!load || !health) return undefined
  const { threads, memoryBytes, storageBytes } = health
  const confirmed =
    (threads ?? load.threads) === load.threads &&
    (memoryBytes ?? load.memoryMib * BYTES_PER_MIB) === load.memoryMib * BYTES_PER_MIB &&
    (storageBytes ?? load.quotaBytes) === load.quotaBytes
  return confirmed ? load : undefined
}

/** Of several processes, some may have taken over what others refused: then there is no generation that all run. */
function generationOf(note: InstanceNote, checks: Checks): number {
  const all = [...checks.values()]
  if (!all.every((check) => !check.process.order?.stopped || hasStopped(check))) return 0
  const needed = all.filter((check) => !isNotAwaited(check))
  const current = needed.every(
    (check) => isUp(check) && check.health?.revision === check.process.revision,
  )
  const divided = needed.length > 1 && needed.some(({ process }) => process.refused)
  return current && !divided && all.length > 0 ? note.generation : 0
}

/** Every role by one process at least, of those that shall run. */
function isAnswering(checks: Checks): boolean {
  const all = [...checks.values()].filter((check) => !isNotAwaited(check))
  const roles = new Set(all.map(({ process }) => process.role))
  const up = new Set(all.filter(isUp).map(({ process }) => process.role))
  return checks.size > 0 && [...roles].every((role) => up.has(role))
}

/** One of each name, of the first process that has it. */
function endpointsOf(checks: Checks): readonly Endpoint[] {
  const found = new Map<string, Endpoint>()
  for (const check of checks.values())
    for (const endpoint of isUp(check) ? (check.health?.endpoints ?? []) : [])
      if (!found.has(endpoint.name)) found.set(endpoint.name, endpoint)
  return [...found.values()]
}

/** What waiting does not help comes first. */
function problemIn(
  { conditions }: Driver,
  note: InstanceNote,
  { nodes, checks, drain }: Findings & { readonly nodes: readonly InstanceNode[] },
): GroupProblem | undefined {
  if (note.endingMs !== undefined || !note.running) return undefined
  const own = nodes.flatMap(({ id }) => servingIt(checks, id))
  const refusal =
    note.unsupported ??
    note.origin?.refused ??
    own.find(({ process }) => process.refused)?.process.refused
  if (refusal) {
    const { kind, reason, sinceMs } = refusal
    return { kind, reason, sinceMs, persists: true }
  }
  const problems = own
    .filter((check) => !isNotAwaited(check))
    .map((check) => {
      const { name, role } = check.process
      return problemOf(conditions.of(note.id, name), role, isUp(check))
    })
  const drains = nodes.some(({ drainingMs }) => drainingMs !== undefined)
  return problems.find((problem) => problem !== undefined) ?? (drains ? drain?.problem : undefined)
}

/** How soon a node that is starting is looked at again: by what was started last of it and is not up. */
function paceOf({ clock }: Driver, checks: Checks) {
  const nowMs = clock.now()
  return (node: string): number => {
    const coming = servingIt(checks, node).filter((check) => !isUp(check))
    return Math.min(LATER_MS, ...coming.map(({ process }) => soonMs(process.sinceMs, nowMs)))
  }
}

function changesInMs(
  groups: readonly SeenGroup[],
  pace: (node: string) => number,
): number | undefined {
  const moving = groups.flatMap(({ nodes, problem }) =>
    nodes
      .filter(({ phase }) => phase === 'starting' || phase === 'stopping' || phase === 'draining')
      .map(({ id, phase }) => {
        if (problem) return LATER_MS
        return phase === 'starting' ? pace(id) : SOON_MS
      }),
  )
  return moving.length === 0 ? undefined : Math.min(...moving)
}
