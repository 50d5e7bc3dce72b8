/**
 * Observers in further zones, by which an instance outlives the loss of its own: what a request may ask for, and the node groups that
 * come of it. They are built like the frontends, one node each. Facts: reference alibaba-starrocks.md 3.2 (Multi-AZ), 4.3 (X6 to X8), 11.6.
 */
import type { Call } from '../../../../app/call.ts'
import type { ScaleRequest } from '../../../../app/cluster/scale.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import type { Resource } from '../../../../domain/environment.ts'
import { Fault, located, type FaultCode } from '../../../../domain/fault.ts'
import { list, object, optional, text, type Static, type TObject } from '../../../../shape/shape.ts'
import { nodeGroupData } from '../../catalogue/node-group.ts'
import { notIn, within, type Problem } from '../../catalogue/problem.ts'
import { regionOf, zonesFor } from '../../catalogue/region.ts'
import { problemsExplained } from '../../faults.ts'
import { groupExtension, instanceExtension } from '../instance/extension.ts'
import { catalogueGroup } from '../node-group/catalogue-group.ts'
import { changeFaults } from '../node-group/change.ts'
import type { Modification } from '../node-group/modification.ts'
import { groupsOf } from '../node-group/new-group.ts'
import { instanceId, regionId, shortText } from '../shape.ts'

const vSwitchId = text({
  max: 64,
  pattern: /^vsw-[0-9A-Za-z_-]+$/,
  message: 'VSwitch id should start with vsw-',
})

export const multiZoneMembers = {
  instanceId,
  observers: list(object({ vswId: vSwitchId, zoneId: shortText('Zone id of observer') }), {
    min: 1,
    max: nodeGroupData.groups.observerMax,
    label: 'Number of observers',
  }),
  promotionOptionNo: optional(shortText('Promotion option no')),
  RegionId: optional(regionId),
}

export const multiZoneFaults: readonly FaultCode[] = [
  ...changeFaults,
  'ResourceMismatch',
  'ResourceFull',
  'LimitReached',
]

type Input = Static<TObject<typeof multiZoneMembers>>

export interface ObserversAdded extends Modification {
  readonly request: (terms: Parameters<Modification['request']>[0]) => ScaleRequest
  /** The id of the first group, once the change was proposed. */
  readonly groupId: () => string
}

/** Throws ResourceMissing, ResourceMismatch and ResourceUnfit for a vSwitch; what an instance refuses is refused with the change. */
export async function observersAdded(
  core: Core,
  call: Call,
  { instanceId: instance, observers, promotionOptionNo }: Input,
): Promise<ObserversAdded> {
  const { spec, region } = await core.clusters.get(call, instance)
  // A request may leave its region to the instance.
  const there = { ...call, region }
  const uses = await requireSwitches(core, there, { network: spec.network.vpc, observers })
  let groups: readonly NodeGroup[] = []
  return {
    instance,
    promotion: promotionOptionNo,
    autoPay: true,
    groupId: () => groups[0]?.id ?? '',
    request: (terms) => ({
      terms: (was, next) => ({ ...terms(was, next), uses }),
      nodes(was) {
        requireMultiZone(was, observers)
        groups = newObservers(core, was, observers)
        return {
          groups: groups.map((group) => ({ ...group, nodes: [] })),
          add: groups.map(({ id: group, nodes }) => ({ group, nodes })),
        }
      },
    }),
  }
}

async function requireSwitches(
  core: Core,
  call: Call,
  { network, observers }: { readonly network: string; readonly observers: Input['observers'] },
): Promise<readonly Resource[]> {
  const found: Resource[] = []
  for (const [at, { vswId: id, zoneId: zone }] of observers.entries())
    try {
      const reference = { kind: 'subnet', id, network, zone } as const
      found.push({ ...(await core.environments.require(call, reference)), zone })
    } catch (problem) {
      throw located(problem, `observers.${at + 1}.vswId`)
    }
  return found
}

/** Throws NotSupported for instances that lie in one zone by their kind, ParametersRefused for zones that cannot be one more. */
function requireMultiZone(was: Cluster, observers: Input['observers']): void {
  const { runMode, packageType } = instanceExtension(was)
  const refuse = (detail: string) =>
    new Fault('NotSupported', { what: 'Multi-zone disaster recovery', detail })
  if (runMode === 'shared_nothing') throw refuse(`run mode is ${runMode}`)
  if (packageType === 'trial') throw refuse('it is a trial instance')
  const held = observersOf(was)
  const max = nodeGroupData.groups.observerMax - held.length
  const problems: Problem[] = []
  if (observers.length > max)
    problems.push({ what: 'Number of observers', rule: 'range', min: 0, max })
  const region = regionOf(was.region)
  const free = new Set(region ? zonesFor(region, 'official') : [])
  for (const zone of [was.spec.network.zone, ...held.map((group) => group.zone)]) free.delete(zone)
  for (const [at, { zoneId }] of observers.entries()) {
    problems.push(
      ...within(`observers.${at}.zoneId`, notIn('Zone id of observer', zoneId, [...free])),
    )
    free.delete(zoneId)
  }
  if (problems.length > 0)
    throw new Fault('ParametersRefused', { refusals: problemsExplained(problems) })
}

function newObservers(
  { random }: Pick<Core, 'random'>,
  was: Cluster,
  observers: Input['observers'],
): readonly NodeGroup[] {
  const frontend = was.spec.groups.find((group) => groupExtension(group).component === 'FE')
  if (!frontend) throw new Error(`${was.id} has no frontends`)
  const names = new Set(was.spec.groups.map(({ name }) => name))
  return observers.flatMap(({ vswId, zoneId }) => {
    let number = 1
    while (names.has(`observer_${number}`)) number++
    const name = `observer_${number}`
    names.add(name)
    const group = { ...catalogueGroup(frontend), residentNodeNumber: 1, zoneId }
    const named = {
      group,
      component: 'OBSERVER',
      defaultGroup: false,
      name,
      description: '',
    } as const
    const ordered = { frontends: [], backends: [], observers: [named], agentCu: undefined }
    return groupsOf(ordered, { random, zone: zoneId, subnetIn: () => vswId })
  })
}

function observersOf({ spec }: Cluster): readonly NodeGroup[] {
  return spec.groups.filter((group) => groupExtension(group).component === 'OBSERVER')
}
