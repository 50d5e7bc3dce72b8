/**
 * Every fault of the core in this wire's words: status, code and sentence. The table is exhaustive by type.
 *
 * What the gateway of the real service checks before the product gets a request (who sent it, whether a parameter is there and of
 * its type) has the gateway's codes; what the product checks (values) is `InvalidParams` with its grammar,
 * `Invalid params: [problem, problem]`. Facts: reference alibaba-starrocks.md 2.6, 4.3, 4.4, 7; where no source has a code,
 * docs/compatibility.md says what was chosen.
 */
import type { Fault, FaultCode, Faults, ParameterRefusal } from '../../domain/fault.ts'
import type { ClusterState } from '../../domain/cluster/lifecycle.ts'
import type { AccessDeniedDetail } from './identity/access-denied.ts'
import {
  quotaExceeded,
  placed,
  resourceFull,
  resourceMismatch,
  resourceMissing,
  resourceShort,
  resourceUnfit,
} from './environment-faults.ts'
import { problemText, type Problem } from './catalogue/problem.ts'
import { statusWord, type InstanceStatus } from './states.ts'

export interface WireRefusal {
  readonly status: number
  readonly code: string
  readonly message: string
  /** The single sentences of a message that lists them. */
  readonly problems?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  readonly accessDeniedDetail?: AccessDeniedDetail
}

type FaultTable = { readonly [C in FaultCode]: (facts: Faults[C]) => WireRefusal }

