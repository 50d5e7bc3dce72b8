/**
 * Every action that the service has: the 93 of its published SDK and two that only the Terraform provider calls, with verb
 * and path. What is declared here and not built is refused by name, never mistaken for an unknown path.
 * Facts: reference alibaba-starrocks.md 0, 3.2.
 */

export interface KnownAction {
  readonly name: string
  readonly method: string
  readonly path: string
}

const routes: Readonly<Record<string, string>> = {
  AddBackupPolicy: 'POST /webapi/backupRestore/policy/add',
  AddGateway: 'POST /webapi/gateway/add',
  ChangeResourceGroup: 'POST /webapi/resourceGroup/change',
  CheckInventory: 'POST /webapi/check/inventory',
  CreateAgentResource: 'POST /webapi/lifecycle/createAgentNodeGroup',
  CreateInstanceV1: 'POST /webapi/cluster/createV1',
  CreateNodeGroup: 'POST /webapi/lifecycle/createNodeGroup',
  CreateScalingRule: 'POST /webapi/scalingRule/createScalingRule',
  CreateServiceLinkedRole: 'POST /webapi/user/create_default_role',
  DeleteBackup: 'POST /webapi/backup/manage/delete',
  DeleteBackupPolicy: 'POST /webapi/backupRestore/policy/delete',
  DeleteGateway: 'POST /webapi/gateway/delete',
  DeleteInnerIpWhitelistGroup: 'POST /webapi/securityGroup/delete',
  DeleteScalingRule: 'POST /webapi/scalingRule/deleteScalingRule',
  DescribeAvailableZones: 'POST /webapi/zone/describeZones',
  DescribeBackupPolicies: 'POST /webapi/backupRestore/policy/describe',
  DescribeBackups: 'POST /webapi/backup/manage/describe',
  DescribeConfigHistory: 'POST /webapi/config/describeConfigHistory',
  DescribeEventNames: 'POST /webapi/event/describeEventNames',
  DescribeInnerIpWhitelistGroups: 'POST /webapi/securityGroup/list',
  DescribeInstanceConfigs: 'POST /webapi/config/describeInstanceConfigs',
  DescribeInstanceDiagnosisResult: 'POST /webapi/diagnosis/describe',
  DescribeInstanceMetaToken: 'POST /webapi/migration/getMetaToken',
  DescribeInstances: 'POST /webapi/starrocks/describeInstances',
  DescribeNodeGroups: 'POST /webapi/nodegroup/describeNodeGroups',
  DescribeRegions: 'POST /webapi/region/list',
  DescribeResourceConstraints: 'GET /webapi/starrocks/describeResourceConstraints',
  DescribeSystemTimezone: 'POST /webapi/timezone/query',
  DescribeTimeTriggerScalingRules: 'POST /webapi/scalingRule/describeTimeTriggerScalingRules',
  DisableSSLConnection: 'POST /webapi/starrocks/disableSSLConnection',
  EnableInternalSlb: 'POST /webapi/gateway/enableInternalSlb',
  EnableMultiAz: 'POST /webapi/lifecycle/enableMultiAz',
  EnableSSLConnection: 'POST /webapi/starrocks/enableSSLConnection',
  GetInstanceFeatureGate: 'POST /webapi/features/featureGate',
  GetNodeGroupFeatureGate: 'POST /webapi/features/nodeGroupFeatureGate',
  IsolateLeader: 'POST /webapi/gateway/isolateLeader',
  ListGateway: 'POST /webapi/gateway/list',
  ListOperationActivity: 'POST /webapi/operation/listOperationActivity',
  ListOperationHistory: 'POST /webapi/operation/listOperationHistory',
  ListSSLDetails: 'POST /webapi/starrocks/listSSLDetails',
  ModifyChargeType: 'POST /webapi/cluster/modifyChargeType',
  ModifyCu: 'POST /webapi/resourceChange/modifyCu',
  ModifyCuPreCheck: 'POST /webapi/resourceChange/modifyCuPreCheck',
  ModifyDiskNumber: 'POST /webapi/resourceChange/modifyDiskNumber',
  ModifyDiskPerformanceLevel: 'POST /webapi/resourceChange/modifyDiskPerformanceLevel',
  ModifyDiskSize: 'POST /webapi/resourceChange/modifyDiskSize',
  ModifyDiskType: 'POST /webapi/resourceChange/modifyDiskType',
  ModifyHostAlias: 'POST /webapi/network/modifyHostAlias',
  ModifyInstanceConfig: 'POST /webapi/config/modifyInstanceConfig',
  ModifyInstanceConfigPreCheck: 'POST /webapi/config/modifyInstanceConfigPreCheck',
  ModifyMaintainableTime: 'POST /webapi/starrocks/modifyMaintainableTime',
  ModifyNodeNumber: 'POST /webapi/resourceChange/modifyNodeNumber',
  ModifyNodeNumberPreCheck: 'POST /webapi/resourceChange/modifyNodeNumberPreCheck',
  ModifyScalingRule: 'POST /webapi/scalingRule/modifyScalingRule',
  ModifySpecType: 'POST /webapi/resourceChange/modifySpecType',
  ModifySpecTypePreCheck: 'POST /webapi/resourceChange/modifySpecTypePreCheck',
  ModifyUserPassword: 'POST /webapi/password/modify',
  QueryEnableMultiAzPrice: 'POST /webapi/priceInquiry/enableMultiAz',
  QueryMinorVersion: 'POST /webapi/starrocks/queryAppDefineVersion',
  QueryModifyChargeTypePrice: 'POST /webapi/buy/query_modify_charge_type_price',
  QueryModifyCuPrice: 'POST /webapi/priceInquiry/modifyCu',
  QueryModifyDiskNumberPrice: 'POST /webapi/priceInquiry/modifyDiskNumber',
  QueryModifyDiskPerformanceLevelPrice: 'POST /webapi/priceInquiry/modifyDiskPerformanceLevel',
  QueryModifyDiskSizePrice: 'POST /webapi/priceInquiry/modifyDiskSize',
  QueryModifyDiskTypePrice: 'POST /webapi/priceInquiry/modifyDiskType',
  QueryModifyNodeNumberPrice: 'POST /webapi/priceInquiry/modifyNodeNumber',
  QueryModifySpecTypePrice: 'POST /webapi/priceInquiry/modifySpecType',
  QueryPriceV1: 'POST /webapi/price/create',
  QueryRefundPrice: 'POST /webapi/buy/queryRefundPrice',
  QueryRenewPrice: 'POST /webapi/price/renew',
  QueryUnpaidOrder: 'POST /webapi/order/queryUnpaidOrder',
  QueryUpgradableVersions: 'POST /webapi/starrocks/queryUpgradableVersions',
  RebootECS: 'POST /webapi/event/rebootEcs',
  ReleaseInstance: 'POST /webapi/cluster/release',
  ReleaseNodeGroup: 'POST /webapi/lifecycle/releaseNodeGroup',
  RenewInstance: 'POST /webapi/order/renew_instance',
  RestartInstance: 'POST /webapi/starrocks/restartCluster',
  RestartNodeGroup: 'POST /webapi/nodegroup/restart',
  RestartNodes: 'POST /webapi/restart/restart',
  RestoreInstance: 'POST /webapi/restore/restoreInstance',
  ResumeInstance: 'POST /webapi/lifecycle/resumeInstance',
  RollbackConfigModification: 'POST /webapi/config/rollbackConfigModification',
  SwitchActiveStandbyZones: 'POST /webapi/recovery/switchZones',
  TagResources: 'POST /webapi/tags',
  ToggleAutoMinorVersionUpgrade: 'POST /webapi/starrocks/toggleAutoMinorVersionUpgrade',
  TogglePublicSlb: 'POST /webapi/gateway/togglePublicSlb',
  UnTagResources: 'DELETE /webapi/tags',
  UpdateBackup: 'POST /webapi/backup/manage/update',
  UpdateBackupPolicy: 'POST /webapi/backupRestore/policy/update',
  UpdateGateway: 'POST /webapi/gateway/update',
  UpdateInnerIpWhitelistGroup: 'POST /webapi/securityGroup/update',
  UpdateInstanceName: 'POST /webapi/cluster/update_name',
  UpdateNodeGroupDescription: 'POST /webapi/nodegroup/updateDescription',
  UpdatePublicNetworkStatus: 'POST /webapi/network/updatePublicNetworkStatus',
  UpgradeVersion: 'POST /webapi/starrocks/upgradeVersion',
}

export const knownActions: readonly KnownAction[] = Object.entries(routes).map(([name, route]) => {
  const [method = '', path = ''] = route.split(' ')
  return { name, method, path }
})

const byPath = Map.groupBy(knownActions, (action) => action.path)

/** The actions at a path: one, or two where the verb decides (`/webapi/tags`). */
export function actionsAt(path: string): readonly KnownAction[] {
  return byPath.get(path) ?? []
}
