/**
 * How Tencent Cloud says each refusal: code and sentence. Sentences are those seen on the wire (reference: tencent-emr.md
 * 6.7), in both languages where both are known; the rest is worded here, in English, because only codes are documented.
 * The status is always 200: every client of this cloud takes any other for a broken connection.
 */
import type { FaultCode, Faults, ParameterRefusal } from '../../domain/fault.ts'
import type { SignatureProblemKind } from '../../gateway/signed-request.ts'
import { accessDenied } from './identity/access-denied.ts'
import { listed } from '../../kernel/enumeration.ts'
import { toYuan } from './catalogue/price.ts'
import {
  dependencyFailed,
  quotaExceeded,
  resourceFull,
  resourceMismatch,
  resourceMissing,
  resourceShort,
  resourceUnfit,
} from './environment-faults.ts'
import { clusterNotFoundCode } from './not-found.ts'
import { spelled, type ErrorCodes } from './wire/error-code.ts'
import type { Scheme } from './wire/wire.ts'

export interface WireRefusal {
  readonly code: string
  readonly message: string
}

/** What the wording of a refusal depends on. */
export interface FaultContext {
  readonly language: 'zh' | 'en'
  readonly scheme: Scheme
  readonly errorCodes: ErrorCodes
  /** The one that is refused. */
  readonly action?: string
}

type Table = {
  readonly [code in FaultCode]: (facts: Faults[code], context: FaultContext) => WireRefusal
}

export function refusalOf<C extends FaultCode>(
  fault: { readonly code: C; readonly facts: Faults[C] },
  context: FaultContext,
): WireRefusal {
  const { code, message } = faults[fault.code](fault.facts, context)
  return { code: spelled(code, context.errorCodes), message }
}

export const internalError: WireRefusal = {
  code: 'InternalError',
  message: 'An internal error has occurred. Retry your request, or contact us with its RequestId.',
}

