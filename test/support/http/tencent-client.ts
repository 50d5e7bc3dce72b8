/** Speaks Tencent Cloud's wire to a test's server, without an SDK: for what no SDK would send. */
import { request as httpRequest } from 'node:http'
import { actions } from '../../../src/dialect/tencent/actions.ts'
import { signTc3, signV1, type WireRequest } from './sign.ts'

export const REGION = 'ap-guangzhou'
export const KEYS = { keyId: 'EMRYSDEVELOPMENTKEY', secret: 'emrys-development-secret' }

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** What is under `Response`. */
  readonly response: Readonly<Record<string, unknown>>
  /** The code of the refusal; empty when there is none. */
  readonly code: string
  readonly message: string
}

export interface Caller {
  readonly port: number
  readonly region?: string
  readonly language?: 'zh-CN' | 'en-US'
  readonly version?: string
  readonly service?: string
  readonly keyId?: string
  readonly secret?: string
  readonly token?: string
  /** Seconds to add to the machine's time. */
  readonly skew?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** The service and version that a client would address for an action; EMR's for what is not built. */
export function addressed(action: string): { readonly service: string; readonly version: string } {
  const built = actions.find(({ name }) => name === action)
  return { service: built?.product ?? 'emr', version: built?.version ?? '2019-01-03' }
}

/** A signed v3 POST. A text as parameters is sent as it is. */
export function ask(caller: Caller, action: string, parameters: unknown): Promise<Answer> {
  const signed = signTc3({
    ...KEYS,
    ...addressed(action),
    ...caller,
    host: `127.0.0.1:${caller.port}`,
    region: caller.region ?? REGION,
    action,
    timestamp: Math.floor(Date.now() / 1000) + (caller.skew ?? 0),
    headers: {
      ...(caller.language ? { 'x-tc-language': caller.language } : {}),
      ...caller.headers,
    },
    body: typeof parameters === 'string' ? parameters : JSON.stringify(parameters),
  })
  return send(caller.port, signed)
}

/** A signed v1 request; parameters are flattened already. */
export function askV1(
  caller: Caller & { readonly method: 'GET' | 'POST'; readonly nonce?: number },
  action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Answer> {
  const signed = signV1({
    ...KEYS,
    ...caller,
    host: `127.0.0.1:${caller.port}`,
    timestamp: Math.floor(Date.now() / 1000) + (caller.skew ?? 0),
    nonce: caller.nonce ?? 11886,
    signatureMethod: 'HmacSHA256',
    parameters: {
      Action: action,
      Version: caller.version ?? addressed(action).version,
      Region: caller.region ?? REGION,
      ...(caller.language ? { Language: caller.language } : {}),
      ...parameters,
    },
  })
  return send(caller.port, signed)
}

export function send(port: number, wire: WireRequest): Promise<Answer> {
  const { method, path, query, headers, body } = wire
  return new Promise((resolve, reject) => {
    const target = query === '' ? path : `${path}?${query}`
    const options = { host: '127.0.0.1', port, method, path: target, headers }
    const sent = httpRequest(options, (got) => {
      const chunks: Buffer[] = []
      got.on('data', (chunk: Buffer) => chunks.push(chunk))
      got.on('error', reject)
      got.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve(answerOf(got.statusCode ?? 0, got.headers, text))
      })
    })
    sent.on('error', reject)
    sent.end(body.length > 0 ? body : undefined)
  })
}

/** A machine of S5, as the older schema names it. */
export function machine(cpu: number, memoryGib: number, diskType = 'CLOUD_PREMIUM') {
  return {
    Spec: 'CVM.S5',
    StorageType: 5,
    DiskType: diskType,
    MemSize: memoryGib * 1024,
    Cpu: cpu,
    DiskSize: 100,
    RootSize: 50,
  }
}

/** A legal CreateInstance: EMR-V2.6.0, one master and two cores, without metadata database. */
export function sampleCreateRequest(members: Readonly<Record<string, unknown>> = {}) {
  return {
    ProductId: 30,
    VPCSettings: { VpcId: 'vpc-12345678', SubnetId: 'subnet-12345678' },
    Software: ['hdfs-2.8.5', 'yarn-2.8.5', 'zookeeper-3.6.1', 'openldap-2.4.44', 'knox-1.2.0'],
    ResourceSpec: {
      MasterResourceSpec: machine(4, 16),
      CoreResourceSpec: machine(4, 8),
      MasterCount: 1,
      CoreCount: 2,
    },
    SupportHA: 0,
    InstanceName: 'sample-cluster',
    PayMode: 0,
    Placement: { Zone: 'ap-guangzhou-3', ProjectId: 0 },
    TimeSpan: 3600,
    TimeUnit: 's',
    LoginSettings: { Password: 'Tencent@cloud123' },
    ...members,
  }
}

/** Members of a legal ScaleOutInstance; which cluster and how many nodes are for the caller to add. */
export const scaleOutRequest = {
  PayMode: 0,
  TimeUnit: 's',
  TimeSpan: 3600,
  SubnetId: 'subnet-12345678',
  AutoRenew: 0,
  StartServiceAfterScaleOut: 'true',
}

/** Creates a cluster and returns its id. */
export async function create(
  caller: Caller,
  members: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const answer = await ask(caller, 'CreateInstance', sampleCreateRequest(members))
  if (answer.code !== '') throw new Error(`${answer.code}: ${answer.message}`)
  return String(answer.response['InstanceId'])
}

function answerOf(status: number, headers: Answer['headers'], text: string): Answer {
  const { Response: response } = JSON.parse(text) as { Response?: Record<string, unknown> }
  if (!response) throw new Error(`not an answer of this cloud: ${text}`)
  const error = response['Error'] as { Code: string; Message: string } | undefined
  return { status, headers, response, code: error?.Code ?? '', message: error?.Message ?? '' }
}
