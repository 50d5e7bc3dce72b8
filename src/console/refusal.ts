/** A refusal for whoever sits at a form: each parameter's in the vendor's own words, and of a denial the statement that denied. */
import { Fault } from '../domain/fault.ts'
import type { Action } from '../gateway/action.ts'
import { bodyText, type Dialect, type WireRequest } from '../gateway/dialect.ts'
import { whyOf } from './request-record.ts'
import { sentenceIn } from './vendor.ts'

export interface Explained {
  /** What the vendor says of the whole request. */
  readonly message: string
  /** By the parameter's path. */
  readonly refusals: readonly { readonly name: string; readonly text: string }[]
  /** Of a request that policies do not allow: what was asked for, and which statement of which policy denied it. */
  readonly denial: readonly { readonly name: string; readonly text: string }[]
}

interface Refused {
  readonly dialect: Dialect
  readonly action: Action
  readonly request: WireRequest
  /** Its body. */
  readonly answer: unknown
}

export function explain(fault: Fault, it: Refused): Explained {
  const message = sentenceIn(it.answer)
  return {
    message,
    refusals: refusalsOf(fault, it, message),
    denial: fault.code === 'AccessDenied' ? whyOf(fault) : [],
  }
}

function refusalsOf(fault: Fault, it: Refused, message: string): Explained['refusals'] {
  const { facts } = fault
  if ('refusals' in facts)
    return facts.refusals.map((refusal) => ({
      name: refusal.name,
      text: worded(new Fault('ParametersRefused', { refusals: [refusal] }), it),
    }))
  const parameter = 'parameter' in facts ? facts.parameter : undefined
  return parameter === undefined ? [] : [{ name: parameter, text: message }]
}

/** What the vendor would say if this were all that is wrong. */
function worded(fault: Fault, { dialect, action, request }: Refused): string {
  const answer = dialect.renderFault({ request, requestId: '', action }, fault)
  return sentenceIn(JSON.parse(bodyText(answer)))
}
