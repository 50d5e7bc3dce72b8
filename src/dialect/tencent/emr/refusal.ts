/** Refusals of a value by name, with the code that the vendor has for it; the sentence is worded by the fault table. */
import { Fault, refuse } from '../../../domain/fault.ts'
import { listed } from '../../../kernel/enumeration.ts'

export interface InvalidValue {
  /** As the client writes it: `ResourceSpec.CoreResourceSpec.DiskSize`. */
  readonly name: string
  readonly code: string
  /** Completes "the value is not valid: …". */
  readonly rule: string
  /** Left out for secrets, and for texts that may hold one. */
  readonly value?: unknown
  /** A right value. */
  readonly example?: unknown
}

export function invalid({ name, code, rule, value, example }: InvalidValue): Fault {
  return refuse({
    name,
    problem: 'value',
    code,
    rule,
    ...(value === undefined ? {} : { value: written(value).slice(0, SHOWN_MAX) }),
    ...(example === undefined ? {} : { example: written(example) }),
  })
}

export function missing(name: string, example?: unknown): Fault {
  const shown = example === undefined ? {} : { example: written(example) }
  return refuse({ name, problem: 'missing', ...shown })
}

/** A parameter that the vendor has and this server does not honour yet: refused, never ignored. */
export function unsupported(name: string, why = 'this server does not do it yet'): Fault {
  return new Fault('NotSupported', { what: name, detail: why })
}

/** The same with the value, and what can be had instead. */
export function unsupportedValue(
  name: string,
  it: { readonly value: unknown; readonly why?: string; readonly instead?: string },
): Fault {
  const { value, why = 'this server does not do it yet', instead = 'leave it out' } = it
  const shown = written(value).slice(0, SHOWN_MAX)
  return unsupported(name, `${why}; the value is \`${shown}\`, ${instead}`)
}

/** The rule of a set. */
export function oneOf(allowed: readonly (string | number)[]): string {
  const [only] = allowed
  return `it must be ${allowed.length === 1 ? only : `one of ${listed(allowed)}`}`
}

/** The value if it says anything: clients send empty texts for what they leave open. */
export function given(text: string | undefined): string | undefined {
  const trimmed = text?.trim()
  return trimmed === '' ? undefined : trimmed
}

/** As a client writes it: a text by itself, anything else as JSON. */
function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const SHOWN_MAX = 100
