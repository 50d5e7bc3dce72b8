/** The actions that are built, each in a file of its own. One line here makes an action reachable. */
import type { Action } from '../../gateway/action.ts'
import { addBackupPolicy } from './starrocks/backup-policy/add-backup-policy.ts'
import { addGateway } from './starrocks/gateway/add-gateway.ts'
import { changeResourceGroup } from './starrocks/resource-group/change-resource-group.ts'
import { checkInventory } from './starrocks/constraint/check-inventory.ts'
import { createAgentResource } from './starrocks/node-group/create-agent-resource.ts'
import { createInstanceV1 } from './starrocks/instance/create-instance-v1.ts'
import { createNodeGroup } from './starrocks/node-group/create-node-group.ts'
import { createScalingRule } from './starrocks/scaling-rule/create-scaling-rule.ts'
import { createServiceLinkedRole } from './starrocks/role/create-service-linked-role.ts'
import { deleteBackup } from './starrocks/backup/delete-backup.ts'
import { deleteBackupPolicy } from './starrocks/backup-policy/delete-backup-policy.ts'
import { deleteGateway } from './starrocks/gateway/delete-gateway.ts'
import { deleteInnerIpWhitelistGroup } from './starrocks/network/delete-inner-ip-whitelist-group.ts'
import { deleteScalingRule } from './starrocks/scaling-rule/delete-scaling-rule.ts'
import { describeAvailableZones } from './starrocks/region/describe-available-zones.ts'
import { describeBackupPolicies } from './starrocks/backup-policy/describe-backup-policies.ts'
import { describeBackups } from './starrocks/backup/describe-backups.ts'
import { describeEventNames } from './starrocks/event/describe-event-names.ts'
import { describeInnerIpWhitelistGroups } from './starrocks/network/describe-inner-ip-whitelist-groups.ts'
import { describeInstanceDiagnosisResult } from './starrocks/diagnosis/describe-instance-diagnosis-result.ts'
import { describeInstanceMetaToken } from './starrocks/instance/describe-instance-meta-token.ts'
import { describeInstances } from './starrocks/instance/describe-instances.ts'
import { describeNodeGroups } from './starrocks/node-group/describe-node-groups.ts'
import { describeRegions } from './starrocks/region/describe-regions.ts'
import { describeResourceConstraints } from './starrocks/constraint/describe-resource-constraints.ts'
import { describeSystemTimezone } from './starrocks/instance/describe-system-timezone.ts'
import { describeTimeTriggerScalingRules } from './starrocks/scaling-rule/describe-time-trigger-scaling-rules.ts'
import { disableSSLConnection } from './starrocks/certificate/disable-ssl-connection.ts'
import { enableInternalSlb } from './starrocks/gateway/enable-internal-slb.ts'
import { enableMultiAz } from './starrocks/zone/enable-multi-az.ts'
import { enableSSLConnection } from './starrocks/certificate/enable-ssl-connection.ts'
import { getInstanceFeatureGate } from './starrocks/feature-gate/get-instance-feature-gate.ts'
import { getNodeGroupFeatureGate } from './starrocks/feature-gate/get-node-group-feature-gate.ts'
import { isolateLeader } from './starrocks/gateway/isolate-leader.ts'
import { listGateway } from './starrocks/gateway/list-gateway.ts'
import { listOperationActivity } from './starrocks/operation/list-operation-activity.ts'
import { listOperationHistory } from './starrocks/operation/list-operation-history.ts'
import { listSSLDetails } from './starrocks/certificate/list-ssl-details.ts'
import { modifyChargeType } from './starrocks/order/modify-charge-type.ts'
import { modifyCu } from './starrocks/node-group/modify-cu.ts'
import { modifyCuPreCheck } from './starrocks/node-group/modify-cu-pre-check.ts'
import { modifyDiskNumber } from './starrocks/node-group/modify-disk-number.ts'
import { modifyDiskPerformanceLevel } from './starrocks/node-group/modify-disk-performance-level.ts'
import { modifyDiskSize } from './starrocks/node-group/modify-disk-size.ts'
import { modifyDiskType } from './starrocks/node-group/modify-disk-type.ts'
import { describeConfigHistory } from './starrocks/configuration/describe-config-history.ts'
import { describeInstanceConfigs } from './starrocks/configuration/describe-instance-configs.ts'
import { modifyInstanceConfig } from './starrocks/configuration/modify-instance-config.ts'
import { modifyInstanceConfigPreCheck } from './starrocks/configuration/modify-instance-config-pre-check.ts'
import { rollbackConfigModification } from './starrocks/configuration/rollback-config-modification.ts'
import { modifyHostAlias } from './starrocks/network/modify-host-alias.ts'
import { modifyMaintainableTime } from './starrocks/version/modify-maintainable-time.ts'
import { modifyNodeNumber } from './starrocks/node-group/modify-node-number.ts'
import { modifyNodeNumberPreCheck } from './starrocks/node-group/modify-node-number-pre-check.ts'
import { modifyScalingRule } from './starrocks/scaling-rule/modify-scaling-rule.ts'
import { modifySpecType } from './starrocks/node-group/modify-spec-type.ts'
import { modifySpecTypePreCheck } from './starrocks/node-group/modify-spec-type-pre-check.ts'
import { modifyUserPassword } from './starrocks/instance/modify-user-password.ts'
import { queryEnableMultiAzPrice } from './starrocks/zone/query-enable-multi-az-price.ts'
import { queryMinorVersion } from './starrocks/version/query-minor-version.ts'
import { queryModifyChargeTypePrice } from './starrocks/order/query-modify-charge-type-price.ts'
import { queryModifyCuPrice } from './starrocks/price/query-modify-cu-price.ts'
import { queryModifyDiskNumberPrice } from './starrocks/price/query-modify-disk-number-price.ts'
import { queryModifyDiskPerformanceLevelPrice } from './starrocks/price/query-modify-disk-performance-level-price.ts'
import { queryModifyDiskSizePrice } from './starrocks/price/query-modify-disk-size-price.ts'
import { queryModifyDiskTypePrice } from './starrocks/price/query-modify-disk-type-price.ts'
import { queryModifyNodeNumberPrice } from './starrocks/price/query-modify-node-number-price.ts'
import { queryModifySpecTypePrice } from './starrocks/price/query-modify-spec-type-price.ts'
import { queryPriceV1 } from './starrocks/price/query-price-v1.ts'
import { queryRefundPrice } from './starrocks/order/query-refund-price.ts'
import { queryRenewPrice } from './starrocks/order/query-renew-price.ts'
import { queryUnpaidOrder } from './starrocks/order/query-unpaid-order.ts'
import { queryUpgradableVersions } from './starrocks/version/query-upgradable-versions.ts'
import { rebootECS } from './starrocks/event/reboot-ecs.ts'
import { releaseInstance } from './starrocks/instance/release-instance.ts'
import { releaseNodeGroup } from './starrocks/node-group/release-node-group.ts'
import { renewInstance } from './starrocks/order/renew-instance.ts'
import { restartInstance } from './starrocks/instance/restart-instance.ts'
import { restartNodeGroup } from './starrocks/node-group/restart-node-group.ts'
import { restartNodes } from './starrocks/node-group/restart-nodes.ts'
import { restoreInstance } from './starrocks/backup/restore-instance.ts'
import { resumeInstance } from './starrocks/instance/resume-instance.ts'
import { switchActiveStandbyZones } from './starrocks/zone/switch-active-standby-zones.ts'
import { tagResources } from './starrocks/tag/tag-resources.ts'
import { toggleAutoMinorVersionUpgrade } from './starrocks/version/toggle-auto-minor-version-upgrade.ts'
import { togglePublicSlb } from './starrocks/gateway/toggle-public-slb.ts'
import { unTagResources } from './starrocks/tag/un-tag-resources.ts'
import { updateBackup } from './starrocks/backup/update-backup.ts'
import { updateBackupPolicy } from './starrocks/backup-policy/update-backup-policy.ts'
import { updateGateway } from './starrocks/gateway/update-gateway.ts'
import { updateInnerIpWhitelistGroup } from './starrocks/network/update-inner-ip-whitelist-group.ts'
import { updateInstanceName } from './starrocks/instance/update-instance-name.ts'
import { updateNodeGroupDescription } from './starrocks/node-group/update-node-group-description.ts'
import { updatePublicNetworkStatus } from './starrocks/network/update-public-network-status.ts'
import { upgradeVersion } from './starrocks/version/upgrade-version.ts'

