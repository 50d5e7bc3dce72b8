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
import { describeServiceConfGroupInfos } from './emr/service/describe-service-conf-group-infos.ts'
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
import { modifyResource } from './emr/node/modify-resource.ts'
import { resizeDataDisks } from './emr/node/resize-data-disks.ts'
import { scaleOutInstance } from './emr/node/scale-out-instance.ts'
import { terminateClusterNodes } from './emr/node/terminate-cluster-nodes.ts'
import { terminateTasks } from './emr/node/terminate-tasks.ts'
import { terminateInstance } from './emr/cluster/terminate-instance.ts'
import { inquiryPriceUpdateInstance } from './emr/price/inquiry-price-update-instance.ts'
import { inquiryPriceRenewInstance } from './emr/price/inquiry-price-renew-instance.ts'
import { inquirePriceRenewEmr } from './emr/price/inquire-price-renew-emr.ts'

export const actions: readonly Action[] = [
  createInstance,
  describeClusterFlowStatusDetail,
  describeClusterNodes,
  describeInstances,
  describeInstancesList,
  describeResourceTags,
  describeResourceTagsByResourceIds,
  describeServiceConfGroupInfos,
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
  describeZones,
  inquirePriceRenewEmr,
  inquiryPriceCreateInstance,
  installSoftware,
  inquiryPriceRenewInstance,
  inquiryPriceScaleOutInstance,
  inquiryPriceUpdateInstance,
  modifyResource,
  modifyResourceTags,
  modifyResourcesTags,
  offlineIsolatedInstances,
  resizeDataDisks,
  scaleOutInstance,
  startStopServiceOrMonitor,
  terminateClusterNodes,
  terminateInstance,
  terminateTasks,
]
