/** Clusters as the console shows them: what is recorded of them, in the words of the core, and never a secret. Pure. */
import { nodeStatus, type Cluster } from '../domain/cluster/cluster.ts'
import { sizeOf, type NodeGroup } from '../domain/cluster/node-group.ts'
import type { Operation } from '../domain/operation.ts'

export function rowOf(it: Cluster) {
  const nodes = it.spec.groups.flatMap((group) => group.nodes)
  return {
    id: it.id,
    name: it.name,
    account: it.account,
    product: it.product,
    family: it.spec.software.family,
    version: it.spec.software.version,
    region: it.region,
    state: it.status.state,
    reason: it.status.reason,
    sinceMs: it.status.stateSinceMs,
    createdMs: it.createdMs,
    substrate: it.substrate,
    nodes: nodes.length,
    ready: nodes.filter((node) => nodeStatus(it, node).ready).length,
  }
}

/** A setting of such a name may hold what opens something; its value is not shown. */
const SECRET = /pass(word|wd)?|secret|token|credential|access[._-]?key|private/i

export function configurationOf({ spec }: Cluster) {
  return spec.configuration.map(({ properties, ...file }) => ({
    ...file,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, SECRET.test(name) ? null : value]),
    ),
  }))
}

export function wholeOf(it: Cluster) {
  const { change, charge, status } = it
  return {
    ...rowOf(it),
    tags: it.tags,
    resourceGroup: it.resourceGroup,
    components: it.spec.software.components,
    network: it.spec.network,
    groups: it.spec.groups.map((group) => groupOf(it, group)),
    // What answers nowhere is not to be copied.
    endpoints: status.state === 'running' ? (status.endpoints ?? []) : [],
    incidents: status.incidents ?? [],
    usedBytes: status.usedBytes ?? null,
    charge: { mode: charge.mode, expiresMs: charge.expiresMs ?? null, autoRenew: charge.autoRenew },
    change: change
      ? {
          kind: change.kind,
          operation: change.operation,
          startedMs: change.startedMs,
          deadlineMs: change.deadlineMs,
          reverting: change.reverting ?? null,
        }
      : null,
  }
}

function groupOf(cluster: Cluster, group: NodeGroup) {
  const { id, role, name, zone, machine } = group
  return {
    id,
    role,
    name,
    zone,
    machine,
    nodes: group.nodes.map((node) => {
      const { cpu, memoryMib } = sizeOf(group, node)
      const seen = nodeStatus(cluster, node)
      return {
        id: node.id,
        name: node.name,
        cpu,
        memoryMib,
        address: seen.address,
        ready: seen.ready,
        daemons: (seen.daemons ?? []).map(({ service, name: daemon, state }) => ({
          service,
          name: daemon,
          state,
        })),
      }
    }),
  }
}

export function operationOf(it: Operation) {
  return {
    id: it.id,
    cluster: it.cluster,
    verb: it.verb,
    subject: it.subject ?? null,
    status: it.status,
    progress: it.progress,
    by: it.by ?? null,
    detail: it.detail ?? null,
    before: it.before ?? null,
    after: it.after ?? null,
    startedMs: it.startedMs,
    endedMs: it.endedMs ?? null,
    steps: it.steps.map((step) => ({
      name: step.name,
      status: step.status,
      startedMs: step.startedMs ?? null,
      endedMs: step.endedMs ?? null,
      reason: step.reason ?? null,
    })),
  }
}

export type ClusterRow = ReturnType<typeof rowOf>
export type WholeCluster = ReturnType<typeof wholeOf>
