/**
 * CreateNodeGroup: one more group of compute nodes, a warehouse beside the default one. Only the Terraform provider is known to call
 * it; instances whose backends hold the data have one group of them. Facts: reference alibaba-starrocks.md 3.2 (its end), 4.2, 9.3, 13 (U11).
 */
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault, refuse } from '../../../../domain/fault.ts'
import {
  integer,
  object,
  optional,
  text,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'
import { checkMachines } from '../../catalogue/instance-shape.ts'
import { checkNodeGroup, nodeGroupData, type GroupPlace } from '../../catalogue/node-group.ts'
import { regionOf } from '../../catalogue/region.ts'
import { problemsExplained } from '../../faults.ts'
import { action } from '../action.ts'
import { groupExtension, instanceExtension } from '../instance/extension.ts'
import { instanceId, instanceResources, regionId, shortText } from '../shape.ts'
import { changeAsks, changeFaults } from './change.ts'
import { autoRenew, duration, payType, pricingCycle, requireChargeOf } from './charge.ts'
import { furtherGroup, newGroupId, type NamedGroup } from './new-group.ts'
import { requireOfficial } from './rules.ts'
import { decideNodeGroup, nodeGroupMembers } from './shape.ts'
import { orderOnWire, promotionOf, termsOf } from './terms.ts'

/** All groups of an instance lie in its own zone. */
const { zoneId: _zone, ...group } = nodeGroupMembers('BE')

const members = {
  RegionId: optional(regionId),
  autoRenew,
  ...group,
  duration,
  instanceId,
  payType: optional(payType),
  pricingCycle,
  promotionOptionNo: optional(shortText('Promotion option no')),
}

type GroupInput = Static<TObject<typeof members>>

/** What nobody else may be called: it means the first group, whatever that one is called here. */
const DEFAULT_WAREHOUSE = 'default_warehouse'

export const createNodeGroup = action({
  name: 'CreateNodeGroup',
  input: members,
  output: { Data: object({ NodeGroupId: text(), OrderId: integer() }) },
  faults: [...changeFaults.filter((code) => code !== 'NodeGroupNotFound'), 'ResourceFull'],
  asks: changeAsks,
  resources: (call, input) => instanceResources(call, [input.instanceId]),
  async run(core, call, input) {
    const promotion = await promotionOf(core, call, input.promotionOptionNo)
    const id = newGroupId(core.random)
    const started = await core.clusters.addGroup(call, input.instanceId, {
      kind: 'add-group',
      group: (instance) => newWarehouse(core, instance, { input, id }),
      terms: termsOf(core, promotion),
    })
    return { Data: { NodeGroupId: id, OrderId: orderOnWire(started) } }
  },
})

function newWarehouse(
  { random }: Core,
  instance: Cluster,
  { input, id }: { readonly input: GroupInput; readonly id: string },
) {
  requireOfficial(instance)
  requireSharedData(instance)
  requireChargeOf(instance, {
    payType: input.payType,
    duration: input.duration,
    pricingCycle: input.pricingCycle,
    autoRenew: input.autoRenew,
  })
  return furtherGroup(decided(instance, input), id, { instance, random })
}

/** Throws ParametersRefused with everything that the catalogue and the other groups are against. */
function decided(instance: Cluster, input: GroupInput): NamedGroup {
  const { packageType, architecture } = instanceExtension(instance)
  const { zone } = instance.spec.network
  const place: GroupPlace = { component: 'CN', packageType, architecture, defaultGroup: false }
  const it = decideNodeGroup(input, place, zone)
  const region = regionOf(instance.region)
  const problems = [
    ...checkNodeGroup(it, place),
    ...(region ? checkMachines(it, zone, region) : []),
  ]
  const name = nameOf(instance, input.nodeGroupName)
  const taken = instance.spec.groups.some((each) => each.name === name)
  const refusals = problemsExplained(problems)
  if (taken || name === DEFAULT_WAREHOUSE) {
    const message = `Node group name ${name} is used already`
    const example = `${name}_2`
    refusals.push({ name: 'nodeGroupName', problem: 'value', message, value: name, example })
  }
  if (refusals.length > 0) throw new Fault('ParametersRefused', { refusals })
  return {
    group: it,
    component: 'CN',
    defaultGroup: false,
    name,
    description: input.description ?? '',
  }
}

/** One that is given, or the first free one of those that groups of a new instance get. */
function nameOf({ spec: { groups } }: Cluster, given: string | undefined): string {
  if (given !== undefined && given !== '') return given
  const taken = new Set(groups.map(({ name }) => name))
  for (let at = 2; ; at++) if (!taken.has(`warehouse_${at}`)) return `warehouse_${at}`
}

/** Throws NotSupported, and ParametersRefused where there are as many groups as there may be. */
function requireSharedData(instance: Cluster): void {
  const { runMode } = instanceExtension(instance)
  if (runMode === 'shared_nothing')
    throw new Fault('NotSupported', {
      what: 'A further node group',
      detail: `the run mode is ${runMode}, and all backends hold the data together`,
    })
  const { backendMax } = nodeGroupData.groups
  const { groups } = instance.spec
  const count = groups.filter((each) => groupExtension(each).component === 'CN').length
  if (count < backendMax) return
  const message = `Number of backend node groups should be in range [1, ${backendMax}]`
  throw refuse({ name: 'instanceId', problem: 'value', message })
}
