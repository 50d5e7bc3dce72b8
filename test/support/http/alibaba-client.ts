/** The official runtime of the vendor's generated SDKs, pointed at a test's server: one function per request, any action. */
import openApi, { $OpenApiUtil } from '@alicloud/openapi-core'
import { DEVELOPMENT_KEY_ID, DEVELOPMENT_SECRET } from '../../../src/gateway/development.ts'
import { knownActions } from '../../../src/dialect/alibaba/wire/known-actions.ts'

export interface AlibabaAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are read member by member, as scripts do
  readonly body: any
}

export interface AlibabaRequest {
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  readonly version?: string
}

export type AlibabaClient = (action: string, request?: AlibabaRequest) => Promise<AlibabaAnswer>

export interface ClientOptions {
  readonly signature?: 'v3' | 'v2'
  readonly keyId?: string
  readonly secret?: string
  readonly token?: string
}

export function alibabaClient(port: number, options: ClientOptions = {}): AlibabaClient {
  // The package is CommonJS: its class is the default of what an import sees as the default.
  const client = new openApi.default(
    new $OpenApiUtil.Config({
      accessKeyId: options.keyId ?? DEVELOPMENT_KEY_ID,
      accessKeySecret: options.secret ?? DEVELOPMENT_SECRET,
      endpoint: `127.0.0.1:${port}`,
      protocol: 'http',
      regionId: 'cn-hangzhou',
      // Its own three seconds are for a cloud, not for a machine under tests.
      connectTimeout: 30_000,
      readTimeout: 30_000,
      ...(options.token === undefined ? {} : { securityToken: options.token }),
      ...(options.signature === 'v2' ? { signatureAlgorithm: 'v2' } : {}),
    }),
  )
  return async (action, request = {}) => {
    const route = knownActions.find(({ name }) => name === action)
    const params = new $OpenApiUtil.Params({
      action,
      version: request.version ?? '2022-10-19',
      protocol: 'HTTP',
      pathname: route?.path ?? '/webapi/nothing',
      method: route?.method ?? 'POST',
      authType: 'AK',
      style: 'ROA',
      reqBodyType: 'json',
      bodyType: 'json',
    })
    const call = new $OpenApiUtil.OpenApiRequest({
      query: request.query ?? {},
      headers: request.headers ?? {},
      ...(request.body === undefined ? {} : { body: request.body }),
    })
    const runtime = { autoretry: false } as unknown as Parameters<typeof client.callApi>[2]
    return (await client.callApi(params, call, runtime)) as AlibabaAnswer
  }
}

/** What the client throws for a 4xx or 5xx, as scripts see it. */
export interface AlibabaError {
  readonly code: string
  readonly message: string
  readonly statusCode: number
  readonly data: Readonly<Record<string, unknown>>
  readonly accessDeniedDetail: Readonly<Record<string, unknown>> | null
}

export async function refusalOf(answer: Promise<AlibabaAnswer>): Promise<AlibabaError> {
  try {
    await answer
  } catch (problem) {
    return problem as AlibabaError
  }
  throw new Error('the request was not refused')
}

/** A body that creates an instance, as the Terraform provider's basic acceptance test sends it. */
export function createBody(more: Readonly<Record<string, unknown>> = {}) {
  const group = {
    cu: 8,
    storageSize: 100,
    residentNodeNumber: 3,
    storagePerformanceLevel: 'pl1',
    specType: 'standard',
    diskNumber: 1,
    zoneId: 'cn-hangzhou-i',
    localStorageInstanceType: 'null',
  }
  return {
    RegionId: 'cn-hangzhou',
    InstanceName: 'tfaccstarrocks12345',
    AdminPassword: '1qaz@QAZ',
    Version: '3.3',
    RunMode: 'shared_data',
    PackageType: 'official',
    PayType: 'postPaid',
    AutoRenew: false,
    Duration: 1,
    PricingCycle: 'Month',
    VpcId: 'vpc-bp1fll2mci6d7pw8m',
    ZoneId: 'cn-hangzhou-i',
    VSwitches: [{ VswId: 'vsw-bp19mlh98tm9teyyd', ZoneId: 'cn-hangzhou-i' }],
    OssAccessingRoleName: 'AliyunEMRStarRocksAccessingOSSRole',
    KmsKeyId: '123',
    PromotionOptionNo: '123',
    Encrypted: false,
    ResourceGroupId: 'rg-aekzllkih7jqxxx',
    FrontendNodeGroups: [group],
    BackendNodeGroups: [group],
    ObserverNodeGroups: [{ ...group, residentNodeNumber: 1, zoneId: 'cn-hangzhou-h' }],
    ...more,
  }
}
