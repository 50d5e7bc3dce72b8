/**
 * The conditions of a policy statement, in three-valued logic.
 *
 * A condition holds, fails, or is unevaluable; what the third means is the statement's business (an allow needs
 * "holds", a deny needs "fails" to step aside). Unevaluable are: an unknown operator or qualifier, a value that is
 * not of the operator's type (in the policy or in the request), a key this service never learns, and an absent key
 * under a negated operator or an all-values qualifier, where real services differ and guessing would open a door.
 * An absent key under a plain operator fails; with `ifExists` it holds. An empty list counts as absent.
 *
 * Times are ISO 8601 with a zone; addresses are IPv4 or IPv6, alone or with a prefix length.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net'

import { policyLimits } from './policy-limits.ts'
import { wildcardMatcher } from './wildcard-matcher.ts'

export interface Condition {
  /** One of `OperatorId`; a string, because a stored policy may name one that this version does not know. */
  readonly operator: string
  /** Quantifies over the values in the request; `none`: any for a positive operator, all for a negated one. */
  readonly qualifier: 'none' | 'any-value' | 'all-values'
  readonly ifExists: boolean
  readonly key: string
  /** Alternatives: one that compares is enough (for a negated operator: none may). */
  readonly values: readonly string[]
  /** Whether this service ever learns the key's value, so that its absence means something. */
  readonly known: boolean
}

type Order =
  | 'equals'
  | 'not-equals'
  | 'less-than'
  | 'less-than-or-equals'
  | 'greater-than'
  | 'greater-than-or-equals'

export type OperatorId =
  | 'string-equals'
  | 'string-not-equals'
  | 'string-equals-ignore-case'
  | 'string-not-equals-ignore-case'
  | 'string-like'
  | 'string-not-like'
  | `number-${Order}`
  | `date-${Order}`
  | 'boolean'
  | 'ip-in'
  | 'ip-not-in'
  | 'absent'

export type Context = Readonly<Record<string, string | readonly string[]>>

export type Finding = 'holds' | 'fails' | { readonly unevaluable: string }

export type ConditionTest = (context: Context) => Finding

export function compileCondition(condition: Condition): ConditionTest {
  const operator = operators[condition.operator as OperatorId] as Operator | undefined
  if (operator === undefined || !Object.hasOwn(operators, condition.operator)) {
    return always(condition, `unknown operator ${JSON.stringify(condition.operator)}`)
  }
  if (!['none', 'any-value', 'all-values'].includes(condition.qualifier)) {
    return always(condition, `unknown qualifier ${JSON.stringify(condition.qualifier)}`)
  }
  const problem = valuesProblem(operator, condition.values)
  if (problem !== undefined) return always(condition, problem)
  if (condition.operator === 'absent') return absence(condition)
  return comparison(condition, operator)
}

/** Why a policy's value does not fit its operator; undefined when it does. For parsers, which name the place. */
export function valueProblem(operator: OperatorId, value: string): string | undefined {
  return operators[operator].compile([value]) === undefined ? operators[operator].form : undefined
}

/** Every condition must hold; one that fails decides, whatever the others are (false and unknown is false). */
export function evaluateAll(tests: readonly ConditionTest[], context: Context): Finding {
  let overall: Finding = 'holds'
  for (const test of tests) {
    const finding = test(context)
    if (finding === 'fails') return 'fails'
    if (finding !== 'holds' && overall === 'holds') overall = finding
  }
  return overall
}

function comparison(condition: Condition, operator: Operator): ConditionTest {
  const matches = operator.compile(condition.values)
  if (matches === undefined) return always(condition, operator.form)
  const every =
    condition.qualifier === 'all-values' || (condition.qualifier === 'none' && operator.negated)
  const ifAbsent = findingIfAbsent(condition, operator)
  return (context) => {
    const values = valuesOf(context, condition.key)
    if (values.length === 0) return ifAbsent
    if (values.length > policyLimits.contextValues) {
      return unevaluable(condition, 'the request has too many values for it')
    }
    let count = 0
    for (const value of values) {
      const match = value.length > policyLimits.factCharacters ? undefined : matches(value)
      if (match === undefined) {
        return unevaluable(condition, `the value in the request ${operator.form}`)
      }
      if (match !== operator.negated) count += 1
    }
    return (every ? count === values.length : count > 0) ? 'holds' : 'fails'
  }
}

function findingIfAbsent(condition: Condition, operator: Operator): Finding {
  if (!condition.known) return unevaluable(condition, 'this service does not know the key')
  if (condition.ifExists) return 'holds'
  if (operator.negated || condition.qualifier === 'all-values') {
    return unevaluable(condition, 'the request has no value for it')
  }
  return 'fails'
}

/** An empty text counts as absent here: that is how the one language that has this operator describes it. */
function absence(condition: Condition): ConditionTest {
  const wanted = new Set(condition.values.map((value) => value.toLowerCase() === 'true'))
  return (context) => {
    const present = valuesOf(context, condition.key).some((value) => value !== '')
    if (!present && !condition.known) {
      return unevaluable(condition, 'this service does not know the key')
    }
    return wanted.has(!present) ? 'holds' : 'fails'
  }
}

function valuesOf(context: Context, key: string): readonly string[] {
  const found = Object.hasOwn(context, key) ? context[key] : undefined
  if (found === undefined) return []
  return typeof found === 'string' ? [found] : found
}

function always(condition: Condition, reason: string): ConditionTest {
  const finding = unevaluable(condition, reason)
  return () => finding
}

function unevaluable(condition: Condition, reason: string): Finding {
  return { unevaluable: `condition on ${JSON.stringify(condition.key)}: ${reason}` }
}

