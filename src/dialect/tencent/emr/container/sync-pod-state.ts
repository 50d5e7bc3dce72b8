/**
 * SyncPodState: what the container service reports of a pod. One of the cluster's own that was deleted is recreated, as the controller of
 * its role does; others of the cluster's namespace are remembered as its owner's, and keep it from being terminated
 * (reference: tencent-emr.md 1, appendix B NamespaceHasUserCustomPods; api.json PodState).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { nodesOf } from '../../../../domain/cluster/node-group.ts'
import { integer, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterExtension } from '../cluster/extension.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { getCluster } from '../cluster/look-up.ts'
import { serialOf } from '../identifier.ts'
import { invalid } from '../refusal.ts'
import { containerOf } from './extension.ts'

const DELETED = 'POD_STATE_DELETED'
const STATE = 'Message.State'
const CODE = 'InvalidParameterValue'
/** More than anybody has reason to report of one cluster. */
const FOREIGN_MAX = 100

export const syncPodState = action({
  name: 'SyncPodState',
  input: {
    Message: object({
      Name: text({ max: 253 }),
      Uuid: text({ max: 64 }),
      State: text({ pattern: /^POD_STATE_[A-Z_]{1,32}$/, rule: 'it must look like POD_STATE_…' }),
      Reason: text({ max: 1_024 }),
      OwnerCluster: text({ trim: true, max: 64 }),
      Memory: integer({ min: 0 }),
    }),
  },
  output: {},
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  asks: ['account', 'identity'],
  resources: (call, { Message }) => [clusterResource(call, Message.OwnerCluster)],
  async run(core, call, { Message: message }) {
    const { Name: name, State: state, OwnerCluster: id } = message
    const owner = await getCluster(core, call, { name: 'Message.OwnerCluster', id, code: CODE })
    if (!containerOf(owner)) {
      const rule = 'its nodes are machines, not pods'
      throw invalid({ name: 'Message.OwnerCluster', code: CODE, rule, value: id })
    }
    const own = nodesOf(owner.spec.groups).find((node) => node.name === name)
    if (!own) {
      await core.clusters.setExtension(call, id, {
        verb: 'sync-pods',
        extension: (was) => withForeign(was, { name, gone: state === DELETED }),
      })
      return {}
    }
    if (state !== DELETED) {
      const rule = `of a pod of the cluster's own it must be ${DELETED}; the rest is known`
      throw invalid({ name: STATE, code: CODE, rule, value: state })
    }
    if (message.Uuid !== serialOf(own.id)) {
      const rule = `the pod ${name} is ${serialOf(own.id)}`
      throw invalid({ name: 'Message.Uuid', code: CODE, rule, value: message.Uuid })
    }
    await core.clusters.restart(call, id, {
      scope: { of: 'nodes', nodes: [own.id] },
      rolling: false,
    })
    return {}
  },
})

function withForeign(was: Cluster, it: { readonly name: string; readonly gone: boolean }) {
  const extension = clusterExtension(was)
  const { container } = extension
  if (!container) throw new Error(`${was.id} is no cluster of containers any more`)
  const others = container.foreign.filter((each) => each !== it.name)
  if (it.gone) return { ...extension, container: { ...container, foreign: others } }
  if (others.length >= FOREIGN_MAX) {
    const rule = `of one cluster at most ${FOREIGN_MAX} pods of others are kept`
    throw invalid({ name: 'Message.Name', code: CODE, rule, value: it.name })
  }
  return { ...extension, container: { ...container, foreign: [...others, it.name] } }
}
