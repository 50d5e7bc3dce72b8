/**
 * The life of a request, for any vendor. `handle` is the ordered list: what a client observes first stands first. It is also
 * the only place that catches: a Fault becomes the dialect's refusal, anything else is a bug and becomes its internal error.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import type { Random } from '../kernel/random.ts'
import type { Call } from '../app/call.ts'
import type { Core } from '../app/core.ts'
import { Fault } from '../domain/fault.ts'
import type { Credential, CredentialSource, Principal } from '../domain/identity.ts'
import { reader, type Read } from '../shape/reader.ts'
import type { Action } from './action.ts'
import type { Arrival, Claim, Dialect, WireRequest, WireResponse } from './dialect.ts'
import type { NonceCache } from './nonce-cache.ts'
import { SignatureProblem, checkFreshness } from './signed-request.ts'
import type { Throttle } from './throttle.ts'

export interface Handled {
  readonly dialect: string
  readonly action: string
  /** `ok`, a fault's code, or `bug`. */
  readonly outcome: string
  readonly ms: number
}

export interface Gateway {
  handle(dialect: Dialect, request: WireRequest): Promise<WireResponse>
  /** A refusal before there is anything to handle: too large, unreadable. */
  refuse(dialect: Dialect, request: WireRequest, fault: Fault): WireResponse
}

export interface GatewayOptions {
  readonly core: Core
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly credentials: CredentialSource
  readonly nonces: NonceCache
  readonly throttle: Throttle
  /** Told of every answered request; metrics and tests listen. */
  readonly onHandled: (handled: Handled) => void
  /** Told of every fault that `run` raised; the tests hold actions to what they declare. */
  readonly onFault?: (action: Action, fault: Fault) => void
}

export function gateway(options: GatewayOptions): Gateway {
  const { clock, log, onHandled } = options
  const check = checker()

  const handle = async (dialect: Dialect, request: WireRequest): Promise<WireResponse> => {
    const startedMs = performance.now()
    const requestId = dialect.requestId(options.random.uuid())
    let action: Action | undefined
    let outcome = 'ok'
    try {
      action = dialect.locate(request)
      const principal = await authenticate(options, dialect, dialect.claim(request))
      const raw = dialect.parameters(request, action)
      const region = dialect.region(request, raw)
      options.throttle.admit(`${principal.account} ${action.name} ${region}`, clock.wall())
      const input = check(dialect, action, raw)
      const language = dialect.language(request)
      const call: Call = {
        requestId,
        principal,
        region,
        product: action.product,
        action: action.name,
        language,
      }
      authorise({ dialect, action, call, input, request, nowMs: clock.now() })
      return dialect.render(
        { request, requestId, action },
        await run(options, { action, call, input }),
      )
    } catch (problem) {
      const arrival: Arrival = { request, requestId, action }
      const fault = asFault(problem)
      outcome = fault?.code ?? 'bug'
      if (fault) return dialect.renderFault(arrival, fault)
      log.error(
        { requestId, dialect: dialect.name, action: action?.name, err: problem },
        'a request met a bug',
      )
      return dialect.renderBug(arrival)
    } finally {
      onHandled({
        dialect: dialect.name,
        action: action?.name ?? '',
        outcome,
        ms: performance.now() - startedMs,
      })
    }
  }

  return {
    handle,
    refuse(dialect, request, fault) {
      onHandled({ dialect: dialect.name, action: '', outcome: fault.code, ms: 0 })
      const requestId = dialect.requestId(options.random.uuid())
      return dialect.renderFault({ request, requestId, action: undefined }, fault)
    },
  }
}

async function authenticate(
  options: GatewayOptions,
  dialect: Dialect,
  claim: Claim,
): Promise<Principal> {
  const nowMs = options.clock.wall()
  const credential = await options.credentials(dialect.name, claim.keyId)
  if (!credential) throw new Fault('CredentialUnknown', { keyId: claim.keyId })
  if (!credential.active) throw new Fault('CredentialDisabled', { keyId: claim.keyId })
  checkFreshness(claim.signedMs, nowMs, claim.windowMs)
  checkToken(claim, credential, nowMs)
  claim.verify(credential.secret)
  if (claim.nonce !== undefined && !options.nonces.remember(claim.keyId, claim.nonce, nowMs)) {
    throw new Fault('NonceReused', {})
  }
  return credential.principal
}

/** Reads parameters by the action's shape, each shape compiled on its first use. */
function checker(): (dialect: Dialect, action: Action, raw: unknown) => Record<string, unknown> {
  const reads = new Map<Action, Read<Record<string, unknown>>>()
  return (dialect, action, raw) => {
    let read = reads.get(action)
    if (!read) reads.set(action, (read = reader(action.input, dialect.convention)))
    const { value, refusals } = read(raw)
    if (refusals.length > 0) throw new Fault('ParametersRefused', { refusals })
    return value
  }
}

async function run(
  options: GatewayOptions,
  it: { action: Action; call: Call; input: Record<string, unknown> },
) {
  try {
    return await it.action.run(options.core, it.call, it.input)
  } catch (problem) {
    if (problem instanceof Fault) options.onFault?.(it.action, problem)
    throw problem
  }
}

function authorise(it: Parameters<Dialect['authorise']>[0] & { dialect: Dialect }): void {
  const { principal } = it.call
  if (principal.kind === 'root') return
  const decision = it.dialect.authorise(it)
  if (decision.effect === 'allow') return
  throw new Fault('AccessDenied', {
    action: it.action.permission.action,
    resource: it.action.resources(it.call, it.input)[0] ?? '*',
    explicit: decision.kind === 'explicit',
    account: principal.account,
    principal: principal.name,
    principalId: principal.id,
    principalKind: principal.kind,
    decision,
    atMs: it.nowMs,
  })
}

/** A temporary key needs its session token; a lasting key must come without one. */
function checkToken(claim: Claim, credential: Credential, nowMs: number): void {
  if (credential.sessionToken === undefined) {
    if (claim.sessionToken) throw new Fault('TokenRefused', { why: 'mismatch' })
    return
  }
  if (!claim.sessionToken) throw new Fault('TokenRefused', { why: 'missing' })
  if (claim.sessionToken !== credential.sessionToken)
    throw new Fault('TokenRefused', { why: 'mismatch' })
  if (credential.expiresMs !== undefined && credential.expiresMs <= nowMs)
    throw new Fault('TokenRefused', { why: 'expired' })
}

function asFault(problem: unknown): Fault | undefined {
  if (problem instanceof Fault) return problem
  if (problem instanceof SignatureProblem) {
    return new Fault('SignatureRefused', { problem: problem.kind, ...problem.facts })
  }
  return undefined
}
