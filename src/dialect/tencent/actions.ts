/** The actions that are built. One that is only declared by the vendor is in its service's known-actions.ts. */
import type { Action } from '../../gateway/action.ts'
import { describeResourceTags } from './tag/resource/describe-resource-tags.ts'
import { describeResourceTagsByResourceIds } from './tag/resource/describe-resource-tags-by-resource-ids.ts'
import { describeZones } from './cvm/zone/describe-zones.ts'
import { modifyResourceTags } from './tag/resource/modify-resource-tags.ts'
import { offlineIsolatedInstances } from './cdb/instance/offline-isolated-instances.ts'
import { createInstance } from './emr/cluster/create-instance.ts'
import { describeClusterFlowStatusDetail } from './emr/flow/describe-cluster-flow-status-detail.ts'
import { describeClusterNodes } from './emr/node/describe-cluster-nodes.ts'
import { describeInstances } from './emr/cluster/describe-instances.ts'
import { describeInstancesList } from './emr/cluster/describe-instances-list.ts'
import { describeMetaDbInfo } from './emr/cluster/describe-meta-db-info.ts'
import { describeExportConfs } from './emr/service/describe-export-confs.ts'
import { describeServiceConfGroupInfos } from './emr/service/describe-service-conf-group-infos.ts'
import { modifyServiceParamsByExportConfs } from './emr/service/modify-service-params-by-export-confs.ts'
import { describeServiceNodeInfos } from './emr/service/describe-service-node-infos.ts'
import { installSoftware } from './emr/service/install-software.ts'
import { startStopServiceOrMonitor } from './emr/service/start-stop-service-or-monitor.ts'
import { inquiryPriceCreateInstance } from './emr/price/inquiry-price-create-instance.ts'
import { inquiryPriceScaleOutInstance } from './emr/price/inquiry-price-scale-out-instance.ts'
import { modifyResourcesTags } from './emr/tag/modify-resources-tags.ts'
import { addUsersForUserManager } from './emr/user/add-users-for-user-manager.ts'
import { describeUsersForUserManager } from './emr/user/describe-users-for-user-manager.ts'
import { modifyUserManagerPwd } from './emr/user/modify-user-manager-pwd.ts'
import { deleteUserManagerUserList } from './emr/user/delete-user-manager-user-list.ts'
import { modifyUserGroup } from './emr/user/modify-user-group.ts'
import { createGroupsStd } from './emr/user-group/create-groups-std.ts'
import { describeGroupsStd } from './emr/user-group/describe-groups-std.ts'
import { modifyUsersOfGroupStd } from './emr/user-group/modify-users-of-group-std.ts'
import { deleteGroupsStd } from './emr/user-group/delete-groups-std.ts'
import { describeYarnApplications } from './emr/inquiry/describe-yarn-applications.ts'
import { describeHiveQueries } from './emr/inquiry/describe-hive-queries.ts'
import { describeImpalaQueries } from './emr/inquiry/describe-impala-queries.ts'
import { describeSparkApplications } from './emr/inquiry/describe-spark-applications.ts'
import { describeSparkQueries } from './emr/inquiry/describe-spark-queries.ts'
import { describeTrinoQueryInfo } from './emr/inquiry/describe-trino-query-info.ts'
import { describeKyuubiQueryInfo } from './emr/inquiry/describe-kyuubi-query-info.ts'
import { describeStarRocksQueryInfo } from './emr/inquiry/describe-star-rocks-query-info.ts'
import { describeInsightList } from './emr/inquiry/describe-insight-list.ts'
import { describeEmrApplicationStatics } from './emr/inquiry/describe-emr-application-statics.ts'
import { describeHdfsStorageInfo } from './emr/inquiry/describe-hdfs-storage-info.ts'
import { describeHbaseTableOverview } from './emr/inquiry/describe-hbase-table-overview.ts'
import { describeHbaseTableRequestMetric } from './emr/inquiry/describe-hbase-table-request-metric.ts'
import { describeHbaseTableStoreSizeMetric } from './emr/inquiry/describe-hbase-table-store-size-metric.ts'
import { describeDagInfo } from './emr/inquiry/describe-dag-info.ts'
import { describeEmrOverviewMetrics } from './emr/inquiry/describe-emr-overview-metrics.ts'
import { addNodeResourceConfig } from './emr/node-spec/add-node-resource-config.ts'
import { deleteNodeResourceConfig } from './emr/node-spec/delete-node-resource-config.ts'
import { describeNodeResourceConfigFast } from './emr/node-spec/describe-node-resource-config-fast.ts'
import { setNodeResourceConfigDefault } from './emr/node-spec/set-node-resource-config-default.ts'
import { addMetricScaleStrategy } from './emr/autoscale/add-metric-scale-strategy.ts'
import { modifyAutoScaleStrategy } from './emr/autoscale/modify-auto-scale-strategy.ts'
import { deleteAutoScaleStrategy } from './emr/autoscale/delete-auto-scale-strategy.ts'
import { describeAutoScaleStrategies } from './emr/autoscale/describe-auto-scale-strategies.ts'
import { describeAutoScaleGroupGlobalConf } from './emr/autoscale/describe-auto-scale-group-global-conf.ts'
import { describeAutoScaleRecords } from './emr/autoscale/describe-auto-scale-records.ts'
import { describeYarnQueue } from './emr/schedule/describe-yarn-queue.ts'
import { modifyYarnQueueV2 } from './emr/schedule/modify-yarn-queue-v2.ts'
import { deployYarnConf } from './emr/schedule/deploy-yarn-conf.ts'
import { modifyYarnDeploy } from './emr/schedule/modify-yarn-deploy.ts'
import { modifyResourcePools } from './emr/schedule/modify-resource-pools.ts'
import { resetYarnConfig } from './emr/schedule/reset-yarn-config.ts'
import { modifyResourceScheduler } from './emr/schedule/modify-resource-scheduler.ts'
import { describeResourceSchedule } from './emr/schedule/describe-resource-schedule.ts'
import { describeGlobalConfig } from './emr/schedule/describe-global-config.ts'
import { modifyGlobalConfig } from './emr/schedule/modify-global-config.ts'
import { describeResourceScheduleDiffDetail } from './emr/schedule/describe-resource-schedule-diff-detail.ts'
import { describeYarnScheduleHistory } from './emr/schedule/describe-yarn-schedule-history.ts'
import { describeJobFlow } from './emr/job/describe-job-flow.ts'
import { runJobFlow } from './emr/job/run-job-flow.ts'
import { modifyResource } from './emr/node/modify-resource.ts'
import { resizeDataDisks } from './emr/node/resize-data-disks.ts'
import { scaleOutInstance } from './emr/node/scale-out-instance.ts'
import { terminateClusterNodes } from './emr/node/terminate-cluster-nodes.ts'
import { terminateTasks } from './emr/node/terminate-tasks.ts'
import { terminateInstance } from './emr/cluster/terminate-instance.ts'
import { inquiryPriceUpdateInstance } from './emr/price/inquiry-price-update-instance.ts'
import { inquiryPriceRenewInstance } from './emr/price/inquiry-price-renew-instance.ts'
import { inquirePriceRenewEmr } from './emr/price/inquire-price-renew-emr.ts'
import { modifyInstanceBasic } from './emr/cluster/modify-instance-basic.ts'
import { attachDisks } from './emr/node/attach-disks.ts'
import { describeNodeDataDisks } from './emr/node/describe-node-data-disks.ts'
import { convertPreToPostCluster } from './emr/cluster/convert-pre-to-post-cluster.ts'
import { modifyAutoRenewFlag } from './emr/node/modify-auto-renew-flag.ts'
import { describeCvmQuota } from './emr/cluster/describe-cvm-quota.ts'
import { describeInstanceRenewNodes } from './emr/node/describe-instance-renew-nodes.ts'
import { describeEMREventList } from './emr/event/describe-emr-event-list.ts'
import { describeBootScript } from './emr/cluster/describe-boot-script.ts'
import { describeNodeSpec } from './emr/node/describe-node-spec.ts'
import { describeInstanceOplog } from './emr/oplog/describe-instance-oplog.ts'
import { createCluster } from './emr/cluster/create-cluster.ts'
import { scaleOutCluster } from './emr/node/scale-out-cluster.ts'
import { createSLInstance } from './emr/serverless/create-sl-instance.ts'
import { describeSLInstance } from './emr/serverless/describe-sl-instance.ts'
import { describeSLInstanceList } from './emr/serverless/describe-sl-instance-list.ts'
import { modifySLInstance } from './emr/serverless/modify-sl-instance.ts'
import { modifySLInstanceBasic } from './emr/serverless/modify-sl-instance-basic.ts'
import { terminateSLInstance } from './emr/serverless/terminate-sl-instance.ts'
import { modifyBootScript } from './emr/cluster/modify-boot-script.ts'

