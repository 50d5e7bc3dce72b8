/** The actions that are built, each in a file of its own. One line here makes an action reachable. */
import type { Action } from '../../gateway/action.ts'
import { addBackupPolicy } from './starrocks/backup-policy/add-backup-policy.ts'
import { changeResourceGroup } from './starrocks/resource-group/change-resource-group.ts'
import { createAgentResource } from './starrocks/node-group/create-agent-resource.ts'
import { checkInventory } from './starrocks/constraint/check-inventory.ts'
import { createInstanceV1 } from './starrocks/instance/create-instance-v1.ts'
import { createNodeGroup } from './starrocks/node-group/create-node-group.ts'
import { createScalingRule } from './starrocks/scaling-rule/create-scaling-rule.ts'
import { deleteScalingRule } from './starrocks/scaling-rule/delete-scaling-rule.ts'
import { deleteBackup } from './starrocks/backup/delete-backup.ts'
import { deleteBackupPolicy } from './starrocks/backup-policy/delete-backup-policy.ts'
import { describeAvailableZones } from './starrocks/region/describe-available-zones.ts'
import { describeBackupPolicies } from './starrocks/backup-policy/describe-backup-policies.ts'
import { describeBackups } from './starrocks/backup/describe-backups.ts'
import { describeInstances } from './starrocks/instance/describe-instances.ts'
import { describeNodeGroups } from './starrocks/node-group/describe-node-groups.ts'
import { describeRegions } from './starrocks/region/describe-regions.ts'
import { describeTimeTriggerScalingRules } from './starrocks/scaling-rule/describe-time-trigger-scaling-rules.ts'
import { getInstanceFeatureGate } from './starrocks/feature-gate/get-instance-feature-gate.ts'
import { getNodeGroupFeatureGate } from './starrocks/feature-gate/get-node-group-feature-gate.ts'
import { listOperationActivity } from './starrocks/operation/list-operation-activity.ts'
import { createServiceLinkedRole } from './starrocks/role/create-service-linked-role.ts'
import { describeInstanceMetaToken } from './starrocks/instance/describe-instance-meta-token.ts'
import { describeResourceConstraints } from './starrocks/constraint/describe-resource-constraints.ts'
import { describeSystemTimezone } from './starrocks/instance/describe-system-timezone.ts'
import { enableMultiAz } from './starrocks/zone/enable-multi-az.ts'
import { listOperationHistory } from './starrocks/operation/list-operation-history.ts'
import { modifyChargeType } from './starrocks/order/modify-charge-type.ts'
import { modifyCu } from './starrocks/node-group/modify-cu.ts'
import { modifyCuPreCheck } from './starrocks/node-group/modify-cu-pre-check.ts'
import { modifyDiskNumber } from './starrocks/node-group/modify-disk-number.ts'
import { modifyDiskPerformanceLevel } from './starrocks/node-group/modify-disk-performance-level.ts'
import { modifyDiskSize } from './starrocks/node-group/modify-disk-size.ts'
import { modifyDiskType } from './starrocks/node-group/modify-disk-type.ts'
import { modifyNodeNumber } from './starrocks/node-group/modify-node-number.ts'
import { modifyNodeNumberPreCheck } from './starrocks/node-group/modify-node-number-pre-check.ts'
import { modifySpecType } from './starrocks/node-group/modify-spec-type.ts'
import { modifySpecTypePreCheck } from './starrocks/node-group/modify-spec-type-pre-check.ts'
import { modifyUserPassword } from './starrocks/instance/modify-user-password.ts'
import { queryEnableMultiAzPrice } from './starrocks/zone/query-enable-multi-az-price.ts'
import { queryModifyChargeTypePrice } from './starrocks/order/query-modify-charge-type-price.ts'
import { queryModifyCuPrice } from './starrocks/price/query-modify-cu-price.ts'
import { queryModifyDiskNumberPrice } from './starrocks/price/query-modify-disk-number-price.ts'
import { queryModifyDiskPerformanceLevelPrice } from './starrocks/price/query-modify-disk-performance-level-price.ts'
import { queryModifyDiskSizePrice } from './starrocks/price/query-modify-disk-size-price.ts'
import { queryModifyDiskTypePrice } from './starrocks/price/query-modify-disk-type-price.ts'
import { queryModifyNodeNumberPrice } from './starrocks/price/query-modify-node-number-price.ts'
import { queryModifySpecTypePrice } from './starrocks/price/query-modify-spec-type-price.ts'
import { modifyScalingRule } from './starrocks/scaling-rule/modify-scaling-rule.ts'
import { queryPriceV1 } from './starrocks/price/query-price-v1.ts'
import { queryRefundPrice } from './starrocks/order/query-refund-price.ts'
import { queryRenewPrice } from './starrocks/order/query-renew-price.ts'
import { queryUnpaidOrder } from './starrocks/order/query-unpaid-order.ts'
import { releaseInstance } from './starrocks/instance/release-instance.ts'
import { renewInstance } from './starrocks/order/renew-instance.ts'
import { releaseNodeGroup } from './starrocks/node-group/release-node-group.ts'
import { restartInstance } from './starrocks/instance/restart-instance.ts'
import { restartNodeGroup } from './starrocks/node-group/restart-node-group.ts'
import { resumeInstance } from './starrocks/instance/resume-instance.ts'
import { restartNodes } from './starrocks/node-group/restart-nodes.ts'
import { restoreInstance } from './starrocks/backup/restore-instance.ts'
import { switchActiveStandbyZones } from './starrocks/zone/switch-active-standby-zones.ts'
import { tagResources } from './starrocks/tag/tag-resources.ts'
import { unTagResources } from './starrocks/tag/un-tag-resources.ts'
import { updateBackup } from './starrocks/backup/update-backup.ts'
import { updateBackupPolicy } from './starrocks/backup-policy/update-backup-policy.ts'
import { updateInstanceName } from './starrocks/instance/update-instance-name.ts'
import { updateNodeGroupDescription } from './starrocks/node-group/update-node-group-description.ts'
import { queryMinorVersion } from './starrocks/version/query-minor-version.ts'
import { queryUpgradableVersions } from './starrocks/version/query-upgradable-versions.ts'
import { upgradeVersion } from './starrocks/version/upgrade-version.ts'

