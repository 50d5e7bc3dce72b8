/** ModifyPodNum: more or fewer pods of a role; those with the highest numbers go first (reference: tencent-emr.md 3.6, appendix B). */
import type { NodesToAdd, NodesToRemove } from '../../../../app/cluster/scale.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { nextIndex } from '../../../../domain/cluster/node-group.ts'
import { highestNodes } from '../../../../domain/cluster/spec.ts'
import type { Random } from '../../../../kernel/random.ts'
import { integer, optional, text } from '../../../../shape/shape.ts'
import { podRoles, type PodRole } from '../../catalogue/container.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { termsOf } from '../node/terms.ts'
import { invalid, missing } from '../refusal.ts'
import { containerOf } from './extension.ts'
import { podChangeFaults } from './faults.ts'
import { checkPodCount, newPod } from './pod.ts'

const COUNT_MAX = 10_000

export const modifyPodNum = action({
  name: 'ModifyPodNum',
  input: {
    InstanceId: clusterId('InvalidParameter'),
    ServiceGroup: integer(),
    ServiceType: optional(integer()),
    PodNum: optional(integer({ min: 0, max: COUNT_MAX })),
  },
  output: { InstanceId: text(), FlowId: integer() },
  faults: podChangeFaults,
  asks: ['account', 'identity', 'container-service', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const { InstanceId: id, PodNum: count } = input
    const cluster = await core.clusters.get(call, id)
    const container = requireContainer(cluster)
    const role = roleIn(cluster, input.ServiceGroup, input.ServiceType)
    if (count === undefined) throw missing('PodNum', role.pods.min)
    checkPodCount(role, count, 'PodNum')
    const uses = [
      await core.environments.require(call, { kind: 'container-cluster', id: container.cluster }),
    ]
    const { flow } = await core.clusters.scale(call, id, {
      nodes: (was) => nodesOf(was, { role, count }, core.random),
      terms: termsOf(core, uses),
    })
    return { InstanceId: id, FlowId: flow }
  },
})

function requireContainer(cluster: Cluster) {
  const container = containerOf(cluster)
  if (container) return container
  const code = 'ResourceUnavailable.NotSupportClusterType'
  const rule = 'its nodes are machines, not pods'
  throw invalid({ name: 'InstanceId', code, rule, value: cluster.id })
}

/** A service with one role needs no ServiceType. Throws ServiceGroupNotFound, InvalidServiceType. */
function roleIn(cluster: Cluster, service: number, type: number | undefined): PodRole {
  const own = podRoles.filter(
    ({ name, serviceNumber }) =>
      serviceNumber === service && cluster.spec.groups.some(({ role }) => role === name),
  )
  if (own.length === 0) {
    const code = 'ResourceNotFound.ServiceGroupNotFound'
    const rule = 'the cluster has no such service'
    throw invalid({ name: 'ServiceGroup', code, rule, value: service })
  }
  const found = type === undefined ? own[0] : own.find(({ number }) => number === type)
  if (found) return found
  const code = 'InvalidParameter.InvalidServiceType'
  const rule = `it must be ${own.map(({ number }) => number).join(' or ')}`
  throw invalid({ name: 'ServiceType', code, rule, value: type })
}

function nodesOf(
  { spec }: Cluster,
  { role, count }: { readonly role: PodRole; readonly count: number },
  random: Random,
): NodesToAdd | NodesToRemove {
  const group = spec.groups.find((each) => each.role === role.name)
  if (!group) throw new Error(`the cluster has lost its ${role.name}`)
  const more = count - group.nodes.length
  if (more === 0)
    throw invalid({ name: 'PodNum', code: role.countCode, rule: 'it has so many', value: count })
  if (more < 0) return { remove: highestNodes(group, -more) }
  const from = nextIndex(group.nodes)
  const nodes = Array.from({ length: more }, (_, at) => newPod(role.name, from + at, random))
  return { add: [{ group: group.id, nodes }] }
}