export const faults: Table = {
  ActionUnknown: () => say('InvalidAction', 'The request `Action` is invalid or not found.'),
  ActionNotBuilt: ({ action }) =>
    say('UnsupportedOperation', `The action \`${action}\` is not supported by this server yet.`),
  VersionUnknown: ({ version, service = 'emr' }) =>
    say(
      'NoSuchVersion',
      `The specified api version=\`${version}\` does not exist in service=\`${service}\`.`,
    ),
  MethodRefused: ({ method }) =>
    say('UnsupportedProtocol', `The method \`${method}\` is not supported; use GET or POST.`),
  RequestTooLarge: ({ limitBytes }) =>
    say('RequestSizeLimitExceeded', `The request exceeds the size limit of ${limitBytes} bytes.`),
  RequestMalformed: ({ detail }) => say('InvalidParameter', detail),
  MediaTypeRefused: ({ mediaType }) =>
    say('InvalidParameter', `The action does not support Content-Type=\`${mediaType}\`.`),
  RegionUnknown: (_, { scheme }) =>
    say(
      'InvalidParameterValue',
      `A value specified in \`${scheme === 'v3' ? 'X-TC-Region' : 'Region'}\` is not valid, is unsupported, or cannot be used.`,
    ),
  Throttled: ({ seen, limit }) =>
    say(
      'RequestLimitExceeded',
      `Your current request times equals to \`${seen}\` in a second, which exceeds the frequency limit \`${limit}\` for a second. Please reduce the frequency of calls.`,
    ),
  Overloaded: ({ what }) =>
    say('ServiceUnavailable', `The service is overloaded (${what}). Please retry later.`),
  CredentialMissing: (_, context) => missing('Authorization', context),
  CredentialUnknown: () => secretIdNotFound,
  CredentialDisabled: () => secretIdNotFound,
  SignatureRefused: (facts, context) =>
    signatureTable[facts.problem as SignatureProblemKind](facts, context),
  TokenRefused: () =>
    say(
      'AuthFailure.TokenFailure',
      'Token verification failed, please check if your Token is correct',
    ),
  NonceReused: () => signatureFailure,
  AccessDenied: ({ action, resource, decision }) => accessDenied(decision, { action, resource }),
  ParametersRefused: ({ refusals }, context) =>
    refusals[0] ? parameterRefusal(refusals[0], context) : internalError,
  ClusterNotFound: ({ id }, { action }) =>
    say(clusterNotFoundCode(action), `The instance \`${id}\` does not exist.`),
  ClusterBusy: ({ id, state }) =>
    say('ResourceInUse.InstanceInProcess', `The instance \`${id}\` is in process (${state}).`),
  NodeGroupNotFound: ({ id }) =>
    say('ResourceNotFound.ResourceNotFound', `The node group \`${id}\` does not exist.`),
  NodeNotFound: ({ id }) =>
    say('ResourceNotFound.ResourceNotFound', `The node \`${id}\` does not exist.`),
  ScalingRuleNotFound: ({ id }) =>
    say('ResourceNotFound.ResourceNotFound', `The scaling rule \`${id}\` does not exist.`),
  OperationNotFound: ({ id }) =>
    say('ResourceNotFound.ResourceNotFound', `The flow \`${id}\` does not exist.`),
  BackupNotFound: ({ id }) =>
    say('ResourceNotFound.ResourceNotFound', `The backup \`${id}\` does not exist.`),
  BackupPolicyNotFound: ({ id }) =>
    say('ResourceNotFound.ResourceNotFound', `The backup policy \`${id}\` does not exist.`),
  BackupUnfit: ({ id, state }) =>
    say('ResourceInUse', `The backup \`${id}\` is in process (${state}).`),
  IdempotencyConflict: ({ token }) =>
    say(
      'FailedOperation.DuplicateOrderNotAllowed',
      `The ClientToken \`${token}\` was used for another request within its validity.`,
    ),
  ResourceMissing: resourceMissing,
  ResourceMismatch: resourceMismatch,
  ResourceUnfit: resourceUnfit,
  ResourceFull: resourceFull,
  ResourceShort: resourceShort,
  QuotaExceeded: quotaExceeded,
  LimitReached: ({ what, limit }) => say('LimitExceeded', `At most ${limit} ${what} are allowed.`),
  OrderRepeated: ({ order, cluster }) =>
    say(
      'FailedOperation.DuplicateOrderNotAllowed',
      `The same was ordered already by the order \`${order}\`; the instance \`${cluster}\` is in process.`,
    ),
  OrderSettled: ({ id, state }) =>
    say('FailedOperation', `The order \`${id}\` is ${state} already.`),
  BalanceShort: ({ wanted, available }) =>
    say(
      'FailedOperation',
      `The account balance is insufficient: ${toYuan(wanted)} CNY are needed, ${toYuan(available)} are available.`,
    ),
  NotSupported: ({ what, detail }) =>
    say('UnsupportedOperation', `\`${what}\` is not supported: ${detail}.`),
  DependencyFailed: dependencyFailed,
}

type SignatureTable = {
  readonly [kind in SignatureProblemKind]: (
    facts: Faults['SignatureRefused'],
    context: FaultContext,
  ) => WireRefusal
}

const secretIdNotFound = say(
  'AuthFailure.SecretIdNotFound',
  'The SecretId is not found, please ensure that your SecretId is correct.',
)

const signatureFailure = say(
  'AuthFailure.SignatureFailure',
  'The provided credentials could not be validated. Please check your signature is correct.',
)

/** What the v1 verifier reports for a form beyond the limit of that scheme. */
export const TOO_LARGE_TO_SIGN = 'body-too-large'

const signatureTable: SignatureTable = {
  missing: ({ part = '' }, context) => missing(part.replace(/^X-TC-/, ''), context),
  malformed: ({ part, detail }) => {
    if (part === 'Authorization') return invalidAuthorization(detail ?? 'it is malformed.')
    if (part === 'SecretId') {
      return say('AuthFailure.InvalidSecretId', 'The SecretId is not an API key of this cloud.')
    }
    if (part === 'Nonce') return typeError('Nonce')
    return say('InvalidParameter', detail ?? `The request's ${part ?? 'signature'} is not valid.`)
  },
  'algorithm-unknown': ({ part = '', detail = '' }) =>
    part === 'Authorization'
      ? invalidAuthorization(`the signature algorithm \`${detail}\` is not supported.`)
      : invalidValue({ name: part, problem: 'value', value: detail }),
  'header-unsigned': ({ part }) =>
    invalidAuthorization(`\`${part ?? ''}\` must be one of the SignedHeaders.`),
  mismatch: ({ detail }) =>
    detail === TOO_LARGE_TO_SIGN
      ? say(
          'AuthFailure.SignatureFailure',
          'The provided credentials could not be validated because of exceeding request size limit, please use new signature method `TC3-HMAC-SHA256`.',
        )
      : signatureFailure,
  'body-hash-mismatch': () => signatureFailure,
  'timestamp-malformed': () => typeError('Timestamp'),
  'timestamp-expired': () =>
    say('AuthFailure.SignatureExpire', 'The signature is expired, please request again.'),
  'nonce-cache-full': () => say('ServiceUnavailable', 'The service is overloaded.'),
}