export const actions: readonly Action[] = [
  addBackupPolicy,
  changeResourceGroup,
  createAgentResource,
  checkInventory,
  createInstanceV1,
  createNodeGroup,
  createScalingRule,
  deleteScalingRule,
  deleteBackup,
  deleteBackupPolicy,
  describeAvailableZones,
  describeBackupPolicies,
  describeBackups,
  describeInstances,
  describeNodeGroups,
  describeRegions,
  describeTimeTriggerScalingRules,
  getInstanceFeatureGate,
  getNodeGroupFeatureGate,
  listOperationActivity,
  createServiceLinkedRole,
  describeInstanceMetaToken,
  describeResourceConstraints,
  describeSystemTimezone,
  enableMultiAz,
  listOperationHistory,
  modifyChargeType,
  modifyCu,
  modifyCuPreCheck,
  modifyDiskNumber,
  modifyDiskPerformanceLevel,
  modifyDiskSize,
  modifyDiskType,
  modifyNodeNumber,
  modifyNodeNumberPreCheck,
  modifySpecType,
  modifySpecTypePreCheck,
  modifyUserPassword,
  queryEnableMultiAzPrice,
  queryModifyChargeTypePrice,
  queryModifyCuPrice,
  queryModifyDiskNumberPrice,
  queryModifyDiskPerformanceLevelPrice,
  queryModifyDiskSizePrice,
  queryModifyDiskTypePrice,
  queryModifyNodeNumberPrice,
  queryModifySpecTypePrice,
  modifyScalingRule,
  queryPriceV1,
  queryRefundPrice,
  queryRenewPrice,
  queryUnpaidOrder,
  upgradeVersion,
  queryUpgradableVersions,
  queryMinorVersion,
  releaseInstance,
  renewInstance,
  releaseNodeGroup,
  restartInstance,
  restartNodeGroup,
  resumeInstance,
  restartNodes,
  restoreInstance,
  switchActiveStandbyZones,
  tagResources,
  unTagResources,
  updateBackup,
  updateBackupPolicy,
  updateInstanceName,
  updateNodeGroupDescription,
]
