/** Legal requests about clusters of containers, and what has to be there before some of them. */
import { ask, type Caller } from './tencent-client.ts'

type Members = Readonly<Record<string, unknown>>

interface Settling extends Caller {
  settle(): Promise<void>
}

const InstanceId = 'EMR-ID'
const ray = { InstanceId, ServiceName: 'TCRAY', DynamicInstanceType: 'RayCluster' }

/** One head of a core and 2 GiB, and workers alike. */
export function rayForm(members: Members = {}) {
  const size = { PodCpu: 1, PodMem: 2 }
  return {
    DynamicInstanceName: 'ray-1',
    DynamicInstanceGroups: [
      { GroupType: 'headGroup', GroupName: 'head', PodNum: 1, ...size },
      { GroupType: 'workerGroup', GroupName: 'workers', PodNum: 2, ...size },
    ],
    ...members,
  }
}

/** The documents' own example: pods of five roles, each with a disk. */
export function cloudRequest(members: Members = {}) {
  const disk = { DiskType: 'CLOUD_PREMIUM', DiskCapacity: 100, DiskNumber: 1 }
  const pods = (Service: string, ComponentName: string, PodNumber: number) => ({
    ComponentName,
    PodNumber,
    LimitCpu: 1,
    LimitMemory: 2,
    Service,
    VolumeDir: {
      VolumeType: 'NEW_PVC',
      HostPath: { Path: '', Type: 'DirectoryOrCreate' },
    },
    Disks: [disk],
  })
  return {
    InstanceName: 'EMR-containers',
    ClusterClass: 'EMR-TKE',
    Software: [
      'zookeeper-3.6.3',
      'metastore-3.1.3',
      'openldap-2.4.44',
      'hiveserver2-3.1.3',
      'spark-3.3.2',
    ],
    PlatFormType: 'tke',
    CosBucket: 'emrys-1250000001',
    EksClusterId: 'cls-12345678',
    ProductId: 60,
    VPCSettings: { VpcId: 'vpc-12345678', SubnetId: 'subnet-12345678' },
    CloudResources: [
      pods('ZOOKEEPER', 'QuorumPeerMain', 3),
      pods('OPENLDAP', 'Slapd', 2),
      pods('HIVESERVER2', 'HiveServer2Node', 1),
      pods('METASTORE', 'HiveMetaStoreNode', 1),
      pods('SPARK', 'SparkJobHistoryServer', 1),
    ],
    MetaDBInfo: { MetaType: 'EMR_DEFAULT_META' },
    LoginSettings: { Password: 'Tencent@cloud123' },
    ZoneId: 100003,
    ...members,
  }
}

/** A cluster that has Ray. */
export function rayCloudRequest(members: Members = {}) {
  return cloudRequest({
    ProductId: 65,
    Software: ['openldap-2.4.44', 'tcray-2.52.0'],
    CloudResources: [
      { ComponentName: 'Slapd', PodNumber: 1, LimitCpu: 1, LimitMemory: 2 },
      { ComponentName: 'KubeRayOperator', PodNumber: 1, LimitCpu: 1, LimitMemory: 2 },
    ],
    ...members,
  })
}

export const containerRequests: Readonly<Record<string, Members>> = {
  CreateCloudInstance: cloudRequest(),
  CreateDynamicInstance: { ...ray, DynamicInstanceForm: rayForm() },
  DescribeDynamicInstanceDetail: { InstanceId, RayClusterId: 1 },
  DescribeDynamicInstanceList: { InstanceId },
  ModifyDynamicInstance: {
    ...ray,
    DynamicInstanceId: 1,
    DynamicInstanceForm: {
      ModifyScope: 6,
      ModifyDynamicInstanceGroup: { GroupName: 'workers', PodNum: 3, MaxPodNum: 3 },
    },
  },
  ModifyPodNum: { InstanceId, ServiceGroup: 39, ServiceType: 51, PodNum: 2 },
  SyncPodState: {
    Message: {
      Name: 'pod-1',
      Uuid: '3435346',
      State: 'POD_STATE_DELETED',
      Reason: 'pod is deleted',
      OwnerCluster: InstanceId,
      Memory: 0,
    },
  },
  TerminateDynamicInstances: {
    InstanceId,
    DynamicInstanceType: 'RayCluster',
    DynamicInstanceIds: [1],
  },
}

/** These are about a cluster of containers, some of them about a Ray cluster in it. */
export async function prepareContainer(
  cloud: Settling,
  action: string,
): Promise<{ readonly id: string; readonly members: Members } | undefined> {
  if (!(action in containerRequests) || action === 'CreateCloudInstance') return undefined
  const { response } = await ask(cloud, 'CreateCloudInstance', rayCloudRequest())
  const id = String(response['InstanceId'])
  await cloud.settle()
  const name = NUMBERS[action]
  if (name === undefined) return { id, members: {} }
  const number = await makeRay(cloud, id)
  return { id, members: { [name]: action.startsWith('Terminate') ? [number] : number } }
}

const NUMBERS: Readonly<Record<string, string>> = {
  DescribeDynamicInstanceDetail: 'RayClusterId',
  ModifyDynamicInstance: 'DynamicInstanceId',
  TerminateDynamicInstances: 'DynamicInstanceIds',
}

/** Returns its number. */
export async function makeRay(cloud: Settling, id: string, form = rayForm()): Promise<number> {
  const own = { ...ray, InstanceId: id, DynamicInstanceForm: form }
  const made = await ask(cloud, 'CreateDynamicInstance', own)
  if (made.code !== '') throw new Error(`${made.code}: ${made.message}`)
  await cloud.settle()
  const { response } = await ask(cloud, 'DescribeDynamicInstanceList', { InstanceId: id })
  const rays = response['DynamicInstanceList'] as { RayClusterId: number }[]
  return rays.at(-1)?.RayClusterId ?? 0
}