function valuesProblem(operator: Operator, values: readonly string[]): string | undefined {
  if (values.length === 0) return 'it lists no value'
  if (values.length > policyLimits.values) return 'it lists too many values'
  return operator.compile(values) === undefined
    ? `a value in the policy ${operator.form}`
    : undefined
}

/** Whether a value of the request equals (is like, is below, …) one of the policy's; undefined: wrong type. */
type Match = (value: string) => boolean | undefined

interface Operator {
  readonly negated: boolean
  /** Undefined when a value is not of the operator's type. */
  readonly compile: (values: readonly string[]) => Match | undefined
  /** Completes "the value …" when it is not of the type. */
  readonly form: string
}

const operators: Readonly<Record<OperatorId, Operator>> = {
  'string-equals': textual(false, oneOf),
  'string-not-equals': textual(true, oneOf),
  'string-equals-ignore-case': textual(false, oneOfIgnoringCase),
  'string-not-equals-ignore-case': textual(true, oneOfIgnoringCase),
  'string-like': textual(false, likeOne),
  'string-not-like': textual(true, likeOne),
  'number-equals': ordered('number', false, (a, b) => a === b),
  'number-not-equals': ordered('number', true, (a, b) => a === b),
  'number-less-than': ordered('number', false, (a, b) => a < b),
  'number-less-than-or-equals': ordered('number', false, (a, b) => a <= b),
  'number-greater-than': ordered('number', false, (a, b) => a > b),
  'number-greater-than-or-equals': ordered('number', false, (a, b) => a >= b),
  'date-equals': ordered('date', false, (a, b) => a === b),
  'date-not-equals': ordered('date', true, (a, b) => a === b),
  'date-less-than': ordered('date', false, (a, b) => a < b),
  'date-less-than-or-equals': ordered('date', false, (a, b) => a <= b),
  'date-greater-than': ordered('date', false, (a, b) => a > b),
  'date-greater-than-or-equals': ordered('date', false, (a, b) => a >= b),
  boolean: { negated: false, compile: booleanIn, form: 'must be true or false' },
  'ip-in': { negated: false, compile: addressIn, form: 'must be an IP address or CIDR block' },
  'ip-not-in': { negated: true, compile: addressIn, form: 'must be an IP address or CIDR block' },
  absent: { negated: false, compile: booleanIn, form: 'must be true or false' },
}

function textual(negated: boolean, compile: Operator['compile']): Operator {
  return { negated, compile, form: 'is too long' }
}

function oneOf(values: readonly string[]): Match {
  const set = new Set(values)
  return (value) => set.has(value)
}

function oneOfIgnoringCase(values: readonly string[]): Match {
  const set = new Set(values.map((value) => value.toLowerCase()))
  return (value) => set.has(value.toLowerCase())
}

function likeOne(values: readonly string[]): Match {
  const matchers = values.map((value) => wildcardMatcher(value))
  return (value) => matchers.some((matches) => matches(value))
}

function ordered(
  type: 'number' | 'date',
  negated: boolean,
  compare: (requested: number, written: number) => boolean,
): Operator {
  const read = type === 'number' ? readNumber : readDate
  return {
    negated,
    form: type === 'number' ? 'must be a decimal number' : 'must be an ISO 8601 time with its zone',
    compile: (values) => {
      const written: number[] = []
      for (const value of values) {
        const number = read(value)
        if (number === undefined) return undefined
        written.push(number)
      }
      return (value) => {
        const requested = read(value)
        if (requested === undefined) return undefined
        return written.some((number) => compare(requested, number))
      }
    },
  }
}

/** Beyond 2^53 two different integers would compare equal, so such a number counts as malformed. */
function readNumber(text: string): number | undefined {
  if (!/^[+-]?\d{1,16}(\.\d{1,16})?$/.test(text)) return undefined
  const number = Number(text)
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined
}

/** `Date.parse` rolls 30 February over to March; the round trip through the day refuses that. */
function readDate(text: string): number | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.exec(
    text,
  )
  const day = parts?.[1]
  if (day === undefined) return undefined
  const midnight = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? undefined : instant
}

function booleanIn(values: readonly string[]): Match | undefined {
  const wanted = new Set<boolean>()
  for (const value of values) {
    const read = readBoolean(value)
    if (read === undefined) return undefined
    wanted.add(read)
  }
  return (value) => {
    const read = readBoolean(value)
    return read === undefined ? undefined : wanted.has(read)
  }
}

function readBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : undefined
}

/** A set of ranges; `::ffff:a.b.c.d`, as a dual-stack socket reports IPv4 peers, is found in IPv4 ranges. */
function addressIn(values: readonly string[]): Match | undefined {
  const ranges = new BlockList()
  for (const value of values) {
    const family = familyOf(value.split('/', 1)[0] ?? '')
    if (family === undefined) return undefined
    const [address = '', prefix = family === 'ipv4' ? '32' : '128', extra] = value.split('/')
    const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
    if (extra !== undefined || !(bits <= (family === 'ipv4' ? 32 : 128))) return undefined
    ranges.addSubnet(address, bits, family)
  }
  return (value) => {
    const family = familyOf(value)
    return family === undefined ? undefined : ranges.check(value, family)
  }
}

/** A scoped address (`fe80::1%eth0`) means nothing to another machine, so it is no address here. */
function familyOf(text: string): 'ipv4' | 'ipv6' | undefined {
  if (isIPv4(text)) return 'ipv4'
  return isIPv6(text) && !text.includes('%') ? 'ipv6' : undefined
}
