/**
 * Nodes are safe to lose once what remains can hold the data. That is the engine's own account of its bytes against the quota of
 * the nodes that stay; an engine that keeps no account has nothing to lose with a node.
 */
import type { Trouble, Wanted } from '../port.ts'
import type { Checks } from './check.ts'
import type { Component } from './component.ts'
import type { Driver } from './driver.ts'
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

/** Where processes say for themselves whether they may go: those of the draining nodes, that is. */
function accountState(note: InstanceNote, checks: Checks): DrainState {
  const draining = new Set(
    nodesIn(note).flatMap(({ id, drainingMs }) => (drainingMs === undefined ? [] : [id])),
  )
  const kept = new Set(
    [...checks.values()].flatMap(({ process: { role }, health }) =>
      health?.drained === undefined ? [] : [role],
    ),
  )
  const leaving = [...checks.values()].filter(
    ({ process: { role, node = '' } }) => kept.has(role) && draining.has(node),
  )
  return { drained: leaving.every(({ health }) => health?.drained === true) }
}

export interface DrainState {
  readonly drained: boolean
  /** Why not, once that is known. */
  readonly trouble?: Trouble
}

/** Of all draining nodes of an instance together. */
export function drainState(component: Component, note: InstanceNote, checks: Checks): DrainState {
  const own = [...checks.values()].filter(({ health }) => health?.drained !== undefined)
  if (own.length > 0) return accountState(note, checks)
  const healths = [...checks.values()].map(({ health }) => health)
  // Whoever does not answer may hold anything.
  if (healths.some((health) => health?.answering !== true)) return { drained: false }
  const used = healths.map((health) => health?.usedBytes).filter((bytes) => bytes !== undefined)
  if (used.length === 0) return { drained: true }
  const usedBytes = used.reduce((sum, bytes) => sum + bytes, 0)
  const bytes = remainingBytes(component, note)
  if (usedBytes <= bytes) return { drained: true }
  const since = nodesIn(note).flatMap(({ drainingMs }) => drainingMs ?? [])
  const reason = `${usedBytes} bytes are used, and the nodes that stay hold ${bytes}`
  const sinceMs = Math.min(...since)
  return { drained: false, trouble: { kind: 'storage', reason, sinceMs, persists: false } }
}
