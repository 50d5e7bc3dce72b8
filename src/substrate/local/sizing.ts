/**
 * What a process is given of the machine, and what its files stand for, from what is noted of the nodes that it serves. A process
 * of all nodes gets what its workers' sizes add up to, one of a single node what that node's size says. Pure.
 */
import { availableParallelism } from 'node:os'
import { dataGib, nodesOf, type NodeSize } from '../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../domain/cluster/spec.ts'
import type { ObjectStorage } from '../../domain/object-storage.ts'
import type { Wanted } from '../port.ts'
import { configurationOf, type ConfigurationFile } from '../../domain/cluster/spec.ts'
import type { Component, Peer, RoleWanted } from './component.ts'
import type { LocalOptions } from './driver.ts'
import {
  isDraining,
  nodesIn,
  servedBy,
  type InstanceNode,
  type InstanceNote,
  type Load,
  type ProcessNote,
} from './instance-note.ts'

/** Below this an engine cannot work at all. */
const MEMORY_MIB_MIN = 256
/** Of most machines; those that have more for each CPU get as much more of this machine's. */
const MEMORY_MIB_PER_CPU = 4096
const BYTES_PER_GIB = 1024 ** 3

export interface Sizing {
  readonly options: Pick<LocalOptions, 'share' | 'advertisedHost'>
  readonly component: Component
  readonly wanted: Wanted
  readonly note: InstanceNote
}

export function roleWanted(
  { options, component, wanted, note }: Sizing,
  process: ProcessNote,
  at: { readonly revision: number; readonly directory: string },
): RoleWanted {
  const { threads, memoryMib, quotaBytes } = loadOf({ options, component, note }, process)
  const objectStorage = objectStorageOf(wanted, process)
  return {
    id: wanted.id,
    name: wanted.name,
    version: wanted.spec.software.version,
    timeZone: wanted.spec.software.timeZone,
    ...(wanted.spec.software.metadata && { metadata: wanted.spec.software.metadata }),
    passwordNumber: wanted.spec.passwordNumber ?? 0,
    ...at,
    host: process.host,
    ports: process.ports,
    advertisedHost: options.advertisedHost,
    threads,
    memoryMib,
    quotaBytes,
    nodes: servedBy(note, process).map(({ id, role, group, zone, address: host, template }) => ({
      id,
      role,
      group,
      zone,
      host,
      version: template?.version ?? wanted.spec.software.version,
      ...(template && { size: template }),
    })),
    encrypted: wanted.spec.encryption !== undefined,
    ...givenOf(wanted.spec),
    ...(objectStorage && { objectStorage }),
    groups: note.groups.flatMap(({ name, role, nodes: own }) => {
      if (name === undefined || role === undefined) return []
      return [
        { name, role, cpus: own.reduce((sum, { template }) => sum + (template?.cpu ?? 0), 0) },
      ]
    }),
    peers: note.processes.filter(({ stop }) => stop?.next !== 'remove').map(peerOf),
    leaving: note.processes.filter((each) => isLeaving(note, each)).map(peerOf),
    configuration: settingsOf(wanted, note, process),
    access: wanted.spec.access,
    entries: note.entries ?? [],
    reveal: wanted.reveal,
  }
}

function peerOf({ role, node, host, ports }: ProcessNote): Peer {
  return { role, ...(node === undefined ? {} : { node }), host, ports }
}

function isLeaving(note: InstanceNote, process: ProcessNote): boolean {
  return process.stop?.next === 'remove' || isDraining(note, process)
}

/** A process of one node has those that are meant for it, or else for its group. */
function settingsOf(
  { spec }: Wanted,
  { groups }: InstanceNote,
  { node }: ProcessNote,
): readonly ConfigurationFile[] {
  if (node === undefined) return spec.configuration
  const own = groups.find(({ nodes }) => nodes.some(({ id }) => id === node))
  const held = nodesOf(spec.groups).find(({ id }) => id === node)?.configuration
  return held ?? configurationOf(spec, own?.id ?? '')
}

/** What is not said is as it was. */
export function objectStorageOf(
  { objectStorage }: Wanted,
  { loads }: ProcessNote,
): ObjectStorage | undefined {
  return objectStorage === undefined ? loads.at(-1)?.objectStorage : (objectStorage ?? undefined)
}

function givenOf({ catalog, linkedUser }: ClusterSpec): Pick<RoleWanted, 'catalog' | 'linkedUser'> {
  return { ...(catalog && { catalog }), ...(linkedUser === undefined ? {} : { linkedUser }) }
}

/** What the files of a revision stand for. */
export function loadOf(
  { options: { share }, component, note }: Omit<Sizing, 'wanted'>,
  process: ProcessNote,
): Omit<Load, 'revision'> {
  const nodes = servedBy(note, process)
  const counted = process.node === undefined ? workersOf(component, nodes) : nodes
  const sum = (of: (size: NodeSize) => number) =>
    counted.reduce((all, { template }) => all + (template ? of(template) : 0), 0)
  const cpus = sum(({ cpu }) => cpu)
  const memoryMib = sum((size) => size.memoryMib)
  return {
    threads: Math.max(1, Math.min(availableParallelism(), Math.round(cpus * share.threads))),
    memoryMib: memoryShareMib({ share }, memoryMib),
    quotaBytes: quotaBytesOf(counted),
    templates: Object.fromEntries(
      nodes.flatMap(({ id, template }) => {
        if (!template) return []
        const { restarts: _apart, ...rest } = template
        return [[id, rest]]
      }),
    ),
  }
}

/** What nodes with so much memory get of this machine's. */
export function memoryShareMib({ share }: Pick<LocalOptions, 'share'>, memoryMib: number): number {
  return Math.max(MEMORY_MIB_MIN, Math.round((memoryMib / MEMORY_MIB_PER_CPU) * share.memoryMib))
}

function workersOf(
  { workers }: Component,
  nodes: readonly InstanceNode[],
): readonly InstanceNode[] {
  return nodes.filter(({ role }) => workers.includes(role))
}

function quotaBytesOf(nodes: readonly InstanceNode[]): number {
  return (
    nodes.reduce((sum, { template }) => sum + (template ? dataGib(template) : 0), 0) * BYTES_PER_GIB
  )
}

/** Bytes of data that the nodes may hold that are not draining. */
export function remainingBytes(component: Component, note: InstanceNote): number {
  const remaining = nodesIn(note).filter(({ drainingMs }) => drainingMs === undefined)
  return quotaBytesOf(workersOf(component, remaining))
}
