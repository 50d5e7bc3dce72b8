/** The actions that are built. One that is only declared by the vendor is in known-actions.ts. */
import type { Action } from '../../gateway/action.ts'
import { createInstance } from './emr/create-instance.ts'
import { describeClusterFlowStatusDetail } from './emr/describe-cluster-flow-status-detail.ts'
import { describeClusterNodes } from './emr/describe-cluster-nodes.ts'
import { describeInstances } from './emr/describe-instances.ts'
import { describeInstancesList } from './emr/describe-instances-list.ts'
import { inquiryPriceCreateInstance } from './emr/inquiry-price-create-instance.ts'
import { modifyResourcesTags } from './emr/modify-resources-tags.ts'
import { terminateInstance } from './emr/terminate-instance.ts'

export const actions: readonly Action[] = [
  createInstance,
  describeClusterFlowStatusDetail,
  describeClusterNodes,
  describeInstances,
  describeInstancesList,
  inquiryPriceCreateInstance,
  modifyResourcesTags,
  terminateInstance,
]
