/**
 * Both clouds' wires behind one face, for what must hold of every action of either: who may do it. Requests are signed as the
 * vendors' clients sign them, and travel over a socket.
 */
import { actions as alibabaActions } from '../../../src/dialect/alibaba/actions.ts'
import { actions as tencentActions } from '../../../src/dialect/tencent/actions.ts'
import type { Action } from '../../../src/gateway/action.ts'
import { DEVELOPMENT_KEY_ID, DEVELOPMENT_SECRET } from '../../../src/gateway/development.ts'
import { preparedRequest, type Preparing } from './alibaba-preparation.ts'
import { changeableBody, completeRequests } from './alibaba-request.ts'
import { sendSigned } from './client.ts'
import { signAcs3, signTc3, type WireRequest } from './sign.ts'
import { addressed, sampleCreateRequest } from './tencent-client.ts'
import { completeRequest, legalRequest, withTask, type Settling } from './tencent-request.ts'

export interface Key {
  readonly keyId: string
  readonly secret: string
  readonly token?: string
}

export const developmentKey: Key = { keyId: DEVELOPMENT_KEY_ID, secret: DEVELOPMENT_SECRET }

export interface Reply {
  /** Empty when the request was not refused. */
  readonly code: string
  readonly message: string
  /** The whole answer, as it came. */
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

export interface SendOptions {
  readonly key?: Key
  readonly unsigned?: boolean
  readonly region?: string
}

export interface Statement {
  readonly effect: 'allow' | 'deny'
  readonly action: string
  readonly resource?: string
  readonly condition?: object
}

export interface Wire {
  readonly dialect: 'alibaba' | 'tencent'
  readonly account: string
  readonly region: string
  readonly actions: readonly Action[]
  readonly everything: string
  readonly refusals: {
    readonly unsigned: string
    readonly wrongSignature: string
    readonly unknownKey: string
    readonly disabledKey: string
    readonly token: {
      readonly missing: string
      readonly wrong: string
      readonly expired: string
      readonly malformed: string
    }
    readonly denied: RegExp
    readonly throttled: string
  }
  /** A legal request; throws for an action that has none yet. */
  legal(action: string, cluster: string): Readonly<Record<string, unknown>>
  /** A legal request about a cluster that runs, with the ids of its nodes. */
  complete(
    cloud: Settling & Preparing,
    action: string,
    cluster: string,
  ): Promise<Readonly<Record<string, unknown>>>
  send(port: number, action: string, parameters: object, options?: SendOptions): Promise<Reply>
  /** Creates a cluster called `named-<name>` (one of the clouds wants long names) and returns its id. */
  create(
    port: number,
    it: SendOptions & { readonly name: string; readonly tag?: string },
  ): Promise<string>
  policy(statements: readonly Statement[]): string
  /** What policies call a cluster. */
  resource(account: string, cluster: string): string
}

let calls = 0

const alibaba: Wire = {
  dialect: 'alibaba',
  account: '1000000000000001',
  region: 'cn-hangzhou',
  actions: alibabaActions,
  everything: 'AdministratorAccess',
  refusals: {
    unsigned: 'MissingAccessKeyId',
    wrongSignature: 'SignatureDoesNotMatch',
    unknownKey: 'InvalidAccessKeyId.NotFound',
    disabledKey: 'InvalidAccessKeyId.Inactive',
    token: {
      missing: 'MissingSecurityToken',
      wrong: 'InvalidSecurityToken.MismatchWithAccessKey',
      expired: 'InvalidSecurityToken.Expired',
      malformed: 'InvalidSecurityToken.Malformed',
    },
    denied: /^Forbidden\.RAM$/,
    throttled: 'Throttling.User',
  },
  async complete(cloud, action, cluster) {
    const complete = await preparedRequest(cloud, action, cluster)
    return { ...alibaba.legal(action, cluster), ...(action.startsWith('Describe') ? {} : complete) }
  },
  legal(action, cluster) {
    const request = completeRequests(cluster)[action]
    if (!request) throw new Error(`no legal request of ${action} is known`)
    // The filters of a complete request may leave nothing to be seen, which would hide what is not to be seen.
    return action === 'DescribeInstances'
      ? { RegionId: 'cn-hangzhou', InstanceId: cluster }
      : request
  },
  async send(port, action, parameters, options = {}) {
    const route = alibabaActions.find((each) => each.name === action)?.route
    const all =
      options.region === undefined ? parameters : { ...parameters, RegionId: options.region }
    const carried =
      route?.method === 'GET'
        ? { parameters: { ...all } as Record<string, string> }
        : { body: JSON.stringify(all) }
    const signed = signAcs3({
      ...(options.key ?? developmentKey),
      action,
      host: `127.0.0.1:${port}`,
      path: route?.path ?? '/webapi/nothing',
      method: route?.method ?? 'POST',
      date: `${new Date().toISOString().slice(0, 19)}Z`,
      nonce: `${process.pid}-${port}-${calls++}`,
      ...carried,
    })
    const body = (await exchange(port, signed, options)) as Record<string, string>
    return { code: body['Code'] ?? '', message: body['Message'] ?? '', ...whole(body) }
  },
  async create(port, { name, tag, ...options }) {
    const tags = tag === undefined ? {} : { Tags: [{ Key: 'team', Value: tag }] }
    const parameters = changeableBody({ InstanceName: `named-${name}`, ...tags })
    const reply = await alibaba.send(port, 'CreateInstanceV1', parameters, options)
    if (reply.code !== '') throw new Error(reply.text)
    return String((reply.body['Data'] as Record<string, unknown>)['InstanceId'])
  },
  policy: (statements) =>
    JSON.stringify({
      Version: '1',
      Statement: statements.map(({ effect, action, resource, condition }) => ({
        Effect: effect === 'allow' ? 'Allow' : 'Deny',
        Action: action,
        Resource: resource ?? '*',
        ...(condition ? { Condition: condition } : {}),
      })),
    }),
  resource: (account, cluster) => `acs:sr:*:${account}:instance/${cluster}`,
}

const tencent: Wire = {
  dialect: 'tencent',
  account: '100000000001',
  region: 'ap-guangzhou',
  actions: tencentActions,
  everything: 'AdministratorAccess',
  refusals: {
    unsigned: 'MissingParameter',
    wrongSignature: 'AuthFailure.SignatureFailure',
    unknownKey: 'AuthFailure.SecretIdNotFound',
    disabledKey: 'AuthFailure.SecretIdNotFound',
    token: {
      missing: 'AuthFailure.TokenFailure',
      wrong: 'AuthFailure.TokenFailure',
      expired: 'AuthFailure.TokenFailure',
      malformed: 'AuthFailure.TokenFailure',
    },
    denied: /^(AuthFailure\.UnauthorizedOperation|UnauthorizedOperation(\.CheckCamAuth)?)$/,
    throttled: 'RequestLimitExceeded',
  },
  async complete(cloud, action, cluster) {
    return {
      ...tencent.legal(action, cluster),
      ...(await completeRequest(cloud, action, cluster)),
    }
  },
  legal(action, cluster) {
    const request = legalRequest(action, cluster)
    return action === 'DescribeInstances' ? { ...request, InstanceIds: [cluster] } : request
  },
  async send(port, action, parameters, options = {}) {
    const signed = signTc3({
      ...(options.key ?? developmentKey),
      ...addressed(action),
      action,
      host: `127.0.0.1:${port}`,
      timestamp: Math.floor(Date.now() / 1000),
      region: options.region ?? 'ap-guangzhou',
      body: JSON.stringify(parameters),
      headers: { 'x-tc-language': 'en-US' },
    })
    const answer = (await exchange(port, signed, options)) as { Response: Record<string, unknown> }
    const error = answer.Response['Error'] as { Code: string; Message: string } | undefined
    return { code: error?.Code ?? '', message: error?.Message ?? '', ...whole(answer.Response) }
  },
  async create(port, { name, tag, ...options }) {
    const tags = tag === undefined ? {} : { Tags: [{ TagKey: 'team', TagValue: tag }] }
    const parameters = sampleCreateRequest({
      ...withTask(),
      InstanceName: `named-${name}`,
      ...tags,
    })
    const reply = await tencent.send(port, 'CreateInstance', parameters, options)
    if (reply.code !== '') throw new Error(reply.text)
    return String(reply.body['InstanceId'])
  },
  policy: (statements) =>
    JSON.stringify({
      version: '2.0',
      statement: statements.map(({ resource = '*', ...it }) => ({ ...it, resource })),
    }),
  resource: (account, cluster) => `qcs::emr::uin/${account}:emr-instance/${cluster}`,
}

export const wires: readonly Wire[] = [alibaba, tencent]

function whole(body: Record<string, unknown>): Pick<Reply, 'text' | 'body'> {
  return { text: JSON.stringify(body), body }
}

async function exchange(port: number, signed: WireRequest, { unsigned }: SendOptions) {
  const { authorization, ...headers } = signed.headers
  const sent = unsigned ? { ...signed, headers } : signed
  if (authorization === undefined) throw new Error('the request was not signed')
  return (await sendSigned(port, sent)).body
}
