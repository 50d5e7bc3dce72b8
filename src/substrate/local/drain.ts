/**
 * Nodes are safe to lose once what remains can hold the data. That is the engine's own account of its bytes against the quota of
 * the nodes that stay; an engine that keeps no account has nothing to lose with a node.
 */
import type { GroupProblem, Wanted } from '../port.ts'
import type { Checks, ProcessCheck } from './check.ts'
import { roleOf, type Driver } from './driver.ts'
import { instanceFolder } from './instance.ts'
import { nodesIn, type InstanceNode, type InstanceNote } from './instance-note.ts'
import { remainingBytes } from './sizing.ts'

/** Nodes that are not there are safe already. */
export async function drain(
  { root, clock }: Driver,
  { id }: Wanted,
  nodes: readonly string[],
): Promise<void> {
  const folder = instanceFolder(root, id)
  const note = folder.read()
  if (!note || note.endingMs !== undefined) return
  const due = ({ id: node, drainingMs }: InstanceNode) =>
    drainingMs === undefined && nodes.includes(node)
  if (!nodesIn(note).some(due)) return
  const drainingMs = clock.now()
  const groups = note.groups.map((group) => ({
    ...group,
    nodes: group.nodes.map((node) => (due(node) ? { ...node, drainingMs } : node)),
  }))
  folder.write({ ...note, groups })
}

/** All processes know now which nodes drain. One that is killed before that leaves nodes that do not seem to drain yet. */
export function noteDrainKnown({ root }: Driver, { id }: Wanted): void {
  const folder = instanceFolder(root, id)
  const note = folder.read()
  const due = ({ drainingMs, drainKnown }: InstanceNode) =>
    drainingMs !== undefined && drainKnown === undefined
  if (!note || !nodesIn(note).some(due)) return
  const groups = note.groups.map((group) => ({
    ...group,
    nodes: group.nodes.map((node) => (due(node) ? { ...node, drainKnown: true as const } : node)),
  }))
  folder.write({ ...note, groups })
}

/** Roles whose processes say for themselves whether they may go. */
function keepingRoles(
  { component: componentOf }: Driver,
  { family }: InstanceNote,
  checks: Checks,
): ReadonlySet<string> {
  const component = componentOf(family)
  return new Set(
    [...checks.values()].flatMap(({ process: { role }, drained }) =>
      drained === undefined && !roleOf(component, role).drain ? [] : [role],
    ),
  )
}

/** Where there are such: those of the draining nodes, that is. */
function accountState(
  { data }: Driver,
  note: InstanceNote,
  { checks, keeping }: { readonly checks: Checks; readonly keeping: ReadonlySet<string> },
): DrainState {
  const leaving = drainingChecks(note, checks).filter(({ process: { role } }) => keeping.has(role))
  const drained = leaving.every((check) => check.drained === true)
  const reason = data.unmetRequirement(note.id)
  if (drained || reason === undefined) return { drained }
  return {
    drained,
    problem: { kind: 'storage', reason, sinceMs: drainingSinceMs(note), persists: true },
  }
}

/** Of the processes of the nodes that drain. */
function drainingChecks(note: InstanceNote, checks: Checks): readonly ProcessCheck[] {
  const draining = new Set(
    nodesIn(note).flatMap(({ id, drainingMs }) => (drainingMs === undefined ? [] : [id])),
  )
  return [...checks.values()].filter(({ process: { node = '' } }) => draining.has(node))
}

function drainingSinceMs(note: InstanceNote): number {
  return Math.min(...nodesIn(note).flatMap(({ drainingMs }) => drainingMs ?? []))
}

/** Has the processes of nodes that drain move what they keep: what has come meanwhile as well, so at every look. */
export async function moveAway(
  { root, component, data, log }: Driver,
  note: InstanceNote,
  checks: Checks,
): Promise<void> {
  const lacks: string[] = []
  if (!note.running || note.endingMs !== undefined) return
  for (const { process, health } of drainingChecks(note, checks)) {
    const { drain: move } = roleOf(component(note.family), process.role)
    if (!move || process.stop || health?.drained !== false) continue
    const { directory } = instanceFolder(root, note.id).files(process.name)
    const unmet = await move(directory).catch((problem: unknown) => {
      log.warn({ id: note.id, process: process.name, err: problem }, 'nothing is moved away')
      return undefined
    })
    if (unmet !== undefined) lacks.push(unmet)
  }
  data.noteUnmet(note.id, lacks[0])
}

export interface DrainState {
  readonly drained: boolean
  /** Why not, once that is known. */
  readonly problem?: GroupProblem
}

/** Of all draining nodes of an instance together. */
export function drainState(driver: Driver, note: InstanceNote, checks: Checks): DrainState {
  const keeping = keepingRoles(driver, note, checks)
  if (keeping.size > 0) return accountState(driver, note, { checks, keeping })
  const healths = [...checks.values()].map(({ health }) => health)
  // Whoever does not answer may hold anything.
  if (healths.some((health) => health?.answering !== true)) return { drained: false }
  const used = healths.map((health) => health?.usedBytes).filter((bytes) => bytes !== undefined)
  if (used.length === 0) return { drained: true }
  const usedBytes = used.reduce((sum, bytes) => sum + bytes, 0)
  const bytes = remainingBytes(driver.component(note.family), note)
  if (usedBytes <= bytes) return { drained: true }
  const reason = `${usedBytes} bytes are used, and the nodes that stay hold ${bytes}`
  const sinceMs = drainingSinceMs(note)
  return { drained: false, problem: { kind: 'storage', reason, sinceMs, persists: false } }
}
