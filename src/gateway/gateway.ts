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
import type { CredentialSource, Principal } from '../domain/identity.ts'
import { reader, type Read } from '../shape/reader.ts'
import type { Action } from './action.ts'
import { authenticate } from './authenticate.ts'
import { authorise } from './authorise.ts'
import type { Arrival, Dialect, WireRequest, WireResponse } from './dialect.ts'
import type { NonceCache } from './nonce-cache.ts'
import { SignatureProblem } from './signed-request.ts'
import type { Throttle } from './throttle.ts'

export interface Handled {
  readonly dialect: string
  readonly action: string
  /** `ok`, a fault's code, or `bug`. */
  readonly outcome: string
  readonly ms: number
  readonly requestId?: string
  /** Who was proved to have sent it. */
  readonly principal?: Principal | undefined
  /** The key that it claims to be signed with; of the console none. */
  readonly keyId?: string | undefined
  readonly region?: string
  readonly fault?: Fault | undefined
}

/** Who sent a request where that was proved in another way than by a signature: by a session of the console. */
export interface Known {
  readonly principal: Principal
  /** Called with the refusal before it is worded. */
  readonly onFault?: (fault: Fault) => void
}

export interface Gateway {
  handle(dialect: Dialect, request: WireRequest, known?: Known): Promise<WireResponse>
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
  /** What was set on other servers of the same store is in force when it resolves. */
  readonly catchUp?: (() => Promise<void>) | undefined
  /** Called after every answered request; metrics and tests use it. */
  readonly onHandled: (handled: Handled) => void
  /** Called for every fault that `run` raised; the tests hold actions to what they declare. */
  readonly onFault?: (action: Action, fault: Fault) => void
}

export function gateway(options: GatewayOptions): Gateway {
  const { clock, log, onHandled } = options
  const check = checker()

  const handle: Gateway['handle'] = async (dialect, request, known) => {
    const startedMs = performance.now()
    const requestId = dialect.requestId(options.random.uuid())
    let action: Action | undefined
    let outcome = 'ok'
    let [keyId, region] = [undefined as string | undefined, '']
    let [principal, fault] = [known?.principal, undefined as Fault | undefined]
    try {
      dialect.checkSize(request)
      if (options.catchUp) await options.catchUp()
      action = dialect.locate(request)
      if (!principal) {
        const claim = dialect.claim(request)
        keyId = claim.keyId
        principal = await authenticate(options, dialect.name, claim)
      }
      // Only what was proved is counted, or anybody could use up an account's limit; and before parameters are read, which costs more.
      const counted = `${principal.account} ${action.name} ${dialect.rateRegion(request)}`
      await options.throttle.admit(counted, clock.wall())
      const raw = dialect.parameters(request, action)
      region = dialect.region(request, raw)
      const input = check(dialect, action, raw)
      const unauthorised: Call = {
        requestId,
        principal,
        region,
        product: action.clustersOf ?? action.product,
        action: action.name,
        language: dialect.language(request),
      }
      const facts = { dialect, action, call: unauthorised, input, request, nowMs: clock.now() }
      const call = await authorise(options.core, facts)
      const output = await run(options, { action, call, input })
      return dialect.render({ request, requestId, action }, output)
    } catch (problem) {
      const arrival: Arrival = { request, requestId, action }
      fault = asFault(problem)
      outcome = fault?.code ?? 'bug'
      if (fault) known?.onFault?.(fault)
      if (fault) return dialect.renderFault(arrival, fault)
      log.error(
        { requestId, dialect: dialect.name, action: action?.name, err: problem },
        'a request failed with an unexpected error',
      )
      return dialect.renderBug(arrival)
    } finally {
      onHandled({
        dialect: dialect.name,
        action: action?.name ?? '',
        outcome,
        ms: performance.now() - startedMs,
        requestId,
        principal,
        keyId,
        region,
        fault,
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
    const { dependencies } = options.core
    // Most have nothing to meet, and each call is a turn of the loop.
    const asks = dependencies.switches().length === 0 ? [] : (it.action.asks ?? [])
    for (const name of asks) await dependencies.call(it.call, name)
    return await it.action.run(options.core, it.call, it.input)
  } catch (problem) {
    if (problem instanceof Fault) options.onFault?.(it.action, problem)
    throw problem
  }
}

function asFault(problem: unknown): Fault | undefined {
  if (problem instanceof Fault) return problem
  if (problem instanceof SignatureProblem) {
    return new Fault('SignatureRefused', { problem: problem.kind, ...problem.facts })
  }
  return undefined
}
