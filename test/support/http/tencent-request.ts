/** A legal request for every action that is built. */
import { containerRequests, prepareContainer } from './tencent-container.ts'
import { inquiryRequests } from './tencent-inquiry.ts'
import { prepareScaling, scalingRequests } from './tencent-scaling.ts'
import { jobRequests, prepareJob } from './tencent-job.ts'
import { prepareSchedule, scheduleRequests } from './tencent-schedule.ts'
import { prepareUser, userRequests } from './tencent-user.ts'
import { ask, create, machine, REGION, sampleCreateRequest, type Caller } from './tencent-client.ts'

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
async function taskOf(caller: Caller, InstanceId: string): Promise<NodeIds> {
  const request = { InstanceId, NodeFlag: 'task' }
  const { response } = await ask(caller, 'DescribeClusterNodes', request)
  const [node] = (response['NodeList'] ?? []) as Record<string, string>[]
  if (!node) return NO_NODE
  return { resource: node['EmrResourceId'] ?? '', machine: node['OrderNo'] ?? '' }
}

/** A caller of a server in this process. */
export interface Settling extends Caller {
  /** Until nothing is in transition. */
  settle(): Promise<void>
}

/** A legal request about a cluster that runs, with the ids of what belongs to it. */
export async function completeRequest(
  cloud: Settling,
  action: string,
  id: string,
): Promise<Record<string, unknown>> {
  if (action === 'OfflineIsolatedInstances') return { InstanceIds: [await leftDatabase(cloud)] }
  if (OF_SERVERLESS.has(action)) return legalRequest(action, await serverless(cloud))
  const container = await prepareContainer(cloud, action)
  if (container) return { ...legalRequest(action, container.id), ...container.members }
  const about = OF_SUBSCRIPTIONS.has(action) ? await subscribed(cloud) : id
  await prepareUser(cloud, action, about)
  await prepareSchedule(cloud, action, about)
  const request = legalRequest(action, about, await taskOf(cloud, about))
  const renewal =
    action === 'ModifyAutoRenewFlag' ? { ResourceIds: await nodesOf(cloud, about) } : {}
  const named = await prepareScaling(cloud, action, about)
  return { ...request, ...renewal, ...named, ...(await prepareJob(cloud, action, about)) }
}

async function nodesOf(caller: Caller, InstanceId: string): Promise<readonly unknown[]> {
  const request = { InstanceId, NodeFlag: 'all' }
  const { response } = await ask(caller, 'DescribeClusterNodes', request)
  const nodes = (response['NodeList'] ?? []) as Record<string, unknown>[]
  return nodes.map((node) => node['EmrResourceId'])
}

/** These are about serverless instances. */
const OF_SERVERLESS: ReadonlySet<string> = new Set([
  'DescribeSLInstance',
  'ModifySLInstance',
  'ModifySLInstanceBasic',
  'TerminateSLInstance',
])

/** These are about clusters that are paid for by the month. */
const OF_SUBSCRIPTIONS: ReadonlySet<string> = new Set([
  'ConvertPreToPostCluster',
  'InquirePriceRenewEmr',
  'ModifyAutoRenewFlag',
])

async function subscribed(cloud: Settling): Promise<string> {
  const id = await create(cloud, { ...withTask(), PayMode: 1, TimeUnit: 'm', TimeSpan: 1 })
  await cloud.settle()
  return id
}

/** The metadata database of a cluster that was terminated. */
export async function leftDatabase(cloud: Settling): Promise<string> {
  const id = await create(cloud, withDatabase())
  const request = { DisplayStrategy: 'clusterList', InstanceIds: [id] }
  const { response } = await ask(cloud, 'DescribeInstances', request)
  const [found] = response['ClusterList'] as { MetaDb: string }[]
  await cloud.settle()
  await ask(cloud, 'TerminateInstance', { InstanceId: id })
  await cloud.settle()
  return found?.MetaDb ?? ''
}

/** Members of a cluster that a metadata database is bought with. */
export function withDatabase() {
  const { Software } = sampleCreateRequest()
  return { InstanceName: 'with-database', Software: [...Software, 'hive-2.3.7'] }
}

/** A legal CreateSLInstance: three nodes in one zone. */
export function slCreateRequest(members: Readonly<Record<string, unknown>> = {}) {
  const VPCSettings = { VpcId: 'vpc-12345678', SubnetId: 'subnet-12345678' }
  return {
    InstanceName: 'serverless-hbase',
    PayMode: 0,
    DiskType: 'CLOUD_HSSD',
    DiskSize: 100,
    NodeType: '4C16G',
    ZoneSettings: [{ Zone: 'ap-guangzhou-3', VPCSettings, NodeNum: 3 }],
    ...members,
  }
}

