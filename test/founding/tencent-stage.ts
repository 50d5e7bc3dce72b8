/** What the rows of CreateInstance need: the vendor's own Node SDK at a server, and the admin pages of that server. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { emr } from 'tencentcloud-sdk-nodejs/tencentcloud/services/emr/index.js'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { askAdmin } from '../support/http/admin.ts'
import type { Cloud } from '../support/fixture/cloud.ts'
import { KEYS, machine, REGION, sampleCreateRequest } from '../support/http/tencent-client.ts'
import type { Row } from './row.ts'

export type Client = InstanceType<typeof emr.v20190103.Client>
export type ClusterInfo = NonNullable<
  Awaited<ReturnType<Client['DescribeInstances']>>['ClusterList']
>[number]
export type NodeInfo = NonNullable<
  Awaited<ReturnType<Client['DescribeClusterNodes']>>['NodeList']
>[number]
export type Members = Readonly<Record<string, unknown>>

export interface Refused {
  readonly code: string
  readonly message: string
}

export interface TencentStage {
  readonly t: TestContext
  readonly cloud: Cloud
  readonly client: Client
  /** Of another version, key or token than the usual ones. */
  connect(change: ClientOptions): Client
  /** Creates the sample cluster with these members changed and returns its id. */
  create(members?: Members): Promise<string>
  /** The refusal of the sample cluster with these members changed. */
  refused(members?: Members): Promise<Refused>
  cluster(id: string): Promise<ClusterInfo>
  nodes(id: string, flag?: string): Promise<readonly NodeInfo[]>
  /** `/_emrys/clusters/ID`. */
  record(id: string): Promise<RecordedCluster>
  /** What `/_emrys/PAGE` answers. */
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are read member by member
  page(path: string): Promise<any>
  /** Creates, takes every step that is due, and reads back. */
  made(members?: Members): Promise<ClusterInfo>
}

export type TencentRow = Row<TencentStage>

export interface RecordedCluster extends Omit<Cluster, 'secrets' | 'extension'> {
  readonly secrets: readonly string[]
  // oxlint-disable-next-line typescript/no-explicit-any -- extensions are the dialect's own
  readonly extension: any
}

export interface ClientOptions {
  readonly secretId?: string
  readonly secretKey?: string
  readonly token?: string
  readonly region?: string
  readonly language?: 'zh-CN' | 'en-US'
  readonly signMethod?: 'TC3-HMAC-SHA256' | 'HmacSHA1' | 'HmacSHA256'
}

export function tencentStage(cloud: Cloud, t: TestContext): TencentStage {
  const client = connect(cloud, {})
  const send = (members: Members = {}) => client.CreateInstance(sampleCreateRequest(members))
  const create = async (members?: Members) => (await send(members)).InstanceId ?? ''
  const cluster = async (id: string) => {
    const request = { DisplayStrategy: 'clusterList', InstanceIds: [id], ProjectId: -1 }
    const [found] = (await client.DescribeInstances(request)).ClusterList ?? []
    assert.ok(found, `${id} is not listed`)
    return found
  }
  const page = async (path: string) => {
    const answer = await askAdmin(cloud.port, path)
    assert.equal(answer.status, 200, answer.text)
    return answer.body as unknown
  }
  return {
    t,
    cloud,
    client,
    connect: (change) => connect(cloud, change),
    create,
    refused: (members) => refusalOf(send(members)),
    cluster,
    async nodes(id, flag = 'all') {
      const request = { InstanceId: id, NodeFlag: flag, ExportDb: true }
      return (await client.DescribeClusterNodes(request)).NodeList ?? []
    },
    record: async (id) => ((await page(`clusters/${id}`)) as { cluster: RecordedCluster }).cluster,
    page,
    async made(members) {
      const id = await create(members)
      await cloud.settle()
      return cluster(id)
    },
  }
}

function connect(cloud: Cloud, it: ClientOptions): Client {
  return new emr.v20190103.Client({
    credential: {
      secretId: it.secretId ?? KEYS.keyId,
      secretKey: it.secretKey ?? KEYS.secret,
      ...(it.token === undefined ? {} : { token: it.token }),
    },
    region: it.region ?? REGION,
    profile: {
      signMethod: it.signMethod ?? 'TC3-HMAC-SHA256',
      language: it.language ?? 'en-US',
      httpProfile: { endpoint: `127.0.0.1:${cloud.port}`, protocol: 'http://' },
    },
  })
}

export async function refusalOf(answer: Promise<unknown>): Promise<Refused> {
  try {
    await answer
  } catch (problem) {
    return problem as Refused
  }
  throw new Error('the request was not refused')
}

/** The sample's nodes with some members changed. */
export function nodes(members: Members): Members {
  return { ResourceSpec: { ...sampleCreateRequest().ResourceSpec, ...members } }
}

/** The sample with the core nodes' resource changed; a machine that is named by its type is not described as well. */
export function core(members: Members): Members {
  const usual = members['InstanceType'] === undefined ? machine(4, 8) : {}
  return nodes({ CoreResourceSpec: { ...usual, ...members } })
}

export function software(...more: readonly string[]): Members {
  return { Software: [...sampleCreateRequest().Software, ...more] }
}

/** A section of the declared environment. */
export function declare(section: string, item: string): string {
  return `tencent:\n  ${section}:\n    - { ${item} }\n`
}

export const HIGHLY_AVAILABLE: Members = {
  SupportHA: 1,
  ...nodes({ MasterCount: 2, CoreCount: 3, CommonCount: 3, CommonResourceSpec: machine(2, 4) }),
}

export const MONTHLY: Members = { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 }
export const ACCOUNT = '100000000001'
