/**
 * Reads a raw request by its shape: coerces what a wire writes differently, fills defaults, and collects what is wrong.
 *
 * A shape is compiled once to nested functions. Refusals come in the documented order of both clouds: first what cannot be
 * read at all (unknown members, wrong types), then what is missing, then values, each in the order of declaration.
 */
import type { ParameterRefusal } from '../kernel/parameter-refusal.ts'
import { exampleText } from './example.ts'
import { readJson } from './json-text.ts'
import { MESSAGE_KEYWORD, type Static, type MessageSpec, type TSchema } from './shape.ts'

/** How a dialect writes values on its wire. */
export interface Convention {
  /** Members that are not declared. */
  readonly unknownMembers: 'refuse' | 'ignore'
  /** Whether `Cu` and `cu` are the same name. */
  readonly memberCase: 'exact' | 'insensitive'
  /** Whether a number is accepted where a text is declared. */
  readonly numberAsText: boolean
  /** Whether a list or object may come as JSON in a text (Alibaba's query strings). */
  readonly jsonInText: boolean
  /** What the wire calls its types in messages. */
  readonly typeNames: {
    readonly text: string
    readonly integer: string
    readonly decimal: string
    readonly flag: string
    readonly list: string
    readonly object: string
  }
}

export interface ReadResult<T> {
  readonly value: T
  /** Empty when the request may continue; else in the order in which they are reported. */
  readonly refusals: readonly ParameterRefusal[]
}

export type Read<T> = (raw: unknown) => ReadResult<T>

/** More refusals than this help no client, and a hostile request could cause millions. */
const REFUSALS_MAX = 20
/** Items of a list beyond its own bound; a list without a bound takes this many. */
const ITEMS_MAX = 1000

type Visit = (raw: unknown, path: string, sink: Sink) => unknown

interface Sink {
  readonly unreadable: ParameterRefusal[]
  readonly missing: ParameterRefusal[]
  readonly values: ParameterRefusal[]
}

type Schema = Readonly<Record<string, unknown>>
interface Switches extends MessageSpec {
  readonly trim?: boolean
  readonly pattern?: RegExp
  readonly ignoreCase?: boolean
  readonly aliases?: Readonly<Record<string, string>>
}

export function reader<S extends TSchema>(shape: S, convention: Convention): Read<Static<S>> {
  const visit = compile(shape as unknown as Schema, convention)
  return (raw) => {
    const sink: Sink = { unreadable: [], missing: [], values: [] }
    const value = visit(raw, '', sink) as Static<S>
    return {
      value,
      refusals: [...sink.unreadable, ...sink.missing, ...sink.values].slice(0, REFUSALS_MAX),
    }
  }
}

function compile(schema: Schema, convention: Convention): Visit {
  switch (schema['type']) {
    case 'object':
      return compileObject(schema, convention)
    case 'array':
      return compileList(schema, convention)
    case 'boolean':
      return compileFlag(schema, convention)
    case 'integer':
    case 'number':
      return compileNumber(schema, convention)
    case 'string':
      return compileText(schema, convention)
    default:
      throw new Error(`a request shape cannot hold ${JSON.stringify(schema)}`)
  }
}

interface Member {
  readonly name: string
  readonly visit: Visit
  readonly required: boolean
  readonly fallback: unknown
  readonly schema: Schema
}