const faults: FaultTable = {
  ActionUnknown: () =>
    refusal(
      404,
      'InvalidAction.NotFound',
      'Specified api is not found, please check your url and method.',
    ),
  ActionNotBuilt: ({ action }) =>
    refusal(400, 'UnsupportedOperation', `The action ${action} is not supported by this service.`),
  VersionUnknown: () => refusal(400, 'NoSuchVersion', 'The specified version does not exist.'),
  MethodRefused: ({ method }) =>
    refusal(
      400,
      'UnsupportedHTTPMethod',
      `The HTTP method ${method} is not supported by this api, please check your url and method.`,
    ),
  RequestTooLarge: ({ limitBytes }) =>
    refusal(
      413,
      'RequestEntityTooLarge',
      `The request body is larger than the allowed ${limitBytes} bytes.`,
    ),
  RequestMalformed: ({ detail }) =>
    refusal(400, 'InvalidParameter', `The specified parameter body is not valid: ${detail}.`),
  MediaTypeRefused: ({ mediaType }) =>
    refusal(
      415,
      'UnsupportedMediaType',
      `The content type ${mediaType} is not supported, application/json is.`,
    ),
  RegionUnknown: ({ known }) =>
    invalidParams([problemText({ what: 'Region id', rule: 'set', allowed: known })]),
  Throttled: () => ({
    ...refusal(400, 'Throttling.User', 'Request was denied due to user flow control.'),
    // Windows are one second long; clients of different ages read different headers.
    headers: {
      'x-acs-retry-after': '1000',
      'x-ratelimit-user-api': 'TimeLeft:1000',
    },
  }),
  Overloaded: () => serviceUnavailable(),
  CredentialMissing: () =>
    refusal(400, 'MissingAccessKeyId', 'AccessKeyId is mandatory for this action.'),
  CredentialUnknown: () =>
    refusal(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.'),
  CredentialDisabled: () =>
    refusal(400, 'InvalidAccessKeyId.Inactive', 'Specified access key is disabled.'),
  SignatureRefused: (facts) => signatureRefusal(facts),
  TokenRefused: ({ why }) => tokenRefusals[why],
  NonceReused: () =>
    refusal(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.'),
  AccessDenied: () =>
    refusal(
      403,
      'Forbidden.RAM',
      "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
    ),
  ParametersRefused: ({ refusals }) => parametersRefusal(refusals),
  ClusterNotFound: ({ id }) => notFound('Instance', id),
  ClusterBusy: ({ id, state, change }) =>
    instanceStatusRefusal(id, statusWord(state as ClusterState, change)),
  NodeGroupNotFound: ({ id }) =>
    refusal(404, 'NodeGroup.NotFound', `NodeGroup.NotFound: Failed to find node group[${id}].`),
  NodeNotFound: ({ id }) => notFound('Node', id),
  ScalingRuleNotFound: ({ id }) => notFound('ScalingRule', id),
  OperationNotFound: ({ id }) => notFound('Operation', id),
  BackupNotFound: ({ id }) => notFound('Backup', id),
  BackupPolicyNotFound: ({ id }) => notFound('BackupPolicy', id),
  BackupUnfit: ({ id, state }) =>
    refusal(
      400,
      'OperationDenied.BackupStatus',
      `The operation is not permitted when backup ${id} is in status ${state.toUpperCase()}.`,
    ),
  IdempotencyConflict: ({ token }) =>
    refusal(
      400,
      'IdempotentParameterMismatch',
      `The request uses the same client token ${token} as a previous, but non-identical request.`,
    ),
  ResourceMissing: (facts) => invalidParams([resourceMissing(facts)], placed(facts)),
  ResourceMismatch: (facts) => invalidParams([resourceMismatch(facts)], placed(facts)),
  ResourceUnfit: (facts) => invalidParams([resourceUnfit(facts)], placed(facts)),
  ResourceFull: (facts) => invalidParams([resourceFull(facts)]),
  ResourceShort: (facts) => invalidParams([resourceShort(facts)]),
  QuotaExceeded: (facts) => invalidParams([quotaExceeded(facts)]),
  LimitReached: ({ what, limit }) =>
    invalidParams([problemText({ what: `Number of ${what}`, rule: 'range', min: 0, max: limit })]),
  OrderRepeated: ({ order }) =>
    refusal(400, 'OperationDenied.OrderStatus', `The same is ordered already by order ${order}.`),
  OrderSettled: ({ id, state }) =>
    refusal(400, 'OperationDenied.OrderStatus', `The order ${id} is ${state} already.`),
  BalanceShort: () =>
    refusal(
      403,
      'InvalidAccountStatus.NotEnoughBalance',
      'Your account does not have enough balance.',
    ),
  NotSupported: ({ what, detail }) =>
    refusal(400, 'UnsupportedOperation', `${what} is not supported: ${detail}.`),
  DependencyFailed: () => serviceUnavailable(),
}

export function refusalOf<C extends FaultCode>(fault: Fault<C>): WireRefusal {
  return faults[fault.code](fault.facts)
}

/** The bare sentence, as pre-checks give it for a reason. */
export function reasonOf<C extends FaultCode>(fault: Fault<C>): string {
  return reasonsOf(fault).join(', ')
}

/** One for each thing that is wrong. */
export function reasonsOf<C extends FaultCode>(fault: Fault<C>): readonly string[] {
  const { code, message, problems } = refusalOf(fault)
  return problems ?? [message.replace(`${code}: `, '')]
}

/** For unexpected errors: it reveals nothing but that one happened. */
export const internalError: WireRefusal = refusal(
  500,
  'InternalError',
  'The request processing has failed due to some unknown error, exception or failure.',
)

/** Problems between members, as one refusal in the product's words. */
export function problemsRefused(problems: readonly Problem[]): readonly ParameterRefusal[] {
  return problems.map((problem) => ({
    name: problem.what,
    problem: 'value',
    message: problemText(problem),
  }))
}

/** The same, each with its parameter, the value and a right one. */
export function problemsExplained(problems: readonly Problem[]): ParameterRefusal[] {
  return problems.map((problem) => {
    const { path = problem.what, value, example } = problem
    return {
      name: path,
      problem: 'value',
      message: problemText(problem),
      ...(value === undefined ? {} : { value: written(value) }),
      ...(example === undefined ? {} : { example: written(example) }),
    }
  })
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function parametersRefusal(refusals: readonly ParameterRefusal[]): WireRefusal {
  const first = refusals[0]
  const coded = refusals.find((each) => each.code !== undefined)
  if (coded?.code !== undefined) return refusal(400, coded.code, sentence(coded))
  if (first?.problem === 'missing') return missing(first)
  if (first?.problem === 'type')
    return refusal(
      400,
      'InvalidParameter',
      `The specified parameter ${wireName(first.name)} is not valid.${typeExplained(first)}`,
    )
  const values = refusals.filter((each) => each.problem === 'value')
  return invalidParams(values.map(sentence), values.flatMap(explained))
}

/** The gateway names a top-level parameter in the code, and says a nested one in the sentence. */
function missing({ name, example }: ParameterRefusal): WireRefusal {
  const right = example === undefined ? '' : ` An example is ${example}.`
  if (!name.includes('.'))
    return refusal(400, `Missing${capital(name)}`, `${name} is mandatory for this action.${right}`)
  return refusal(
    400,
    'MissingParameter',
    `The input parameter "${wireName(name)}" that is mandatory for processing this request is not supplied.${right}`,
  )
}

/** Of a value of a wrong type. */
function typeExplained({ expected, value, example }: ParameterRefusal): string {
  if (example === undefined) return ''
  const shown = value === undefined ? '' : `, not ${value}`
  return ` It should be ${expected ?? 'of another type'}${shown}, for example ${example}.`
}

/** What stands behind the product's own sentences: which parameter has which value, and a right one. */
function explained({ name, value, example }: ParameterRefusal): readonly string[] {
  if (example === undefined) return []
  const path = wireName(name)
  return [`${path}${value === undefined ? '' : ` is ${value}`}, for example ${example}`]
}

function sentence(it: ParameterRefusal): string {
  if (it.message !== undefined) return it.message
  const what = it.label ?? wireName(it.name)
  if (it.allowed) return problemText({ what, rule: 'set', allowed: it.allowed })
  if (it.min !== undefined && it.max !== undefined)
    return problemText({ what, rule: 'range', min: it.min, max: it.max })
  return `${what} ${it.rule ?? 'is not valid'}`
}

/** Positions are counted from one in this cloud's messages: `VSwitches.1.VswId`. */
function wireName(path: string): string {
  return path.replace(/\.(\d+)(?=\.|$)/g, (_, at: string) => `.${Number(at) + 1}`)
}

function invalidParams(
  problems: readonly string[],
  explanations: readonly string[] = [],
): WireRefusal {
  const more = explanations.length === 0 ? '' : `. ${explanations.join('; ')}.`
  const message = `Invalid params: [${problems.join(', ')}]${more}`
  return { ...refusal(400, 'InvalidParams', message), problems }
}

/** Clients of every age find `NotFound` in code, status or message. */
function notFound(what: string, id: string): WireRefusal {
  const code = `${capital(what)}.NotFound`
  return refusal(404, code, `${code}: the specified ${what.toLowerCase()} ${id} does not exist.`)
}

function instanceStatusRefusal(id: string, status: InstanceStatus): WireRefusal {
  return refusal(
    400,
    'OperationDenied.InstanceStatus',
    `The operation is not permitted when instance ${id} is in status ${status}.`,
  )
}

function signatureRefusal({ problem, part, detail, stringToSign }: Faults['SignatureRefused']) {
  switch (problem) {
    case 'mismatch':
    case 'body-hash-mismatch':
      return refusal(
        400,
        'SignatureDoesNotMatch',
        `Specified signature is not matched with our calculation. ${stringToSign === undefined ? `${part ?? 'A header'} is not the digest of the body.` : `server string to sign is:${stringToSign}`}`,
      )
    case 'algorithm-unknown':
      return refusal(400, 'InvalidSignatureMethod', 'Specified signature method is not valid.')
    case 'timestamp-malformed':
      return refusal(
        400,
        'InvalidTimeStamp.Format',
        'Specified time stamp or date value is not well formatted.',
      )
    case 'timestamp-expired':
      return refusal(
        400,
        'InvalidTimeStamp.Expired',
        'Specified time stamp or date value is expired.',
      )
    case 'nonce-cache-full':
      return serviceUnavailable()
    default: {
      const why = [part, problem === 'header-unsigned' ? 'is not signed' : problem, detail]
      return refusal(
        400,
        'IncompleteSignature',
        `The request signature does not conform to Aliyun standards. ${why.filter((word) => word !== undefined).join(' ')}.`,
      )
    }
  }
}

const tokenRefusals: Readonly<Record<Faults['TokenRefused']['why'], WireRefusal>> = {
  missing: refusal(400, 'MissingSecurityToken', 'SecurityToken is mandatory for this action.'),
  malformed: refusal(
    400,
    'InvalidSecurityToken.Malformed',
    'Specified SecurityToken is malformed.',
  ),
  expired: refusal(400, 'InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.'),
  mismatch: refusal(
    400,
    'InvalidSecurityToken.MismatchWithAccessKey',
    'Specified SecurityToken mismatch with the AccessKey.',
  ),
}

function serviceUnavailable(): WireRefusal {
  return refusal(
    503,
    'ServiceUnavailable',
    'The request has failed due to a temporary failure of the server.',
  )
}

function refusal(status: number, code: string, message: string): WireRefusal {
  return { status, code, message }
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}
