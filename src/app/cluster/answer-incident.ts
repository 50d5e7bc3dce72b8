/**
 * The restart that answers an incident, at once or at its time: of the node that it happened to, or of the whole cluster. Until its time
 * it stands with the incident, and the reconciler begins it as its own change.
 */
import { planIncidentRestart, type Cluster } from '../../domain/cluster/cluster.ts'
import { requireIdle } from '../../domain/cluster/change.ts'
import type { Incident } from '../../domain/cluster/incident.ts'
import { nodesOf } from '../../domain/cluster/node-group.ts'
import { withRestart, type Scope } from '../../domain/cluster/spec.ts'
import type { Writer } from '../../store/port.ts'
import { callOfOwner, type Call } from '../call.ts'
import { startChange, type ChangeParts } from './change.ts'
import { modifyCluster, presentCluster } from './modify.ts'

export interface IncidentAnswer {
  /** Decided on the cluster as it is in the transaction; may throw a Fault. */
  readonly incident: (was: Cluster) => Incident
  /** What is not after now is begun at once. */
  readonly atMs: number
}

/** Throws ClusterNotFound, ClusterBusy unless it runs, NotSupported. A later answer replaces an earlier one. */
export async function answerIncident(
  parts: ChangeParts,
  call: Call,
  id: string,
  { incident: choose, atMs }: IncidentAnswer,
): Promise<void> {
  const nowMs = parts.clock.now()
  await parts.store.write(async (tx) => {
    const found = await presentCluster(tx, call, id)
    const was = found.document
    requireIdle(was, 'restart')
    const incident = choose(was)
    parts.placement.checkChange(was, { kind: 'restart' }, withRestart(was.spec, scopeOf(incident)))
    if (atMs <= nowMs) {
      await tx.save('cluster', found, planIncidentRestart(was, incident.id, undefined))
      await startChange(tx, parts, restartCall(call, was, incident))
      return
    }
    const by = `${call.principal.kind}/${call.principal.name}`
    const modify = (it: Cluster) => planIncidentRestart(it, incident.id, { atMs, by })
    await modifyCluster(tx, parts, { call, id, verb: 'plan-restart', modify })
    await tx.enqueue('cluster', id, nowMs)
  })
}

/** Begins the one that was planned for the incident; nothing where its node is gone. */
export async function restartForIncident(
  tx: Writer,
  parts: ChangeParts,
  { cluster, incident }: { readonly cluster: Cluster; readonly incident: Incident },
): Promise<void> {
  const { node, restart } = incident
  if (node !== undefined && !nodesOf(cluster.spec.groups).some(({ id }) => id === node)) return
  const call = callOfOwner(cluster, 'incident:restart')
  const by = restart === undefined ? {} : { by: restart.by }
  await startChange(tx, parts, { ...restartCall(call, cluster, incident), ...by })
}

function restartCall(call: Call, { id }: Cluster, incident: Incident) {
  const scope = scopeOf(incident)
  const propose = ({ spec }: Cluster) =>
    ({ action: { kind: 'restart' }, scope, rolling: true, spec: withRestart(spec, scope) }) as const
  return { call, id, propose }
}

function scopeOf({ node }: Incident): Scope {
  return node === undefined ? { of: 'cluster' } : { of: 'nodes', nodes: [node] }
}
