/** The note of an instance after what is wanted of it: its nodes and its processes. Existing addresses stay as they are. */
import { templateOf, type NodeTemplate, type Software } from '../../domain/cluster/spec.ts'
import type { Node, NodeGroup } from '../../domain/cluster/node-group.ts'
import type { Wanted } from '../port.ts'
import type { Component } from './component.ts'
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

/** With the nodes that are wanted, and those that are not and cannot be lost yet. */
export function withNodes(
  was: InstanceNote,
  wanted: Wanted,
  { component, lost }: { readonly component: Component; readonly lost: ReadonlySet<string> },
): InstanceNote {
  const { spec } = wanted
  const known = new Map(nodesIn(was).map((node) => [node.id, node]))
  const held = new Set([...known.values()].map(({ address }) => address))
  const shape = spec.groups.flatMap(({ role, nodes }) => nodes.map(({ id }) => ({ id, role })))
  const listening = new Set(component.plan(shape, spec.software).flatMap(({ node }) => node ?? []))
  const addressOf = (node: Node): string => {
    if (listening.has(node.id)) return listenAddress(was.host, held)
    return node.address ?? nodeAddress(was.host, held)
  }
  const place = (group: NodeGroup, node: Node): InstanceNode => {
    const address = known.get(node.id)?.address ?? addressOf(node)
    held.add(address)
    const { id, index } = node
    const { role, name, zone } = group
    const template = supported(component, templateOf(spec, group, node))
    return { id, index, address, role, group: name, zone, template }
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

/** With a process for each that the component plans, and those that it does not on their way out. */
export async function withProcesses(
  { clock }: Driver,
  was: InstanceNote,
  { component, software }: { readonly component: Component; readonly software: Software },
): Promise<InstanceNote> {
  const plans = component.plan(nodesIn(was), software)
  const names = new Set(plans.map(processName))
  const kept = was.processes.map((process): ProcessNote => {
    if (!names.has(process.name)) return ending(process, 'remove', clock.now())
    if (process.stop?.next === 'remove') throw new Error(`${process.name} is still being removed`)
    if (!was.running) return ending(process, 'rest', clock.now())
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
    fresh.push(was.running ? process : ending(process, 'rest', clock.now()))
  }
  return { ...was, processes: [...kept, ...fresh] }
}

function ending(process: ProcessNote, next: 'rest' | 'remove', sinceMs: number): ProcessNote {
  return process.stop?.next === next ? process : { ...process, stop: { next, sinceMs } }
}