function compileObject(schema: Schema, convention: Convention): Visit {
  const required = new Set((schema['required'] as string[] | undefined) ?? [])
  const fold =
    convention.memberCase === 'insensitive'
      ? (name: string) => name.toLowerCase()
      : (name: string) => name
  const members = new Map<string, Member>()
  for (const [name, child] of Object.entries(schema['properties'] as Record<string, Schema>)) {
    const fallback = child['default']
    const needed = required.has(name) && fallback === undefined
    members.set(fold(name), {
      name,
      visit: compile(child, convention),
      required: needed,
      fallback,
      schema: child,
    })
  }
  return (given, path, sink) => {
    const raw = convention.jsonInText && typeof given === 'string' ? parseJson(given) : given
    if (!isRecord(raw))
      return void addType(sink, { schema, path, given, expected: convention.typeNames.object })
    const found = new Map<Member, unknown>()
    for (const name of Object.keys(raw)) {
      const member = members.get(fold(name))
      if (member) found.set(member, raw[name])
      else if (convention.unknownMembers === 'refuse')
        add(sink.unreadable, {
          name: join(path, brief(name)),
          problem: 'unknown',
          allowed: [...members.values()].map((known) => known.name),
        })
    }
    const result: Record<string, unknown> = {}
    for (const member of members.values()) {
      const value = found.get(member)
      if (value !== undefined && value !== null) {
        const read = member.visit(value, join(path, member.name), sink)
        if (read !== undefined) result[member.name] = read
      } else if (member.fallback !== undefined) result[member.name] = member.fallback
      else if (member.required)
        add(sink.missing, {
          ...wordingOf(member.schema),
          name: join(path, member.name),
          problem: 'missing',
        })
    }
    return result
  }
}

function compileList(schema: Schema, convention: Convention): Visit {
  const visit = compile(schema['items'] as Schema, convention)
  const min = (schema['minItems'] as number | undefined) ?? 0
  const max = (schema['maxItems'] as number | undefined) ?? ITEMS_MAX
  return (given, path, sink) => {
    const raw = convention.jsonInText && typeof given === 'string' ? parseJson(given) : given
    const items = Array.isArray(raw) ? (raw as unknown[]) : indexed(raw)
    if (!items)
      return void addType(sink, { schema, path, given, expected: convention.typeNames.list })
    if (items.length < min || items.length > max) {
      add(sink.values, {
        ...wordingOf(schema),
        name: path,
        problem: 'value',
        value: `${items.length} items`,
        rule: `between ${min} and ${max} items`,
        min,
        max,
      })
    }
    return items.slice(0, max).map((item, at) => visit(item, join(path, String(at)), sink))
  }
}

function compileFlag(schema: Schema, convention: Convention): Visit {
  return (raw, path, sink) => {
    if (typeof raw === 'boolean') return raw
    const word = typeof raw === 'string' ? raw.toLowerCase() : undefined
    if (word === 'true' || word === 'false') return word === 'true'
    return void addType(sink, { schema, path, given: raw, expected: convention.typeNames.flag })
  }
}

function compileNumber(schema: Schema, convention: Convention): Visit {
  const whole = schema['type'] === 'integer'
  const expected = whole ? convention.typeNames.integer : convention.typeNames.decimal
  const min = schema['minimum'] as number | undefined
  const max = schema['maximum'] as number | undefined
  const allowed = schema['enum'] as readonly number[] | undefined
  return (raw, path, sink) => {
    const value = toNumber(raw, whole)
    if (value === undefined) return void addType(sink, { schema, path, given: raw, expected })
    const outside = (min !== undefined && value < min) || (max !== undefined && value > max)
    if (outside || (allowed && !allowed.includes(value))) {
      const bounds = {
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        ...(allowed ? { allowed } : {}),
      }
      add(sink.values, {
        ...wordingOf(schema),
        name: path,
        problem: 'value',
        value: String(value),
        ...bounds,
      })
    }
    return value
  }
}

function compileText(schema: Schema, convention: Convention): Visit {
  const { trim, pattern, ignoreCase, aliases, ...spec } = messageSpecOf(schema) as Switches
  const min = schema['minLength'] as number | undefined
  const max = schema['maxLength'] as number | undefined
  const allowed = schema['enum'] as readonly string[] | undefined
  const spelled =
    allowed && spellings(allowed, { ignoreCase: ignoreCase === true, aliases: aliases ?? {} })
  return (raw, path, sink) => {
    const asText = typeof raw === 'number' && convention.numberAsText ? String(raw) : raw
    if (typeof asText !== 'string')
      return void addType(sink, { schema, path, given: raw, expected: convention.typeNames.text })
    const value = trim ? asText.trim() : asText
    const declared = spelled ? spelled(value) : value
    const outside = !isOfLength(value, min, max)
    if (declared === undefined || outside || (pattern && !pattern.test(value))) {
      const bounds = {
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        ...(allowed ? { allowed } : {}),
      }
      const shown = spec.secret ? {} : { value: brief(value) }
      add(sink.values, { ...wordingOf(schema), name: path, problem: 'value', ...shown, ...bounds })
    }
    return declared ?? value
  }
}

