/**
 * What clients sent in the last hour, and what became of it: for whoever tests automation. In memory, bounded, and without what opens
 * anything: of a request that was refused only why, never its parameters' values.
 */
import type { Fault } from '../domain/fault.ts'
import type { Handled } from '../gateway/gateway.ts'
import type { Clock } from '../kernel/clock.ts'
import { limits } from '../limits.ts'
import type { Viewer } from './viewer.ts'

export interface RecordedRequest {
  readonly atMs: number
  readonly requestId: string
  readonly cloud: string
  readonly action: string
  readonly region: string
  /** Empty where nobody was proved to have sent it; so is `who`. */
  readonly account: string
  readonly who: string
  readonly keyId: string
  readonly ms: number
  /** `ok`, a fault's code, or `bug`. */
  readonly outcome: string
  readonly why: readonly { readonly name: string; readonly text: string }[]
}

export interface RequestRecord {
  note(it: Handled): void
  /** The latest first. */
  recent(): readonly RecordedRequest[]
}

export function requestRecord(clock: Pick<Clock, 'wall'>): RequestRecord {
  // Places that are written over: objects that live for thousands of requests and no longer are what V8 collects last.
  const places: Writable[] = []
  let noted = 0
  return {
    note(it) {
      const at = noted++ % limits.consoleRequests
      places[at] = written(places[at] ?? { ...UNWRITTEN }, it, clock.wall())
    },
    recent() {
      const fromMs = clock.wall() - limits.consoleRequestsMs
      const oldest = noted % limits.consoleRequests
      return [...places.slice(oldest), ...places.slice(0, oldest)]
        .filter(({ atMs }) => atMs > fromMs)
        .map((place) => ({ ...place }))
        .toReversed()
    },
  }
}

type Writable = { -readonly [member in keyof RecordedRequest]: RecordedRequest[member] }

/** Numbers with a fraction, whose place holds any number. */
const UNWRITTEN: RecordedRequest = {
  atMs: 0.5,
  requestId: '',
  cloud: '',
  action: '',
  region: '',
  account: '',
  who: '',
  keyId: '',
  ms: 0.5,
  outcome: '',
  why: [],
}

/**
 * The administrator sees all, the root of an account what is proved to be of the account. Anybody else sees their own: policies say
 * nothing about other people's requests.
 */
export function requestsFor(
  record: Pick<RequestRecord, 'recent'>,
  { principal, isAdministrator, seesAll }: Viewer,
): readonly RecordedRequest[] {
  const all = record.recent()
  if (isAdministrator) return all
  const ofAccount = all.filter(({ account }) => account === principal?.account)
  return seesAll ? ofAccount : ofAccount.filter(({ who }) => who === principal?.name)
}

function written(place: Writable, it: Handled, nowMs: number): Writable {
  place.atMs = nowMs
  place.requestId = it.requestId ?? ''
  place.cloud = it.dialect
  place.action = it.action
  place.region = it.region ?? ''
  place.account = it.principal?.account ?? ''
  place.who = it.principal?.name ?? ''
  place.keyId = (it.keyId ?? '').slice(0, KEY_ID_MAX)
  place.ms = Math.round(it.ms * 10) / 10
  place.outcome = it.outcome
  place.why = it.fault ? whyOf(it.fault) : UNWRITTEN.why
  return place
}

const KEY_ID_MAX = 128
/** Of a text that the sender chose, and of how many of them. */
const TEXT_MAX = 256
const REFUSALS_MAX = 20

/** Why a request was refused, without the values that it had. */
export function whyOf(fault: Fault): RecordedRequest['why'] {
  if (is(fault, 'SignatureRefused')) {
    const { problem, part, detail, stringToSign } = fault.facts
    const signed = stringToSign === undefined ? undefined : masked(stringToSign)
    return [...present({ problem, part, detail }), ...(signed === undefined ? [] : [signed])]
  }
  if (is(fault, 'ParametersRefused'))
    return fault.facts.refusals
      .slice(0, REFUSALS_MAX)
      .map(({ name, problem }) => ({ name: name.slice(0, TEXT_MAX), text: problem }))
  if (is(fault, 'AccessDenied')) {
    const { action, resource, decision } = fault.facts
    const { kind, policy, statement, reason } = decision
    const number = statement === undefined ? undefined : String(statement + 1)
    return present({ action, resource, decision: kind, policy, statement: number, reason })
  }
  return []
}

function is<C extends Fault['code']>(fault: Fault, code: C): fault is Fault<C> {
  return fault.code === code
}

function present(facts: Readonly<Record<string, string | undefined>>): RecordedRequest['why'] {
  return Object.entries(facts).flatMap(([name, text]) =>
    text === undefined ? [] : { name, text: text.slice(0, TEXT_MAX) },
  )
}

/** The sender's own text, which may have the token of a temporary key in it. */
const TOKEN = /(token(?:=|:|%3D))[^&\n]*/gi

function masked(text: string): RecordedRequest['why'][number] {
  return { name: 'signed', text: text.replace(TOKEN, '$1…').slice(0, limits.consoleSignedText) }
}
