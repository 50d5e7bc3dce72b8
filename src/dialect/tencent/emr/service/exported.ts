/** Files of a configuration as they leave a cluster and come to one: properties as JSON, in base64 (reference: the Python SDK 3.1.192, ExportConfMeta). */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { nodeStatus } from '../../../../domain/cluster/cluster.ts'
import { nodesOf } from '../../../../domain/cluster/node-group.ts'
import type { ConfigurationFile } from '../../../../domain/cluster/spec.ts'
import { listed } from '../../../../kernel/enumeration.ts'
import { object, optional, text } from '../../../../shape/shape.ts'
import { given, invalid, unsupported } from '../refusal.ts'
import { servicesOf } from './placement.ts'
import { groupOfConfiguration } from './rule.ts'

export const exportedFile = object({
  ServiceName: optional(text({ max: 64 })),
  Classification: optional(text({ max: 128 })),
  ServiceVersion: optional(text({ max: 64 })),
  Properties: optional(text({ max: 65_536, secret: true })),
})

export interface PlaceInput {
  readonly group: string | undefined
  readonly addresses: readonly string[]
}

/** The node group that a request names by its configuration group or all addresses of its nodes; undefined for the whole cluster. */
export function placeOf(cluster: Cluster, { group, addresses }: PlaceInput): string | undefined {
  const named = given(group)
  if (named !== undefined) {
    if (addresses.length > 0) throw unsupported('ConfGroupName', 'beside addresses of nodes')
    return groupOfConfiguration(cluster, servicesOf(cluster), named)
  }
  if (addresses.length === 0) return undefined
  const { groups } = cluster.spec
  const known = new Map(nodesOf(groups).map((node) => [nodeStatus(cluster, node).address, node.id]))
  const lost = addresses.find((address) => !known.has(address))
  if (lost !== undefined) {
    const rule = `it must be an address of a node: ${listed([...known.keys()])}`
    throw invalid({ name: 'Ip', code: 'InvalidParameterValue', rule, value: lost })
  }
  const chosen = new Set(addresses.map((address) => known.get(address)))
  const found = groups.find(({ nodes }) => nodes.some(({ id }) => chosen.has(id)))
  return found?.id
}

/** What is in force there, a file each; of the whole cluster what holds for all of its nodes. */
export function filesInForce(
  { spec }: Cluster,
  group: string | undefined,
): readonly ConfigurationFile[] {
  const files = new Map<string, ConfigurationFile>()
  for (const each of spec.configuration) {
    if (each.group !== undefined && each.group !== group) continue
    const key = `${each.service} ${each.file}`
    const { group: _of, ...before } = files.get(key) ?? { ...each, properties: {} }
    files.set(key, { ...before, properties: { ...before.properties, ...each.properties } })
  }
  return [...files.values()]
}

export function encodedProperties(properties: Readonly<Record<string, string>>): string {
  return Buffer.from(JSON.stringify(properties)).toString('base64')
}
