/** The memory of the machine as a budget: what runs has its part of it, and a cluster that would exceed the rest is not begun. */
import { totalmem } from 'node:os'
import type { Prospect, UnmetRequirement } from '../../domain/cluster/capability.ts'
import { nodesOf, sizeOf } from '../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../domain/cluster/spec.ts'
import type { Component } from './component.ts'
import { roleOf, type LocalOptions } from './driver.ts'
import { instancesIn } from './instance.ts'
import type { InstanceNote } from './instance-note.ts'
import { memoryShareMib } from './sizing.ts'

/** Of the machine; the rest is for everything else on it. */
const SHARE = 0.75
const BYTES_PER_MIB = 1024 ** 2

type Options = Pick<LocalOptions, 'root' | 'components' | 'share' | 'memoryMib'>

/** A change that needs no more than what is there is not refused. */
export function unmetMemory(options: Options, prospect: Prospect): UnmetRequirement | undefined {
  const { id, spec, before } = prospect
  const component = options.components.find(({ family }) => family === spec.software.family)
  if (!component?.unmet) return undefined
  const neededMib = neededBy(options, component, spec)
  if (before && neededMib <= neededBy(options, component, before)) return undefined
  const others = instancesIn(options.root).filter((note) => note.id !== id && note.running)
  const usedMib = others.reduce((sum, note) => sum + usedBy(options, note), 0)
  const leftMib = Math.max(0, budgetMib(options) - usedMib)
  return neededMib > leftMib ? { neededMib, leftMib } : undefined
}

function budgetMib({ memoryMib = 0 }: Options): number {
  return memoryMib > 0 ? memoryMib : Math.floor((totalmem() / BYTES_PER_MIB) * SHARE)
}

function neededBy(options: Options, component: Component, spec: ClusterSpec): number {
  const { groups, software } = spec
  const memoryOf = new Map(
    groups.flatMap((group) =>
      group.nodes.map((node) => [node.id, sizeOf(group, node).memoryMib] as const),
    ),
  )
  const shape = groups.flatMap(({ role, nodes }) => nodes.map(({ id }) => ({ id, role })))
  return component.plan(shape, software).reduce((sum, { role, node }) => {
    const all = nodesOf(groups).reduce((total, { id }) => total + (memoryOf.get(id) ?? 0), 0)
    const shareMib = memoryShareMib(options, memoryOf.get(node ?? '') ?? all)
    return sum + (roleOf(component, role).residentMib?.(shareMib) ?? shareMib)
  }, 0)
}

function usedBy({ components }: Options, { family, processes }: InstanceNote): number {
  const component = components.find((each) => each.family === family)
  return processes.reduce((sum, { role, loads }) => {
    const memoryMib = loads.at(-1)?.memoryMib ?? 0
    const own = component?.roles.find(({ name }) => name === role)
    return sum + (own?.residentMib?.(memoryMib) ?? memoryMib)
  }, 0)
}
