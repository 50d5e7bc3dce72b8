/** The note of an instance after what is wanted of it: its nodes and its processes. Existing addresses stay as they are. */
import { isSameDaemon } from '../../domain/cluster/daemon.ts'
import { templateOf, type ClusterSpec, type NodeTemplate } from '../../domain/cluster/spec.ts'
import type { Node, NodeGroup } from '../../domain/cluster/node-group.ts'
import type { Wanted } from '../port.ts'
import type { Component } from './component.ts'
import { daemonOf, wantedDaemons, withOrder } from './daemon-order.ts'
import { roleOf, type Driver } from './driver.ts'
import { instanceFolder, instancesIn } from './instance.ts'
import {
  NOTE_VERSION,
  nodesIn,
  processName,
  type EntryNote,
  type InstanceNode,
  type InstanceNote,
  type ProcessNote,
} from './instance-note.ts'
import { freeHost, listenAddress, nodeAddress, portsOn } from './loopback-address.ts'

/** One at a time and written at once: an address that was found free stays free for nobody else. */
export function newNote(
  { root, withLock }: Driver,
  { id, spec }: Wanted,
  component: Component,
): Promise<InstanceNote> {
  return withLock('allocate-address', async () => {
    const held = new Set(instancesIn(root).map((note) => note.host))
    const ports = component.roles.flatMap(({ standardPorts }) => standardPorts)
    const note: InstanceNote = {
      version: NOTE_VERSION,
      id,
      family: component.family,
      generation: 0,
      running: spec.running,
      host: await freeHost(root, held, ports),
      ...(spec.origin ? { origin: spec.origin } : {}),
      ...(spec.encryption ? { encrypted: true as const } : {}),
      groups: [],
      processes: [],
    }
    instanceFolder(root, id).write(note)
    return note
  })
}

interface NodeFindings {
  readonly component: Component
  /** May go. */
  readonly lost: ReadonlySet<string>
  /** Run what was wanted of their daemons until now. */
  readonly settled: ReadonlySet<string>
}

/** With the nodes that are wanted, and those that are not and cannot be lost yet. */
export function withNodes(
  was: InstanceNote,
  wanted: Wanted,
  { component, lost, settled }: NodeFindings,
): InstanceNote {
  const { spec } = wanted
  const daemons = wantedDaemons(component, spec)
  const known = new Map(nodesIn(was).map((node) => [node.id, node]))
  const held = new Set([...known.values()].map(({ address }) => address))
  const shape = spec.groups.flatMap(({ role, nodes }) => nodes.map(({ id }) => ({ id, role })))
  const listening = new Set(component.plan(shape, spec.software).flatMap(({ node }) => node ?? []))
  const addressOf = (node: Node): string => {
    if (listening.has(node.id)) return listenAddress(was.host, held)
    return node.address ?? nodeAddress(was.host, held)
  }
  const place = (group: NodeGroup, node: Node): InstanceNode => {
    const before = known.get(node.id)
    const address = before?.address ?? addressOf(node)
    held.add(address)
    const { id, index } = node
    const { role, name, zone } = group
    const template = supported(component, templateOf(spec, group, node))
    const own = daemons.get(id)
    return {
      id,
      index,
      address,
      role,
      group: name,
      zone,
      template,
      ...(own && { daemons: own.map(({ service, name: daemon }) => ({ service, name: daemon })) }),
      ...(before && own && ranBefore(before, template, settled)),
    }
  }
  const ids = new Set(shape.map(({ id }) => id))
  const heldOf = (id: string) =>
    was.groups
      .find((group) => group.id === id)
      ?.nodes.filter((node) => !ids.has(node.id) && !lost.has(node.id)) ?? []
  const wantedGroups = spec.groups.map((group) => ({
    id: group.id,
    role: group.role,
    name: group.name,
    nodes: [...group.nodes.map((node) => place(group, node)), ...heldOf(group.id)],
  }))
  const others = was.groups
    .filter(({ id }) => !spec.groups.some((group) => group.id === id))
    .map((group) => ({ ...group, nodes: heldOf(group.id) }))
    .filter(({ nodes }) => nodes.length > 0)
  const { held: _before, ...kept } = was
  const holds = wanted.hold ? { held: true as const } : {}
  return { ...kept, ...holds, running: spec.running, groups: [...wantedGroups, ...others] }
}

