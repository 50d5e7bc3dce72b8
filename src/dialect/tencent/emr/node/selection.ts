/** Nodes by the ids that clients give: `emr-vm-…` of a node, or `ins-…` of the machine that carries it. */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { Node, NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { list, text } from '../../../../shape/shape.ts'
import { requireMachines } from '../container/extension.ts'
import { invalid } from '../refusal.ts'

export interface PlacedNode {
  readonly group: NodeGroup
  readonly node: Node
}

/** A list of `emr-vm-…`; `code` refuses what is none. Documents show ids with line ends. */
export function resourceIdList(code: string, { min }: { readonly min: number }) {
  const rule = 'it must look like emr-vm-xxxxxxxx'
  const id = text({ trim: true, pattern: /^emr-vm-[0-9a-z]{1,32}$/, rule, code })
  return list(id, { min, max: IDS_MAX, code })
}

/** A list of `ins-…`, one at least. */
export function machineIdList(code: string) {
  const rule = 'it must look like ins-xxxxxxxx'
  const id = text({ trim: true, pattern: /^ins-[0-9a-z]{1,32}$/, rule, code })
  return list(id, { min: 1, max: IDS_MAX, code })
}

export interface Selection {
  /** The parameter, for refusals. */
  readonly name: string
  readonly ids: readonly string[]
  readonly idOf: (node: Node) => string
  /** The refusal of an id that no node of the cluster has. */
  readonly code: string
}

/** The chosen nodes, each once, in the order of the cluster. Throws NotSupported for pods. */
export function selectNodes(cluster: Cluster, it: Selection): readonly PlacedNode[] {
  requireMachines(cluster)
  const { name, ids, idOf, code } = it
  const all = placedNodes(cluster)
  const known = new Set(all.map(({ node }) => idOf(node)))
  const lost = ids.findIndex((id) => !known.has(id))
  if (lost >= 0) {
    const rule = `it is no node of the cluster ${cluster.id}`
    throw invalid({ name: `${name}.${lost}`, code, rule, value: ids[lost] ?? '' })
  }
  const chosen = new Set(ids)
  return all.filter(({ node }) => chosen.has(idOf(node)))
}

export function placedNodes({ spec }: Cluster): readonly PlacedNode[] {
  return spec.groups.flatMap((group) => group.nodes.map((node) => ({ group, node })))
}

/** Far more than one request has reason to name. */
const IDS_MAX = 100
