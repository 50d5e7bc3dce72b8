/**
 * Services by which clients from outside the cluster of Kubernetes reach pods in it: of its own load balancers, or ports of its machines, as
 * whoever runs it says. Pure.
 */
import type { Endpoint } from '../../domain/cluster/status.ts'
import { listOf, recordOf } from '../../kernel/json.ts'
import type { GroupProblem } from '../port.ts'
import { textOf, type KubernetesObject } from './resource.ts'

/** What whoever runs the cluster has for it: addresses of their own, or ports of this host. Absent: nothing. */
export interface PublicProvision {
  readonly public?: PublicWay
}

export type PublicWay =
  | {
      readonly by: 'load-balancer'
      /** Blocks that it is reached from; absent: from everywhere. */
      readonly sources?: readonly string[]
    }
  | { readonly by: 'node-port'; readonly host: string }

export interface PublicEntry {
  readonly service: string
  /** Labels of the pods that it leads to. */
  readonly selector: Readonly<Record<string, string>>
  /** By the names of their endpoints. */
  readonly ports: Readonly<Record<string, number>>
  /** What stands before these names. */
  readonly entry: string
}

/** Beside its metadata. */
export function publicService(
  { selector, ports }: Pick<PublicEntry, 'selector' | 'ports'>,
  { public: by }: PublicProvision,
): object {
  return {
    spec: {
      type: by?.by === 'node-port' ? 'NodePort' : 'LoadBalancer',
      ...(by?.by === 'load-balancer' && by.sources && { loadBalancerSourceRanges: by.sources }),
      selector,
      ports: Object.entries(ports).map(([name, port]) => ({ name, port })),
    },
  }
}

/** Undefined as long as it has no address. */
export function publicEndpoints(
  { ports: wanted, entry }: Pick<PublicEntry, 'ports' | 'entry'>,
  service: KubernetesObject | undefined,
  { public: by }: PublicProvision,
): readonly Endpoint[] | undefined {
  const ports = listOf(recordOf(service?.['spec'])['ports']).map(recordOf)
  const [ingress] = listOf(recordOf(recordOf(service?.['status'])['loadBalancer'])['ingress']).map(
    recordOf,
  )
  const host =
    by?.by === 'node-port' ? by.host : textOf(ingress?.['ip']) || textOf(ingress?.['hostname'])
  const found = ports.flatMap((port) => {
    const number = by?.by === 'node-port' ? port['nodePort'] : port['port']
    return typeof number === 'number'
      ? [{ name: `${entry}/${textOf(port['name'])}`, host, port: number }]
      : []
  })
  return host === '' || found.length < Object.keys(wanted).length ? undefined : found
}

/** After so long nobody gives it an address. */
const ADDRESS_MS = 10 * 60_000

export function addressProblem(
  service: string,
  { sinceMs, nowMs }: { readonly sinceMs: number; readonly nowMs: number },
): GroupProblem {
  const reason = `the service ${service} has no address from outside yet`
  return { kind: 'unplaceable', reason, sinceMs, persists: nowMs - sinceMs > ADDRESS_MS }
}
