/** A legal request for every action that is built. */
import { REGION, sampleCreation } from './tencent.ts'

/** `id` is a cluster that exists. Throws for an action that has none yet: add one below. */
export function legalRequest(action: string, id: string): Record<string, unknown> {
  const request = requests[action]
  if (!request)
    throw new Error(`no legal request of ${action} is known; add one to ${import.meta.filename}`)
  return JSON.parse(JSON.stringify(request).replaceAll('EMR-ID', id)) as Record<string, unknown>
}

const { ProductId, VPCSettings, Software, ResourceSpec, SupportHA, Placement } = sampleCreation()
const order = { ProductId, VPCSettings, Software, ResourceSpec, SupportHA, Placement }

/** EMR-ID stands for the cluster. */
const requests: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  CreateInstance: sampleCreation(),
  DescribeClusterFlowStatusDetail: {
    InstanceId: 'EMR-ID',
    FlowParam: { FKey: 'FlowId', FValue: '1' },
  },
  DescribeClusterNodes: { InstanceId: 'EMR-ID', NodeFlag: 'all' },
  DescribeInstances: { DisplayStrategy: 'clusterList' },
  DescribeInstancesList: { DisplayStrategy: 'clusterList' },
  InquiryPriceCreateInstance: {
    ...order,
    PayMode: 0,
    TimeUnit: 's',
    TimeSpan: 3600,
    Currency: 'CNY',
  },
  ModifyResourcesTags: {
    ModifyType: 'Cluster',
    ModifyResourceTagsInfoList: [
      {
        ResourceId: 'EMR-ID',
        Resource: `qcs::emr:${REGION}:uin/:emr-instance/EMR-ID`,
        ResourcePrefix: 'emr-instance',
        ResourceRegion: REGION,
        ServiceType: 'emr',
        AddTags: [{ TagKey: 'k', TagValue: 'v' }],
      },
    ],
  },
  TerminateInstance: { InstanceId: 'EMR-ID' },
}
