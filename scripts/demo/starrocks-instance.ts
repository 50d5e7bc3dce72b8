/** A Serverless StarRocks instance, by `@alicloud/openapi-core`, which is under every one of that cloud's generated SDKs. */
import openApi, { $OpenApiUtil } from '@alicloud/openapi-core'
import { DEVELOPMENT_KEY_ID, DEVELOPMENT_SECRET } from '../../src/gateway/development.ts'
import type { Act, Progress } from './act.ts'

interface Instance {
  readonly InstanceId: string
  readonly InstanceName: string
  readonly InstanceStatus: string
  readonly Version: string
  readonly RegionId: string
}

interface NodeGroup {
  readonly Status: string
  readonly ResidentNodeNumber: number
}

/** Of the instance's user `admin`. */
export const ADMIN_PASSWORD = 'Demo-2026-pass'

const REGION = 'cn-hangzhou'
const ZONE = 'cn-hangzhou-i'

export function starrocksInstance(port: number): Act {
  const call = caller(port)
  let id = ''
  const find = async () => {
    const query = { RegionId: REGION, InstanceId: id }
    const { Data } = await call<{ Data: readonly Instance[] }>(
      'DescribeInstances',
      '/webapi/starrocks/describeInstances',
      { query },
    )
    return Data[0]
  }
  const groups = async () => {
    const query = { RegionId: REGION, InstanceId: id }
    const path = '/webapi/nodegroup/describeNodeGroups'
    return (await call<{ Data: readonly NodeGroup[] }>('DescribeNodeGroups', path, { query })).Data
  }
  return {
    client: '@alicloud/openapi-core',
    what: 'StarRocks instance',
    async create() {
      const path = '/webapi/cluster/createV1'
      const { Data } = await call<{ Data: { InstanceId: string } }>('CreateInstanceV1', path, {
        body: creation,
      })
      return (id = Data.InstanceId)
    },
    async look() {
      const found = await find()
      if (!found) return { phase: 'gone', said: 'gone', done: 0, all: 0 }
      const phase = PHASES[found.InstanceStatus] ?? 'failed'
      // One that is going may be gone by the time its nodes are asked for.
      const all = phase === 'going' ? [] : await groups()
      const count = (some: readonly NodeGroup[]) =>
        some.reduce((sum, group) => sum + group.ResidentNodeNumber, 0)
      return {
        phase,
        said: found.InstanceStatus,
        done: count(all.filter((group) => group.Status === 'RUNNING')),
        all: count(all),
      }
    },
    async describe() {
      const found = await find()
      if (!found) return []
      const nodes = (await groups()).reduce((sum, group) => sum + group.ResidentNodeNumber, 0)
      const { InstanceId, InstanceName, Version, InstanceStatus, RegionId } = found
      const row = [InstanceId, InstanceName, Version, InstanceStatus, String(nodes), RegionId]
      return [['Alibaba Cloud', ...row]]
    },
    async release() {
      const query = { RegionId: REGION, InstanceId: id }
      await call('ReleaseInstance', '/webapi/cluster/release', { query })
    },
  }
}

const PHASES: Readonly<Record<string, Progress['phase']>> = {
  creating: 'coming',
  running: 'running',
  deleting: 'going',
  deleted: 'gone',
}

const nodeGroup = {
  cu: 8,
  storageSize: 100,
  residentNodeNumber: 3,
  storagePerformanceLevel: 'pl1',
  specType: 'standard',
  diskNumber: 1,
  zoneId: ZONE,
}

const creation = {
  RegionId: REGION,
  InstanceName: 'orders-analytics',
  AdminPassword: ADMIN_PASSWORD,
  Version: '3.3',
  RunMode: 'shared_data',
  PackageType: 'official',
  PayType: 'postPaid',
  VpcId: 'vpc-demo0000000000001',
  ZoneId: ZONE,
  VSwitches: [{ VswId: 'vsw-demo0000000000001', ZoneId: ZONE }],
  OssAccessingRoleName: 'AliyunEMRStarRocksAccessingOSSRole',
  FrontendNodeGroups: [nodeGroup],
  BackendNodeGroups: [nodeGroup],
}

interface Sent {
  readonly query?: Record<string, string>
  readonly body?: object
}

function caller(port: number) {
  // The package is CommonJS: its class is the default of what an import sees as the default.
  const client = new openApi.default(
    new $OpenApiUtil.Config({
      accessKeyId: DEVELOPMENT_KEY_ID,
      accessKeySecret: DEVELOPMENT_SECRET,
      endpoint: `127.0.0.1:${port}`,
      protocol: 'http',
      regionId: REGION,
    }),
  )
  return async <T>(action: string, pathname: string, sent: Sent): Promise<T> => {
    const params = new $OpenApiUtil.Params({
      action,
      pathname,
      version: '2022-10-19',
      protocol: 'HTTP',
      method: 'POST',
      authType: 'AK',
      style: 'ROA',
      reqBodyType: 'json',
      bodyType: 'json',
    })
    const request = new $OpenApiUtil.OpenApiRequest({ query: {}, headers: {}, ...sent })
    const runtime = { autoretry: false } as unknown as Parameters<typeof client.callApi>[2]
    return (await client.callApi(params, request, runtime))['body'] as T
  }
}
