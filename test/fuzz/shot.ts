/**
 * One request of the fuzzer, whole: an action, its parameters with some changes, and the wire around them, which may be changed as
 * well. A shot is made of its seed alone, so that it can be made again.
 */
import { actions as alibabaActions } from '../../src/dialect/alibaba/actions.ts'
import { actions as tencentActions } from '../../src/dialect/tencent/actions.ts'
import { DEVELOPMENT_KEY_ID, DEVELOPMENT_SECRET } from '../../src/gateway/development.ts'
import { completeRequests } from '../support/http/alibaba-request.ts'
import { signAcs3, signRoa, signTc3, signV1, type WireRequest } from '../support/http/sign.ts'
import { addressed } from '../support/http/tencent-client.ts'
import { legalRequest } from '../support/http/tencent-request.ts'
import { dice, type Dice } from './dice.ts'
import { mutated } from './mutate-value.ts'
import type { Fields } from './verdict.ts'
import { disturbed } from './disturb.ts'
import { validAlibaba } from './valid-alibaba.ts'
import { validTencent } from './valid-tencent.ts'

export interface Shot {
  readonly dialect: 'alibaba' | 'tencent'
  readonly action: string
  readonly wire: WireRequest
  /** What the service must read, when nothing but parameters was changed; undefined when the wire was. */
  readonly parameters: Fields | undefined
  /** No parameter was changed either. */
  readonly untouched: boolean
}

export interface Range {
  readonly port: number
  /** A cluster of each cloud that exists. */
  readonly instance: string
  readonly cluster: string
}

const key = { keyId: DEVELOPMENT_KEY_ID, secret: DEVELOPMENT_SECRET }

export function shot(seed: string, range: Range): Shot {
  const it = dice(seed)
  const dialect = it.pick(['alibaba', 'tencent'] as const)
  const creates = it.chance(0.55)
  const serial = seed.replaceAll(/\W/g, '').slice(-12)
  const { action, legal } =
    dialect === 'alibaba'
      ? ofAlibaba(it, range, { creates, serial })
      : ofTencent(it, range, { creates, serial })
  const changes = it.chance(0.12) ? 0 : it.pick([1, 1, 1, 1, 2, 2, 3, 5])
  const parameters = mutated(it, legal, changes)
  const plain = it.chance(0.85)
  const wire =
    dialect === 'alibaba'
      ? overAlibaba(it, range, { action, parameters, seed })
      : overTencent(it, range, { action, parameters })
  return {
    dialect,
    action,
    wire: plain ? wire.request : disturbed(it, wire.request),
    parameters: plain && wire.exact ? parameters : undefined,
    untouched: changes === 0 && plain,
  }
}

interface Wanted {
  readonly creates: boolean
  readonly serial: string
}

function ofAlibaba(it: Dice, { instance }: Range, { creates, serial }: Wanted) {
  if (creates) return { action: 'CreateInstanceV1', legal: validAlibaba(it, serial) }
  const action = it.pick(alibabaActions).name
  return { action, legal: completeRequests(instance)[action] ?? {} }
}

function ofTencent(it: Dice, { cluster }: Range, { creates, serial }: Wanted) {
  if (creates) return { action: 'CreateInstance', legal: validTencent(it, serial) }
  const action = it.pick(tencentActions).name
  return { action, legal: legalRequest(action, cluster) }
}

interface ShotRequest {
  readonly action: string
  readonly parameters: Fields
}

interface Sent {
  readonly request: WireRequest
  /** Whether the service reads exactly these parameters: not so where a wire has no types. */
  readonly exact: boolean
}

function overAlibaba(
  it: Dice,
  { port }: Range,
  { action, parameters, seed }: ShotRequest & { seed: string },
): Sent {
  const route = alibabaActions.find((each) => each.name === action)?.route
  const chosen = it.chance(0.15)
  // No client gives a GET a body.
  const inQuery = chosen || route?.method === 'GET'
  const around = {
    ...key,
    host: `127.0.0.1:${port}`,
    path: route?.path ?? '/',
    method: route?.method ?? 'POST',
    ...(inQuery ? { parameters: asTexts(parameters) } : { body: JSON.stringify(parameters) }),
  }
  const nonce = `fuzz-${process.pid}-${seed}-${port}`
  const now = new Date()
  const request = it.chance(0.75)
    ? signAcs3({ ...around, action, nonce, date: `${now.toISOString().slice(0, 19)}Z` })
    : signRoa({ ...around, nonce, date: now.toUTCString() })
  return { request, exact: !inQuery }
}

function overTencent(it: Dice, { port }: Range, { action, parameters }: ShotRequest): Sent {
  const around = { ...key, host: `127.0.0.1:${port}`, timestamp: Math.floor(Date.now() / 1000) }
  if (it.chance(0.85))
    return {
      request: signTc3({
        ...around,
        ...addressed(action),
        action,
        region: 'ap-guangzhou',
        body: JSON.stringify(parameters),
      }),
      exact: true,
    }
  const request = signV1({
    ...around,
    method: it.pick(['GET', 'POST']),
    nonce: it.below(65_536),
    signatureMethod: 'HmacSHA256',
    parameters: {
      Action: action,
      Version: addressed(action).version,
      Region: 'ap-guangzhou',
      ...flat(parameters),
    },
  })
  return { request, exact: false }
}

function asTexts(parameters: Fields): Record<string, string> {
  const entries = Object.entries(parameters).map(
    ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  )
  return Object.fromEntries(entries)
}

/** `Software.0`, `VPCSettings.VpcId`: as v1 clients write what is nested. */
function flat(value: unknown, at = ''): Record<string, string> {
  if (typeof value !== 'object' || value === null)
    return at === '' ? {} : { [at]: typeof value === 'string' ? value : JSON.stringify(value) }
  const entries = Object.entries(value).slice(0, 50)
  if (at.split('.').length > 8) return {}
  const named = entries.map(([name, member]) => flat(member, at === '' ? name : `${at}.${name}`))
  return Object.assign({}, ...named) as Record<string, string>
}
