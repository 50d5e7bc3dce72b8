/** Refusals of a value by name, with the code that the vendor has for it; the sentence is worded by the fault table. */
import { Fault, refuse } from '../../../domain/fault.ts'

export interface InvalidValue {
  /** As the client writes it: `ResourceSpec.CoreResourceSpec.DiskSize`. */
  readonly name: string
  readonly code: string
  /** Completes "the value is not valid: …". */
  readonly rule: string
  /** Left out for secrets. */
  readonly value?: string | number
}

export function invalid({ name, code, rule, value }: InvalidValue): Fault {
  const shown = value === undefined ? {} : { value: String(value).slice(0, SHOWN_MAX) }
  return refuse({ name, problem: 'value', code, rule, ...shown })
}

export function missing(name: string): Fault {
  return refuse({ name, problem: 'missing' })
}

/** A parameter that the vendor has and this server does not honour yet: refused, never ignored. */
export function unsupported(name: string, why = 'this server does not do it yet'): Fault {
  return new Fault('NotSupported', { what: name, detail: why })
}

/** The value if it says anything: clients send empty texts for what they leave open. */
export function given(text: string | undefined): string | undefined {
  const trimmed = text?.trim()
  return trimmed === '' ? undefined : trimmed
}

const SHOWN_MAX = 100