import { createCloudInstance } from './emr/container/create-cloud-instance.ts'
import { modifyPodNum } from './emr/container/modify-pod-num.ts'
import { syncPodState } from './emr/container/sync-pod-state.ts'
import { createDynamicInstance } from './emr/dynamic-instance/create-dynamic-instance.ts'
import { describeDynamicInstanceDetail } from './emr/dynamic-instance/describe-dynamic-instance-detail.ts'
import { describeDynamicInstanceList } from './emr/dynamic-instance/describe-dynamic-instance-list.ts'
import { modifyDynamicInstance } from './emr/dynamic-instance/modify-dynamic-instance.ts'
import { terminateDynamicInstances } from './emr/dynamic-instance/terminate-dynamic-instances.ts'
import { modifyResourceScheduleConfig } from './emr/schedule/modify-resource-schedule-config.ts'
import { describeInspectionTaskResult } from './emr/inspection/describe-inspection-task-result.ts'
import { modifyInspectionSettings } from './emr/inspection/modify-inspection-settings.ts'

export const actions: readonly Action[] = [
  attachDisks,
  convertPreToPostCluster,
  createCloudInstance,
  createCluster,
  createDynamicInstance,
  describeDynamicInstanceDetail,
  describeDynamicInstanceList,
  modifyDynamicInstance,
  modifyPodNum,
  describeInspectionTaskResult,
  modifyInspectionSettings,
  modifyResourceScheduleConfig,
  syncPodState,
  terminateDynamicInstances,
  createInstance,
  createSLInstance,
  describeBootScript,
  describeClusterFlowStatusDetail,
  describeClusterNodes,
  describeCvmQuota,
  describeEMREventList,
  describeInstanceOplog,
  describeInstanceRenewNodes,
  describeInstances,
  describeInstancesList,
  describeNodeDataDisks,
  describeNodeSpec,
  describeResourceTags,
  describeResourceTagsByResourceIds,
  describeServiceConfGroupInfos,
  describeExportConfs,
  modifyServiceParamsByExportConfs,
  describeMetaDbInfo,
  describeServiceNodeInfos,
  addUsersForUserManager,
  describeUsersForUserManager,
  modifyUserManagerPwd,
  deleteUserManagerUserList,
  modifyUserGroup,
  createGroupsStd,
  describeGroupsStd,
  modifyUsersOfGroupStd,
  deleteGroupsStd,
  describeYarnApplications,
  describeHiveQueries,
  describeImpalaQueries,
  describeSparkApplications,
  describeSparkQueries,
  describeTrinoQueryInfo,
  describeKyuubiQueryInfo,
  describeStarRocksQueryInfo,
  describeInsightList,
  describeEmrApplicationStatics,
  describeHdfsStorageInfo,
  describeHbaseTableOverview,
  describeHbaseTableRequestMetric,
  describeHbaseTableStoreSizeMetric,
  describeDagInfo,
  describeEmrOverviewMetrics,
  addNodeResourceConfig,
  deleteNodeResourceConfig,
  describeNodeResourceConfigFast,
  setNodeResourceConfigDefault,
  addMetricScaleStrategy,
  modifyAutoScaleStrategy,
  deleteAutoScaleStrategy,
  describeAutoScaleStrategies,
  describeAutoScaleGroupGlobalConf,
  describeAutoScaleRecords,
  describeYarnQueue,
  modifyYarnQueueV2,
  deployYarnConf,
  modifyYarnDeploy,
  modifyResourcePools,
  resetYarnConfig,
  modifyResourceScheduler,
  describeResourceSchedule,
  describeGlobalConfig,
  modifyGlobalConfig,
  describeResourceScheduleDiffDetail,
  describeYarnScheduleHistory,
  describeSLInstance,
  describeSLInstanceList,
  describeJobFlow,
  runJobFlow,
  describeZones,
  inquirePriceRenewEmr,
  inquiryPriceCreateInstance,
  installSoftware,
  inquiryPriceRenewInstance,
  inquiryPriceScaleOutInstance,
  inquiryPriceUpdateInstance,
  modifyAutoRenewFlag,
  modifyBootScript,
  modifyInstanceBasic,
  modifyResource,
  modifyResourceTags,
  modifyResourcesTags,
  modifySLInstance,
  modifySLInstanceBasic,
  offlineIsolatedInstances,
  resizeDataDisks,
  scaleOutCluster,
  scaleOutInstance,
  startStopServiceOrMonitor,
  terminateClusterNodes,
  terminateInstance,
  terminateSLInstance,
  terminateTasks,
]
