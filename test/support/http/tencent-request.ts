/** A legal request for every action that is built. */
import { ask, machine, REGION, sampleCreateRequest, type Caller } from './tencent-client.ts'

/** A task node by its two ids. */
export interface NodeIds {
  readonly resource: string
  readonly machine: string
}

const NO_NODE: NodeIds = { resource: 'emr-vm-00000000', machine: 'ins-00000000' }

/**
 * `id` is a cluster that exists, `node` a task node of it. Throws for an action that has none yet: add one below.
 */
export function legalRequest(
  action: string,
  id: string,
  node: NodeIds = NO_NODE,
): Record<string, unknown> {
  const request = requests[action]
  if (!request)
    throw new Error(`no legal request of ${action} is known; add one to ${import.meta.filename}`)
  const text = JSON.stringify(request)
    .replaceAll('EMR-ID', id)
    .replaceAll('VM-ID', node.resource)
    .replaceAll('INS-ID', node.machine)
  return JSON.parse(text) as Record<string, unknown>
}

/** A sample with a task node, which changes of nodes can be tried on. */
export function withTask() {
  const task = { TaskResourceSpec: machine(4, 8), TaskCount: 1 }
  return { ResourceSpec: { ...sampleCreateRequest().ResourceSpec, ...task } }
}

/** The first task node of a cluster. */
export async function taskOf(caller: Caller, InstanceId: string): Promise<NodeIds> {
  const request = { InstanceId, NodeFlag: 'task' }
  const { response } = await ask(caller, 'DescribeClusterNodes', request)
  const [node] = (response['NodeList'] ?? []) as Record<string, string>[]
  if (!node) return NO_NODE
  return { resource: node['EmrResourceId'] ?? '', machine: node['OrderNo'] ?? '' }
}

const { ProductId, VPCSettings, Software, ResourceSpec, SupportHA, Placement } =
  sampleCreateRequest()
const order = { ProductId, VPCSettings, Software, ResourceSpec, SupportHA, Placement }

/** EMR-ID stands for the cluster. */
const requests: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  CreateInstance: sampleCreateRequest(),
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
  ModifyResource: {
    InstanceId: 'EMR-ID',
    PayMode: 0,
    NewCpu: 8,
    NewMem: 32,
    InstanceType: 'S5.2XLARGE32',
    ResourceIdList: ['VM-ID'],
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
  ResizeDataDisks: {
    InstanceId: 'EMR-ID',
    DiskSize: 500,
    CvmInstanceIds: ['INS-ID'],
    ResizeAll: true,
  },
  ScaleOutInstance: {
    InstanceId: 'EMR-ID',
    PayMode: 0,
    TimeUnit: 's',
    TimeSpan: 3600,
    CoreCount: 1,
    Tags: [{ TagKey: 'team', TagValue: 'data' }],
    SubnetId: 'subnet-12345678',
    AutoRenew: 0,
    StartServiceAfterScaleOut: 'true',
  },
  TerminateClusterNodes: {
    InstanceId: 'EMR-ID',
    CvmInstanceIds: ['INS-ID'],
    NodeFlag: 'TASK',
    GraceDownFlag: true,
    GraceDownTime: 60,
  },
  TerminateInstance: { InstanceId: 'EMR-ID' },
  TerminateTasks: { InstanceId: 'EMR-ID', ResourceIds: ['VM-ID'] },
}