/** What it runs of its daemons until what is wanted now is done. */
function ranBefore(
  { id, template, before }: InstanceNode,
  wanted: NodeTemplate,
  settled: ReadonlySet<string>,
): Pick<InstanceNode, 'before'> {
  if (wanted.daemons === template?.daemons) return before ? { before } : {}
  if (before && !settled.has(id)) return { before }
  const { daemons } = template ?? {}
  return { before: daemons === undefined ? {} : { daemons } }
}

/** With an address for each that clients come by. One stays where it is for as long as it is wanted. */
export async function withEntries(
  was: InstanceNote,
  { spec }: Wanted,
  component: Component,
): Promise<InstanceNote> {
  const { entries: before = [], ...rest } = was
  const plans = component.entries?.(spec) ?? []
  if (plans.length === 0) return rest
  const known = new Map(before.map((entry) => [entry.name, entry]))
  const held = new Set([was.host, ...nodesIn(was).map(({ address }) => address)])
  for (const { host } of before) held.add(host)
  const entries: EntryNote[] = []
  for (const { name, standardPorts } of plans) {
    const found = known.get(name)
    const host = found?.host ?? listenAddress(was.host, held)
    held.add(host)
    entries.push(found ?? { name, host, ports: await portsOn(host, standardPorts) })
  }
  return { ...rest, entries }
}

/** Settings that have no effect are no part of what a node runs. */
function supported({ configuration }: Component, template: NodeTemplate): NodeTemplate {
  return configuration ? template : { ...template, configuration: '' }
}

interface ProcessFindings {
  readonly component: Component
  readonly spec: ClusterSpec
  /** Nodes that had all their processes before. */
  readonly known: ReadonlySet<string>
}

/** With a process for each that the component plans, and those that it does not on their way out. */
export async function withProcesses(
  { clock }: Driver,
  was: InstanceNote,
  { component, spec, known }: ProcessFindings,
): Promise<InstanceNote> {
  const plans = component.plan(nodesIn(was), spec.software)
  const names = new Set(plans.map(processName))
  const nowMs = clock.now()
  const daemons = wantedDaemons(component, spec)
  const ordered = (process: ProcessNote): ProcessNote => {
    const name = daemonOf(component, process)
    const own = daemons.get(process.node ?? '') ?? []
    const wanted = name && own.find((each) => isSameDaemon(each, name))
    return withOrder(process, wanted, nowMs)
  }
  const kept = was.processes.map((before): ProcessNote => {
    if (!names.has(before.name)) return ending(before, 'remove', nowMs)
    if (before.stop?.next === 'remove') throw new Error(`${before.name} is still being removed`)
    const process = ordered(before)
    if (!was.running || process.order?.stopped) return ending(process, 'rest', nowMs)
    if (process.stop?.next !== 'rest') return process
    return { ...process, stop: { ...process.stop, next: 'start' } }
  })
  const fresh: ProcessNote[] = []
  for (const plan of plans) {
    const name = processName(plan)
    if (kept.some((process) => process.name === name)) continue
    const host = nodesIn(was).find(({ id }) => id === plan.node)?.address ?? was.host
    const ports = await portsOn(host, roleOf(component, plan.role).standardPorts)
    const process = { ...plan, name, host, ports, revision: 0, loads: [], restarts: {} }
    const isLater = daemonOf(component, process) !== undefined && known.has(plan.node ?? '')
    const it = isLater ? { ...process, order: { alone: true as const } } : process
    fresh.push(was.running ? it : ending(it, 'rest', nowMs))
  }
  return { ...was, processes: [...kept, ...fresh] }
}

function ending(process: ProcessNote, next: 'rest' | 'remove', sinceMs: number): ProcessNote {
  return process.stop?.next === next ? process : { ...process, stop: { next, sinceMs } }
}
