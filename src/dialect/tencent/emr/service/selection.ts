/** The processes that a request chooses: whole services, or processes of theirs, on all nodes or on those of some addresses. */
import { nodeStatus, type Cluster } from '../../../../domain/cluster/cluster.ts'
import type { ChosenDaemon } from '../../../../domain/cluster/daemon.ts'
import { invalid } from '../refusal.ts'
import { daemonsOfNode } from './placement.ts'
import { serviceOf, unknownProcess } from './rule.ts'

export interface ServiceScope {
  readonly ServiceName: string
  /** All of its processes without it. */
  readonly ComponentInfoList?: readonly {
    readonly ComponentName: string
    /** All nodes without it. */
    readonly IpList?: readonly string[]
  }[]
}

type Placed = ChosenDaemon & { readonly address: string }

/** Throws ServiceNotSupport for what the cluster does not have, and InvalidParameterValue for an address on which it does not run. */
export function chosenDaemons(
  cluster: Cluster,
  services: readonly ServiceScope[],
): readonly ChosenDaemon[] {
  const all = placedIn(cluster)
  const chosen = services.flatMap((scope, at) => chosenIn(scope, { cluster, all, at }))
  return [...new Set(chosen)].map(({ node, service, name }) => ({ node, service, name }))
}

interface Choice {
  readonly cluster: Cluster
  readonly all: readonly Placed[]
  readonly at: number
}

function chosenIn(
  { ServiceName, ComponentInfoList = [] }: ServiceScope,
  { cluster, all, at }: Choice,
): readonly Placed[] {
  const path = `OpScope.ServiceInfoList.${at}`
  const service = serviceOf(cluster, `${path}.ServiceName`, ServiceName)
  const own = all.filter((each) => each.service === service)
  if (ComponentInfoList.length === 0) return own
  return ComponentInfoList.flatMap(({ ComponentName: name, IpList: addresses = [] }, place) => {
    const where = `${path}.ComponentInfoList.${place}`
    const named = own.filter((each) => each.name === name)
    const known = [...new Set(own.map((each) => each.name))]
    if (named.length === 0) throw unknownProcess(`${where}.ComponentName`, name, known)
    const lost = addresses.findIndex((ip) => !named.some(({ address }) => address === ip))
    if (lost >= 0) {
      throw invalid({
        name: `${where}.IpList.${lost}`,
        code: 'InvalidParameterValue',
        rule: `${name} does not run on a node of this address`,
        value: addresses[lost],
      })
    }
    return addresses.length === 0
      ? named
      : named.filter(({ address }) => addresses.includes(address))
  })
}

function placedIn(cluster: Cluster): readonly Placed[] {
  return cluster.spec.groups.flatMap((group) =>
    group.nodes.flatMap((node) => {
      const { address } = nodeStatus(cluster, node)
      return daemonsOfNode(cluster, group, node).map(({ service, name }) => ({
        node: node.id,
        address,
        service,
        name,
      }))
    }),
  )
}