async function serverless(cloud: Settling): Promise<string> {
  const { response } = await ask(cloud, 'CreateSLInstance', slCreateRequest())
  await cloud.settle()
  return String(response['InstanceId'])
}

/** A machine with its disks, as the newer schema has it. */
export function newerResource(InstanceType = 'S5.LARGE8') {
  const disk = { DiskType: 'CLOUD_PREMIUM', Count: 1 }
  return {
    InstanceType,
    SystemDisk: [{ ...disk, DiskSize: 50 }],
    DataDisk: [{ ...disk, DiskSize: 100 }],
  }
}

/** The sample in the newer schema. */
export function createClusterRequest(members: Readonly<Record<string, unknown>> = {}) {
  const sample = sampleCreateRequest()
  return {
    ProductVersion: 'EMR-V2.6.0',
    EnableSupportHAFlag: false,
    InstanceName: 'newer-cluster',
    InstanceChargeType: 'POSTPAID_BY_HOUR',
    LoginSettings: sample.LoginSettings,
    SceneSoftwareConfig: { Software: sample.Software, SceneName: 'Hadoop-Default' },
    ZoneResourceConfiguration: [
      {
        VirtualPrivateCloud: sample.VPCSettings,
        Placement: sample.Placement,
        AllNodeResourceSpec: {
          MasterResourceSpec: newerResource('S5.LARGE16'),
          CoreResourceSpec: newerResource(),
          MasterCount: 1,
          CoreCount: 2,
        },
      },
    ],
    ...members,
  }
}

const { ProductId, VPCSettings, Software, ResourceSpec, SupportHA, Placement } =
  sampleCreateRequest()
const order = { ProductId, VPCSettings, Software, ResourceSpec, SupportHA, Placement }

