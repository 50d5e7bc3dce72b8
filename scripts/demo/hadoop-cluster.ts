/** A Hadoop cluster, by `tencentcloud-sdk-nodejs`. */
import { Client } from 'tencentcloud-sdk-nodejs/tencentcloud/services/emr/v20190103/emr_client.js'
import { DEVELOPMENT_KEY_ID, DEVELOPMENT_SECRET } from '../../src/gateway/development.ts'
import type { Act, Progress } from './act.ts'

const REGION = 'ap-guangzhou'

function emrClient(port: number): Client {
  return new Client({
    credential: { secretId: DEVELOPMENT_KEY_ID, secretKey: DEVELOPMENT_SECRET },
    region: REGION,
    profile: { httpProfile: { endpoint: `127.0.0.1:${port}`, protocol: 'http://' } },
  })
}

export interface HadoopCluster extends Act {
  /** The addresses of its nodes of a role. */
  addresses(role: 'master' | 'core'): Promise<readonly string[]>
  /** More core nodes. */
  grow(cores: number): Promise<void>
}

/** `more` in place of members of the request that makes it. */
export function hadoopCluster(port: number, more: Partial<Creation> = {}): HadoopCluster {
  const client = emrClient(port)
  let id = ''
  const find = async () => {
    const { ClusterList } = await client.DescribeInstances({
      DisplayStrategy: 'clusterList',
      InstanceIds: [id],
    })
    return ClusterList?.[0]
  }
  const nodes = async () => {
    const { NodeList } = await client.DescribeClusterNodes({
      InstanceId: id,
      NodeFlag: 'all',
      Offset: 0,
      Limit: 100,
    })
    return NodeList ?? []
  }
  return {
    client: 'tencentcloud-sdk-nodejs',
    what: 'Hadoop cluster',
    async create() {
      const { InstanceId } = await client.CreateInstance({ ...creation, ...more })
      return (id = InstanceId ?? '')
    },
    async look() {
      const found = await find()
      if (!found) return { phase: 'gone', said: 'gone', done: 0, all: 0 }
      const phase = PHASES[found.Status ?? 0] ?? 'failed'
      // One that is going may be gone by the time its nodes are asked for.
      const all = phase === 'going' ? [] : await nodes()
      return {
        phase,
        said: SAID[found.Status ?? 0] ?? `status ${found.Status}`,
        done: all.filter((node) => node.Ip).length,
        all: all.length,
      }
    },
    async describe() {
      const found = await find()
      if (!found) return []
      const { ClusterId = '', ClusterName = '', EmrVersion, Status } = found
      const count = String((await nodes()).length)
      const version = EmrVersion ?? ''
      const said = SAID[Status ?? 0] ?? ''
      return [['Tencent Cloud', ClusterId, ClusterName, version, said, count, REGION]]
    },
    async release() {
      await client.TerminateInstance({ InstanceId: id })
    },
    async addresses(role) {
      const { NodeList } = await client.DescribeClusterNodes({
        InstanceId: id,
        NodeFlag: role,
        Offset: 0,
        Limit: 100,
      })
      return (NodeList ?? []).map(({ Ip }) => Ip ?? '')
    },
    async grow(cores) {
      const { PayMode, TimeUnit, TimeSpan, AutoRenew } = creation
      const { SubnetId } = creation.VPCSettings
      const paid = { PayMode, TimeUnit, TimeSpan, AutoRenew }
      await client.ScaleOutInstance({ ...paid, InstanceId: id, SubnetId, CoreCount: cores })
    },
  }
}

/** The cloud's status numbers that a cluster passes through here. */
const CREATING = 3
const RUNNING = 2
const GROWING = 4
const IMPAIRED = 8
const TERMINATING = 14
const GONE = 201

const PHASES: Readonly<Record<number, Progress['phase']>> = {
  [CREATING]: 'coming',
  [RUNNING]: 'running',
  [GROWING]: 'coming',
  [IMPAIRED]: 'coming',
  [TERMINATING]: 'going',
  [GONE]: 'gone',
}

const SAID: Readonly<Record<number, string>> = {
  [CREATING]: 'creating (3)',
  [RUNNING]: 'running (2)',
  [GROWING]: 'scaling out (4)',
  [IMPAIRED]: 'recovering (8)',
  [TERMINATING]: 'terminating (14)',
}

export const machine = {
  Spec: 'CVM.S2',
  StorageType: 5,
  DiskType: 'CLOUD_PREMIUM',
  Cpu: 4,
  MemSize: 8192,
  DiskSize: 100,
  RootSize: 100,
}

export type Creation = Omit<typeof creation, 'ResourceSpec'> & {
  readonly ResourceSpec: Partial<(typeof creation)['ResourceSpec']>
}

/** As in the documentation of CreateInstance. */
const creation = {
  ProductId: 4,
  InstanceName: 'orders-batch',
  Software: ['zookeeper-3.4.9', 'hadoop-2.8.4', 'knox-1.2.0'],
  SupportHA: 0,
  PayMode: 0,
  TimeUnit: 's',
  TimeSpan: 3600,
  AutoRenew: 0,
  Placement: { ProjectId: 0, Zone: 'ap-guangzhou-3' },
  VPCSettings: { VpcId: 'vpc-demo0001', SubnetId: 'subnet-demo0001' },
  LoginSettings: { Password: 'Demo@2026pass' },
  ResourceSpec: {
    MasterResourceSpec: machine,
    MasterCount: 1,
    CoreResourceSpec: machine,
    CoreCount: 2,
  },
}
