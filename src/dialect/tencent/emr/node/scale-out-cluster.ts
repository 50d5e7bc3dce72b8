/**
 * ScaleOutCluster: more nodes of one role, by the newer schema; with ResourceSpec of a specification of their own (reference:
 * tencent-emr.md 1, 5.5, 5.11; api.json).
 */
import { choice, flag, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { zoneOf } from '../../catalogue/region.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { bootstrapAction, nodeResourceSpec, prepaidTerm } from '../cluster/cluster-shape.ts'
import { nodeMark, tag } from '../cluster/create-shape.ts'
import { checkToken } from '../cluster/option.ts'
import { translateScripts, translateTerm } from '../cluster/translation.ts'
import { given, invalid, unsupported } from '../refusal.ts'
import { renaming, type Renaming } from '../renaming.ts'
import { addNodes, additionFaults, additionOutput, viewAddition } from './addition.ts'
import { daemonsOfCluster } from '../service/placement.ts'
import { translateResource } from './node-resource.ts'
import { checkSoftwareConfig } from './software-config.ts'
import type { AdditionInput } from './scale-out.ts'

const SPEC = 'ResourceSpec'

const input = {
  InstanceChargeType: choice(['PREPAID', 'POSTPAID_BY_HOUR', 'SPOTPAID'], {
    code: 'InvalidParameter.InvalidInstanceChargeType',
  }),
  InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
  ScaleOutNodeConfig: object({
    NodeFlag: choice(['MASTER', 'TASK', 'CORE', 'ROUTER'], {
      code: 'InvalidParameter.InvalidNodeFlag',
    }),
    NodeCount: integer({ min: 1, code: 'InvalidParameter.InvalidCount' }),
  }),
  ClientToken: optional(text()),
  InstanceChargePrepaid: optional(prepaidTerm),
  ScriptBootstrapActionConfig: optional(list(bootstrapAction)),
  SoftDeployInfo: optional(list(integer())),
  ServiceNodeInfo: optional(list(integer())),
  DisasterRecoverGroupIds: optional(list(text())),
  Tags: optional(list(tag)),
  HardwareSourceType: choice(['HOST', 'POD', 'MNode'], { default: 'HOST', ignoreCase: true }),
  PodSpecInfo: optional(object({})),
  ClickHouseClusterName: optional(text()),
  ClickHouseClusterType: optional(text()),
  YarnNodeLabel: optional(text()),
  EnableStartServiceFlag: optional(flag()),
  ResourceSpec: optional(nodeResourceSpec),
  Zone: optional(text({ trim: true, max: 64 })),
  SubnetId: optional(text()),
  ScaleOutServiceConfGroupsInfo: optional(
    list(object({ ServiceComponentName: optional(text()), ConfGroupName: optional(text()) })),
  ),
  NodeMarks: optional(nodeMark),
  WarehouseName: optional(text()),
  PartitionNumber: optional(integer()),
}

export const scaleOutCluster = action({
  name: 'ScaleOutCluster',
  input,
  output: additionOutput,
  faults: additionFaults,
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, it) {
    const { ClientToken, ...parameters } = it
    refuseUnsupported(it)
    const token = checkToken(ClientToken)
    const key = { token, parameters: { ...parameters, Region: call.region } }
    const earlier = await core.clusters.started(call, key)
    const { NodeFlag, NodeCount } = it.ScaleOutNodeConfig
    if (it.ResourceSpec?.SoftwareConfig) {
      const daemons = daemonsOfCluster(await core.clusters.get(call, it.InstanceId))
      checkSoftwareConfig(SPEC, it.ResourceSpec, { daemons, role: NodeFlag.toLowerCase() })
    }
    const spec = it.ResourceSpec && translateResource(it.ResourceSpec, { from: SPEC, name: SPEC })
    const scripts = translateScripts(it.ScriptBootstrapActionConfig ?? [])
    const addition: AdditionInput = {
      ...translateTerm({
        InstanceChargeType: it.InstanceChargeType as 'PREPAID' | 'POSTPAID_BY_HOUR',
        ...(it.InstanceChargePrepaid ? { InstanceChargePrepaid: it.InstanceChargePrepaid } : {}),
      }),
      ZoneId: readZone(it.Zone),
      MasterCount: 0,
      CoreCount: 0,
      TaskCount: 0,
      RouterCount: 0,
      [COUNTS[NodeFlag]]: NodeCount,
      ...(it.SubnetId === undefined ? {} : { SubnetId: it.SubnetId }),
      ...(it.DisasterRecoverGroupIds
        ? { DisasterRecoverGroupIds: it.DisasterRecoverGroupIds }
        : {}),
      ...(it.Tags ? { Tags: it.Tags } : {}),
      ...(it.NodeMarks ? { NodeMarks: it.NodeMarks } : {}),
      ...(spec ? { ResourceSpec: spec.resource } : {}),
      PreExecutedFileSettings: scripts.settings,
    }
    const names: Renaming = [...(spec?.names ?? []), ...scripts.names, ...NAMES]
    const started =
      earlier ??
      (await renaming({ names, codes: CODES }, () =>
        addNodes(core, call, { id: it.InstanceId, input: addition, key }),
      ))
    return viewAddition({ id: it.InstanceId, token, started })
  },
})