/** EMR-ID stands for the cluster. */
const requests: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...userRequests,
  ...inquiryRequests,
  ...scalingRequests,
  ...scheduleRequests,
  ...jobRequests,
  ...containerRequests,
  CreateInstance: sampleCreateRequest(),
  DescribeClusterFlowStatusDetail: {
    InstanceId: 'EMR-ID',
    FlowParam: { FKey: 'FlowId', FValue: '1' },
  },
  DescribeClusterNodes: { InstanceId: 'EMR-ID', NodeFlag: 'all' },
  DescribeInstances: { DisplayStrategy: 'clusterList' },
  DescribeInstancesList: { DisplayStrategy: 'clusterList' },
  DescribeResourceTags: {
    ServiceType: 'emr',
    ResourcePrefix: 'emr-instance',
    ResourceRegion: REGION,
    ResourceId: 'EMR-ID',
  },
  DescribeResourceTagsByResourceIds: {
    ServiceType: 'emr',
    ResourcePrefix: 'emr-instance',
    ResourceRegion: REGION,
    ResourceIds: ['EMR-ID'],
  },
  DescribeServiceConfGroupInfos: {
    InstanceId: 'EMR-ID',
    ServiceName: 'HDFS',
    ConfGroupName: 'hdfs-core-defaultGroup',
    PageNo: 1,
    PageSize: 10,
  },
  DescribeServiceNodeInfos: { InstanceId: 'EMR-ID', ServiceName: 'HDFS' },
  DescribeMetaDBInfo: { InstanceId: 'EMR-ID' },
  DescribeExportConfs: {
    InstanceId: 'EMR-ID',
    ExportConfContexts: [{ ServiceName: 'HDFS', FileName: 'hdfs-site.xml' }],
    ExportType: 1,
    ConfGroupName: 'hdfs-core-defaultGroup',
  },
  ModifyServiceParamsByExportConfs: {
    InstanceId: 'EMR-ID',
    ExportConfParamList: [
      {
        ServiceName: 'HDFS',
        Classification: 'hdfs-site.xml',
        ServiceVersion: '2.8.5',
        Properties: Buffer.from('{"dfs.blocksize":"1048576"}').toString('base64'),
      },
    ],
    ConfGroupName: 'hdfs-core-defaultGroup',
  },
  DescribeInspectionTaskResult: { InstanceId: 'EMR-ID' },
  ModifyInspectionSettings: {
    InstanceId: 'EMR-ID',
    Type: 'RealTime',
    Settings: [{ TaskType: 'NodeFailure', Selected: 'true' }],
  },
  DescribeZones: {},
  InquiryPriceCreateInstance: {
    ...order,
    PayMode: 0,
    TimeUnit: 's',
    TimeSpan: 3600,
    Currency: 'CNY',
  },
  InstallSoftware: { InstanceId: 'EMR-ID', SoftInfo: ['flume'] },
  InquiryPriceScaleOutInstance: {
    InstanceId: 'EMR-ID',
    ZoneId: 100003,
    PayMode: 0,
    TimeUnit: 's',
    TimeSpan: 3600,
    CoreCount: 1,
    TaskCount: 0,
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
  ModifyResourceTags: {
    Resource: `qcs::emr:${REGION}:uin/:emr-instance/EMR-ID`,
    ReplaceTags: [{ TagKey: 'k', TagValue: 'v' }],
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
  OfflineIsolatedInstances: { InstanceIds: ['cdb-00000000'] },
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
  StartStopServiceOrMonitor: {
    InstanceId: 'EMR-ID',
    OpType: 'StopService',
    OpScope: {
      ServiceInfoList: [
        { ServiceName: 'HDFS', ComponentInfoList: [{ ComponentName: 'DataNode', IpList: [] }] },
      ],
    },
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
  InquiryPriceUpdateInstance: {
    TimeUnit: 's',
    TimeSpan: 3600,
    PayMode: 0,
    UpdateSpec: { Memory: 32, CPUCores: 8, ResourceId: 'VM-ID', InstanceType: 'S5.2XLARGE32' },
    Placement: { Zone: 'ap-guangzhou-3', ProjectId: 0 },
    Currency: 'CNY',
  },
  InquiryPriceRenewInstance: {
    TimeSpan: 1,
    TimeUnit: 'm',
    PayMode: 1,
    ModifyPayMode: 1,
    ResourceIds: ['VM-ID'],
    NeedDetail: true,
    Currency: 'CNY',
  },
  InquirePriceRenewEmr: {
    TimeSpan: 1,
    PayMode: 1,
    InstanceId: 'EMR-ID',
    Placement: { Zone: 'ap-guangzhou-3' },
  },
  ModifyInstanceBasic: {
    InstanceId: 'EMR-ID',
    ClusterName: 'renamed-cluster',
    ResourceBaseType: 'EMR',
  },
  AttachDisks: {
    InstanceId: 'EMR-ID',
    CvmInstanceIds: ['INS-ID'],
    CreateDisk: true,
    DiskSpec: { Count: 1, DiskType: 'CLOUD_SSD', DefaultDiskSize: 200 },
    DeleteWithInstance: true,
  },
  DescribeNodeDataDisks: { InstanceId: 'EMR-ID', CvmInstanceIds: ['INS-ID'] },
  ConvertPreToPostCluster: { InstanceId: 'EMR-ID' },
  ModifyAutoRenewFlag: {
    InstanceId: 'EMR-ID',
    ResourceIds: ['VM-ID'],
    RenewFlag: 'NOTIFY_AND_AUTO_RENEW',
  },
  DescribeCvmQuota: { ClusterId: 'EMR-ID', ZoneId: 100003 },
  DescribeInstanceRenewNodes: { InstanceId: 'EMR-ID' },
  DescribeEMREventList: { InstanceId: 'EMR-ID', StartTime: 1700000000, EndTime: 2500000000 },
  DescribeBootScript: { InstanceId: 'EMR-ID', BootType: 'clusterAfter' },
  DescribeNodeSpec: {
    ZoneId: 100003,
    CvmPayMode: 0,
    NodeType: 'All',
    TradeType: 1,
    ProductId: 30,
    SceneName: 'Hadoop-Default',
  },
  DescribeInstanceOplog: { InstanceId: 'EMR-ID', Offset: 0, Limit: 10 },
  CreateCluster: createClusterRequest(),
  ScaleOutCluster: {
    InstanceChargeType: 'POSTPAID_BY_HOUR',
    InstanceId: 'EMR-ID',
    ScaleOutNodeConfig: { NodeFlag: 'CORE', NodeCount: 1 },
    EnableStartServiceFlag: true,
    ResourceSpec: newerResource(),
    NodeMarks: { NodeType: 'core', NodeNames: ['core-c'] },
  },
  CreateSLInstance: slCreateRequest(),
  DescribeSLInstance: { InstanceId: 'EMR-ID' },
  DescribeSLInstanceList: { DisplayStrategy: 'clusterList' },
  ModifySLInstance: { InstanceId: 'EMR-ID', Zone: 'ap-guangzhou-3', NodeNum: 4 },
  ModifySLInstanceBasic: { InstanceId: 'EMR-ID', ClusterName: 'renamed-hbase' },
  TerminateSLInstance: { InstanceId: 'EMR-ID' },
  ModifyBootScript: {
    InstanceId: 'EMR-ID',
    BootType: 'clusterAfter',
    PreExecutedFileSettings: [{ CosFileURI: 'cos://bucket/a.sh', Args: '--a' }],
  },
}