function parameterRefusal(refusal: ParameterRefusal, context: FaultContext): WireRefusal {
  const { name, problem } = refusal
  const chinese = context.language === 'zh'
  switch (problem) {
    case 'unknown':
      return say(
        'UnknownParameter',
        chinese
          ? `未定义参数 \`${name}\` ${known(refusal, '可用参数：')}`
          : `The parameter \`${name}\` is not recognized.${known(refusal, ' There are ')}`,
      )
    case 'missing':
      return missing(name, context, refusal.example)
    case 'type': {
      const { expected = '', value } = refusal
      return say(
        'InvalidParameter',
        chinese
          ? `参数 \`${name}\` 取值类型错误。参数类型应为 \`${expected}\`${value === undefined ? '' : `，实际值为 \`${value}\``}。${inWords(refusal, context)}`
          : `The value type of the parameter \`${name}\` is wrong. It should be \`${expected}\`.${value === undefined ? '' : ` The value is \`${value}\`.`}${inWords(refusal, context)}`,
      )
    }
    case 'value':
      return invalidValue(refusal)
  }
}

/** The names that there are beside an unknown one. */
function known({ allowed = [] }: ParameterRefusal, before: string): string {
  return allowed.length === 0 ? '' : `${before}${listed(allowed)}.`
}

/** A right value, as a sentence of its own. */
function inWords({ example }: { readonly example?: string }, context: FaultContext): string {
  if (example === undefined) return ''
  return context.language === 'zh' ? `例如 \`${example}\`。` : ` An example is \`${example}\`.`
}

/** The parameter, the value unless it is secret, what would have been accepted, and an example of it. */
function invalidValue(refusal: ParameterRefusal): WireRefusal {
  const { name, value, code = 'InvalidParameterValue', message, example } = refusal
  if (message !== undefined) return say(code, message)
  const right = example === undefined ? [] : [`an example is \`${example}\``]
  const rule = [ruleOf(refusal), ...right].filter((part) => part !== '').join('; ')
  const shown =
    value === undefined
      ? `The value specified in the parameter \`${name}\` is not valid`
      : `The value \`${value}\` specified in the parameter \`${name}\` is not valid`
  return say(code, rule === '' ? `${shown}.` : `${shown}: ${rule}.`)
}

function ruleOf({ rule, allowed, min, max }: ParameterRefusal): string {
  if (rule !== undefined) return rule
  if (allowed) return `it must be one of ${listed(allowed)}`
  if (min !== undefined && max !== undefined) return `it must be between ${min} and ${max}`
  if (min !== undefined) return `it must be at least ${min}`
  return max === undefined ? '' : `it must be at most ${max}`
}

function missing(name: string, context: FaultContext, example?: string): WireRefusal {
  const sentence =
    context.language === 'zh'
      ? `请求缺少必传参数 \`${name}\` 。`
      : `The request is missing a required parameter \`${name}\`.`
  const right = inWords(example === undefined ? {} : { example }, context)
  return say('MissingParameter', `${sentence}${right}`)
}

function typeError(name: string): WireRefusal {
  return say('InvalidParameter', `Parameter \`${name}\` type error.`)
}

function invalidAuthorization(detail: string): WireRefusal {
  return say(
    'AuthFailure.InvalidAuthorization',
    `The request \`Authorization\` header does not conform to tencentcloud standards: ${detail}`,
  )
}

function say(code: string, message: string): WireRefusal {
  return { code, message }
}
