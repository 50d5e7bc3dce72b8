/**
 * The product's envelope: what stands around an action's own answer, and around a refusal.
 *
 * A refusal carries two families of keys: the gateway's (Code, Message …), which are all that SDKs read of a 4xx or 5xx, and the
 * product's (ErrCode, Success …), which older scripts look at. A few actions have an envelope of their own spelling.
 * Facts: reference alibaba-starrocks.md 2.6, 3.1 (the recommendation on both families).
 */
import type { WireRefusal } from '../faults.ts'

type Spelling =
  /** RequestId, HttpStatusCode, Success, ErrCode, ErrMessage, Data … */
  | 'usual'
  /** ErrorCode instead of ErrCode. */
  | 'error-code'
  /** `data` instead of `Data`. */
  | 'lower-data'
  /** Every key in lower camel case. */
  | 'lower-camel'
  /** Nothing but the RequestId. */
  | 'bare'

const spellings: ReadonlyMap<string, Spelling> = new Map<string, Spelling>([
  ['DescribeResourceConstraints', 'error-code'],
  ['RenewInstance', 'error-code'],
  ['DescribeInnerIpWhitelistGroups', 'lower-data'],
  ['QueryRefundPrice', 'lower-camel'],
  ['TagResources', 'bare'],
  ['UnTagResources', 'bare'],
])

/** The actions whose documented answer has no AccessDeniedDetail. */
const withoutDetail: ReadonlySet<string> = new Set(
  `
    AddGateway CreateAgentResource DeleteBackup DeleteGateway DescribeBackups
    DeleteInnerIpWhitelistGroup DescribeEventNames DescribeInnerIpWhitelistGroups
    DescribeInstances DisableSSLConnection EnableInternalSlb EnableSSLConnection IsolateLeader
    ListGateway ListSSLDetails ModifyHostAlias QueryRenewPrice QueryUnpaidOrder RebootECS
    RenewInstance TagResources TogglePublicSlb UnTagResources UpdateBackup UpdateGateway
    UpdateInnerIpWhitelistGroup UpdateNodeGroupDescription
  `
    .trim()
    .split(/\s+/),
)

export type Body = Readonly<Record<string, unknown>>

/** `output` is what the action returns: `Data`, and `Total` where it has one. */
export function successBody(action: string, requestId: string, output: Body): Body {
  const spelling = spellings.get(action) ?? 'usual'
  if (spelling === 'bare') return { RequestId: requestId }
  const around = {
    RequestId: requestId,
    HttpStatusCode: 200,
    Success: true,
    ...(spelling === 'error-code' ? { ErrorCode: null } : { ErrCode: null }),
    ErrMessage: null,
    ...(withoutDetail.has(action) ? {} : { AccessDeniedDetail: null }),
  }
  if (spelling === 'lower-camel') return lowerCamel({ ...around, ...output })
  return { ...around, ...(spelling === 'lower-data' ? lowerCamel(output) : output) }
}

export interface RefusedRequest {
  readonly requestId: string
  /** The host as the client addressed it. */
  readonly host: string
  /** Undefined when the request names no action of the service. */
  readonly action: string | undefined
}

export function refusalBody(request: RefusedRequest, refusal: WireRefusal): Body {
  const { requestId, host, action } = request
  const { code, message, status } = refusal
  const gateway = {
    RequestId: requestId,
    HostId: host,
    Code: code,
    Message: message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}&product=starrocks&requestId=${requestId}`,
    ...(refusal.accessDeniedDetail ? { AccessDeniedDetail: refusal.accessDeniedDetail } : {}),
  }
  const spelling = action === undefined ? 'bare' : (spellings.get(action) ?? 'usual')
  if (spelling === 'bare') return gateway
  const product = {
    HttpStatusCode: status,
    Success: false,
    ...(spelling === 'error-code' ? { ErrorCode: code } : { ErrCode: code }),
    ErrMessage: message,
  }
  if (spelling !== 'lower-camel') return { ...gateway, ...product }
  return { ...gateway, ...lowerCamel({ RequestId: requestId, ...product }) }
}

function lowerCamel(body: Body): Body {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      value,
    ]),
  )
}