/** Lengths are in code points, each of one or two units; nothing is counted where the units decide. */
function isOfLength(value: string, min = 0, max = Infinity): boolean {
  if (value.length > 2 * max || value.length < min) return false
  if (value.length <= max && value.length >= 2 * min) return true
  const length = [...value].length
  return length >= min && length <= max
}

function spellings(
  allowed: readonly string[],
  options: { ignoreCase: boolean; aliases: Readonly<Record<string, string>> },
) {
  const fold = options.ignoreCase ? (word: string) => word.toLowerCase() : (word: string) => word
  const table = new Map(allowed.map((word) => [fold(word), word]))
  for (const [alias, word] of Object.entries(options.aliases)) table.set(fold(alias), word)
  const longest = Math.max(...[...table.keys()].map((word) => word.length))
  return (value: string) => (value.length > longest ? undefined : table.get(fold(value)))
}

function messageSpecOf(schema: Schema): MessageSpec {
  return (schema[MESSAGE_KEYWORD] as MessageSpec | undefined) ?? {}
}

/** The part of a declaration that a refusal repeats. */
function wordingOf(
  schema: Schema,
): Pick<ParameterRefusal, 'code' | 'message' | 'label' | 'rule' | 'example'> {
  const { code, message, label, rule } = messageSpecOf(schema)
  const example = exampleText(schema)
  return {
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(label === undefined ? {} : { label }),
    ...(rule === undefined ? {} : { rule }),
    ...(example === undefined ? {} : { example }),
  }
}

function addType(
  sink: Sink,
  it: { schema: Schema; path: string; given: unknown; expected: string },
): void {
  const spec = messageSpecOf(it.schema)
  const shown = spec.secret ? {} : { value: outline(it.given) }
  const { code: _, ...rest } = wordingOf(it.schema)
  add(sink.unreadable, { ...rest, name: it.path, problem: 'type', expected: it.expected, ...shown })
}

/** The content of a list or object is not repeated: it may be secret, and deeper than can be written out. */
function outline(given: unknown): string {
  if (Array.isArray(given)) return given.length === 0 ? '[]' : '[…]'
  if (isRecord(given)) return '{…}'
  return brief(String(given))
}

function add(refusals: ParameterRefusal[], refusal: ParameterRefusal): void {
  if (refusals.length < REFUSALS_MAX) refusals.push(refusal)
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function brief(value: string): string {
  return value.length > 100 ? `${value.slice(0, 100)}…` : value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A flattened list (`Software.0`, `Software.1`) arrives as an object with numbers for names. */
function indexed(value: unknown): unknown[] | undefined {
  if (!isRecord(value)) return undefined
  const names = Object.keys(value)
  if (names.length === 0 || !names.every((name) => /^\d{1,6}$/.test(name))) return undefined
  return names.sort((a, b) => Number(a) - Number(b)).map((name) => value[name])
}

/** A list or object in a text; the text itself where it holds none, or one that is too deep or wide to be read. */
function parseJson(value: string): unknown {
  const read = readJson(Buffer.from(value))
  return 'value' in read ? read.value : value
}

/** Numbers may come as text where nothing is lost by reading them. */
function toNumber(raw: unknown, whole: boolean): number | undefined {
  const value = typeof raw === 'string' && /^-?\d{1,16}(\.\d{1,10})?$/.test(raw) ? Number(raw) : raw
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  if (whole && !Number.isSafeInteger(value)) return undefined
  return value
}
