/**
 * GetInstanceFeatureGate: what can be done with an instance. A gate is open where the action behind it takes this
 * instance; what no action does is closed. Facts: reference alibaba-starrocks.md 3.2, 6.8.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import {
  flag,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { defaultPolicy } from '../../catalogue/node-group.ts'
import { action } from '../action.ts'
import { instanceExtension } from '../instance/extension.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'

const gates = object({
  ConsoleControlRestart: flag(),
  EnableManageMv: flag(),
  FullManagedSecurityGroup: flag(),
  MountDlfMetaToken: flag(),
  SupportAddConfigTypes: list(text()),
  SupportBackup: flag(),
  SupportCreateAgent: flag(),
  SupportCreateNonStandardNodeGroup: flag(),
  SupportEed: flag(),
  SupportEnableAi: flag(),
  SupportEnableSSL: flag(),
  SupportFastModeModifyConfig: flag(),
  SupportFastModeModifyResource: flag(),
  SupportFastRestart: flag(),
  SupportFeGateway: flag(),
  SupportHostAlias: flag(),
  SupportModifyTimezone: flag(),
  SupportMultiAZ: flag(),
  UseComputeNode: flag(),
  supportCompactionService: flag(),
  supportCompactionServiceWhiteList: flag(),
})

export const getInstanceFeatureGate = action({
  name: 'GetInstanceFeatureGate',
  input: { InstanceId: instanceId, RegionId: optional(regionId) },
  output: { Data: gates, Total: integer() },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId }) {
    return { Data: gatesOf(await core.clusters.get(call, InstanceId)), Total: 1 }
  },
})

function gatesOf(instance: Cluster): Static<typeof gates> {
  const { packageType, runMode } = instanceExtension(instance)
  const official = packageType === 'official'
  const separate = runMode !== 'shared_nothing'
  return {
    ConsoleControlRestart: true,
    EnableManageMv: false,
    // Its security group is made with the instance, by the service.
    FullManagedSecurityGroup: true,
    MountDlfMetaToken: false,
    SupportAddConfigTypes: [],
    SupportBackup: !separate,
    SupportCreateAgent: official && defaultPolicy.agent,
    SupportCreateNonStandardNodeGroup: official && separate,
    SupportEed: false,
    SupportEnableAi: true,
    SupportEnableSSL: true,
    SupportFastModeModifyConfig: official,
    SupportFastModeModifyResource: official && separate,
    SupportFastRestart: true,
    SupportFeGateway: true,
    SupportHostAlias: true,
    SupportModifyTimezone: false,
    SupportMultiAZ: official && separate,
    UseComputeNode: separate,
    supportCompactionService: false,
    supportCompactionServiceWhiteList: false,
  }
}