export const actions: readonly Action[] = [
  addBackupPolicy,
  addGateway,
  changeResourceGroup,
  checkInventory,
  createAgentResource,
  createInstanceV1,
  createNodeGroup,
  createScalingRule,
  createServiceLinkedRole,
  deleteBackup,
  deleteBackupPolicy,
  deleteGateway,
  deleteInnerIpWhitelistGroup,
  deleteScalingRule,
  describeAvailableZones,
  describeBackupPolicies,
  describeBackups,
  describeConfigHistory,
  describeEventNames,
  describeInnerIpWhitelistGroups,
  describeInstanceConfigs,
  describeInstanceDiagnosisResult,
  describeInstanceMetaToken,
  describeInstances,
  describeNodeGroups,
  describeRegions,
  describeResourceConstraints,
  describeSystemTimezone,
  describeTimeTriggerScalingRules,
  disableSSLConnection,
  enableInternalSlb,
  enableMultiAz,
  enableSSLConnection,
  getInstanceFeatureGate,
  getNodeGroupFeatureGate,
  isolateLeader,
  listGateway,
  listOperationActivity,
  listOperationHistory,
  listSSLDetails,
  modifyChargeType,
  modifyCu,
  modifyCuPreCheck,
  modifyDiskNumber,
  modifyDiskPerformanceLevel,
  modifyDiskSize,
  modifyDiskType,
  modifyHostAlias,
  modifyMaintainableTime,
  modifyInstanceConfig,
  modifyInstanceConfigPreCheck,
  modifyNodeNumber,
  modifyNodeNumberPreCheck,
  modifyScalingRule,
  modifySpecType,
  modifySpecTypePreCheck,
  modifyUserPassword,
  queryEnableMultiAzPrice,
  queryMinorVersion,
  queryModifyChargeTypePrice,
  queryModifyCuPrice,
  queryModifyDiskNumberPrice,
  queryModifyDiskPerformanceLevelPrice,
  queryModifyDiskSizePrice,
  queryModifyDiskTypePrice,
  queryModifyNodeNumberPrice,
  queryModifySpecTypePrice,
  queryPriceV1,
  queryRefundPrice,
  queryRenewPrice,
  queryUnpaidOrder,
  queryUpgradableVersions,
  rebootECS,
  releaseInstance,
  releaseNodeGroup,
  renewInstance,
  restartInstance,
  restartNodeGroup,
  restartNodes,
  restoreInstance,
  resumeInstance,
  rollbackConfigModification,
  switchActiveStandbyZones,
  tagResources,
  toggleAutoMinorVersionUpgrade,
  togglePublicSlb,
  unTagResources,
  updateBackup,
  updateBackupPolicy,
  updateGateway,
  updateInnerIpWhitelistGroup,
  updateInstanceName,
  updateNodeGroupDescription,
  updatePublicNetworkStatus,
  upgradeVersion,
]