const COUNTS = {
  MASTER: 'MasterCount',
  TASK: 'TaskCount',
  CORE: 'CoreCount',
  ROUTER: 'RouterCount',
} as const

const NODE_COUNT = 'ScaleOutNodeConfig.NodeCount'
const NAMES: Renaming = [
  ...Object.values(COUNTS).map((count) => [count, NODE_COUNT] as const),
  ['PayMode', 'InstanceChargeType'],
  ['TimeSpan', 'InstanceChargePrepaid.Period'],
  ['AutoRenew', 'InstanceChargePrepaid.RenewFlag'],
  ['ZoneId', 'Zone'],
]
const SCRIPT = 'InvalidParameter.InvalidScriptBootstrapActionConfig'
const CODES: ReadonlyMap<string, string> = new Map([
  ['InvalidParameter.InvalidPreExecutedFile', SCRIPT],
  ['InvalidParameter.InvalidCosFileURI', SCRIPT],
  ['InvalidParameter.InvalidPaymode', 'InvalidParameter.InvalidInstanceChargeType'],
])

/** Throws InvalidParameterValue. */
function readZone(name: string | undefined): number {
  // The older schema's number for none.
  if (given(name) === undefined) return 0
  const found = zoneOf(name ?? '')
  if (found) return found.zone.id
  const rule = 'it must be the name of a zone'
  throw invalid({ name: 'Zone', code: 'InvalidParameterValue', rule, value: name })
}

const TEXTS = [
  'ClickHouseClusterName',
  'ClickHouseClusterType',
  'YarnNodeLabel',
  'WarehouseName',
] as const
const LISTS = ['SoftDeployInfo', 'ServiceNodeInfo', 'ScaleOutServiceConfGroupsInfo'] as const

/** Parameters without an effect here: refused, never ignored. */
function refuseUnsupported(
  it: {
    readonly [name in (typeof TEXTS)[number]]?: string | undefined
  } & { readonly [name in (typeof LISTS)[number]]?: readonly unknown[] | undefined } & {
    readonly InstanceChargeType: string
    readonly HardwareSourceType: string
    readonly PodSpecInfo?: object | undefined
    readonly EnableStartServiceFlag?: boolean | undefined
    readonly PartitionNumber?: number | undefined
  },
): void {
  if (it.InstanceChargeType === 'SPOTPAID')
    throw unsupported('InstanceChargeType', 'nothing is sold by auction')
  if (it.HardwareSourceType !== 'HOST') throw unsupported('HardwareSourceType', 'nodes are hosts')
  if (it.PodSpecInfo) throw unsupported('PodSpecInfo', 'nodes are hosts')
  if (it.EnableStartServiceFlag === false)
    throw unsupported('EnableStartServiceFlag', 'services start with their nodes')
  if ((it.PartitionNumber ?? 0) !== 0) throw unsupported('PartitionNumber')
  const word = TEXTS.find((name) => given(it[name]) !== undefined)
  if (word !== undefined) throw unsupported(word)
  const items = LISTS.find((name) => (it[name] ?? []).length > 0)
  if (items !== undefined) throw unsupported(items)
}
