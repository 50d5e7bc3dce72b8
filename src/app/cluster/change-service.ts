/** Services of a running cluster, without the rest of it: their daemons are started, stopped and left alone, or more are added. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import {
  withDaemonOrders,
  type DaemonPlacement,
  type DaemonRequest,
} from '../../domain/cluster/daemon.ts'
import { withComponents, type ClusterSpec } from '../../domain/cluster/spec.ts'
import type { Call } from '../call.ts'
import type { ChangeCall } from './change.ts'

export interface ServiceRequest extends Pick<DaemonRequest, 'act' | 'maintenance'> {
  /** Decided on the cluster as it is in the transaction; may throw a Fault. */
  readonly chosen: (was: Cluster) => DaemonRequest['chosen']
  /** What runs on the nodes of a cluster whose spec does not say it. */
  readonly daemons: (was: Cluster) => readonly DaemonPlacement[]
  /** So many nodes at a time, with a pause between them; all at once without it. */
  readonly batch?: { readonly nodes: number; readonly pauseMs: number }
}

export interface InstallRequest {
  /** Decided on the cluster as it is in the transaction; may throw a Fault. */
  readonly more: (was: Cluster) => {
    readonly components: readonly string[]
    readonly daemons: readonly DaemonPlacement[]
  }
  readonly daemons: ServiceRequest['daemons']
}

export function serviceCall(
  call: Call,
  id: string,
  { act, maintenance, chosen, daemons, batch }: ServiceRequest,
): ChangeCall {
  return {
    call,
    id,
    propose(was) {
      const request = {
        act,
        chosen: chosen(was),
        isDown: isDownIn(was),
        ...(maintenance === undefined ? {} : { maintenance }),
      }
      return {
        action: { kind: 'daemons', act },
        scope: { of: 'cluster' },
        spec: withDaemonOrders(named(was, daemons), request),
        ...(batch && { rolling: true, atOnce: batch.nodes, pauseMs: batch.pauseMs }),
      }
    },
  }
}

export function installCall(call: Call, id: string, { more, daemons }: InstallRequest): ChangeCall {
  return {
    call,
    id,
    propose: (was) => ({
      action: { kind: 'install' },
      scope: { of: 'cluster' },
      spec: withComponents(named(was, daemons), more(was)),
    }),
  }
}

function named(was: Cluster, daemons: ServiceRequest['daemons']): ClusterSpec {
  return was.spec.daemons ? was.spec : { ...was.spec, daemons: daemons(was) }
}

function isDownIn({ status }: Cluster): NonNullable<DaemonRequest['isDown']> {
  return ({ node, service, name }) =>
    status.nodes[node]?.daemons?.some(
      (each) => each.service === service && each.name === name && each.state === 'failed',
    ) ?? false
}
