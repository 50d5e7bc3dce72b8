/**
 * What a refusal tells: the parameter by its full path, the value unless it is secret, the rule, and a right value. Requests that
 * break a rule are made from the declarations where these say it all: a member of the wrong type, and one that is left out.
 */
import { exampleOf } from '../../src/shape/example.ts'
import type { TSchema } from '../../src/shape/shape.ts'

export type Request = Readonly<Record<string, unknown>>
export type Path = readonly (string | number)[]

export interface ReadRefusal {
  /** Positions from 0. */
  readonly name: string
  readonly value: string | undefined
  readonly rule: string
  /** Undefined where the parameter can only be left out. */
  readonly example: string | undefined
}

export interface Breach {
  readonly title: string
  readonly request: Request
  /** The parameter that is broken; undefined where the refusal may choose one of several. */
  readonly name?: string
}

interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly default?: unknown
}

export interface Member {
  readonly path: Path
  readonly schema: Schema
  readonly required: boolean
}

/** Every member of a shape and of the objects in it. */
export function* membersOf(shape: TSchema, at: Path = []): Generator<Member> {
  const { properties = {}, required = [] } = shape as Schema
  for (const [name, schema] of Object.entries(properties)) {
    const path = [...at, name]
    const needed = required.includes(name) && schema.default === undefined
    yield { path, schema, required: needed }
    const inner = schema.items ? { schema: schema.items, path: [...path, 0] } : { schema, path }
    if (inner.schema.type === 'object') yield* membersOf(inner.schema, inner.path)
    else if (schema.items) yield { ...inner, required: false }
  }
}

const WRONG: Readonly<Record<string, unknown>> = {
  string: { a: 1 },
  integer: 'one',
  boolean: 'maybe',
  array: 5,
  object: 5,
}

/** `around` is what a member needs beside it to be right at all. */
export function* declaredBreaches(
  shape: TSchema,
  plain: Request,
  around: Readonly<Record<string, Request>> = {},
): Generator<Breach> {
  for (const { path, schema, required } of membersOf(shape)) {
    const name = path.join('.')
    const base = { ...plain, ...around[name] }
    const wrong = WRONG[schema.type ?? '']
    yield { title: `${name} of the wrong type`, request: placed(base, path, wrong), name }
    if (!required) continue
    const whole = withParents(base, path, shape)
    yield { title: `${name} left out`, request: placed(whole, path, undefined), name }
  }
}

/** The request with the objects around the member, as their declarations show them. */
function withParents(base: Request, path: Path, shape: TSchema): Request {
  let schema = shape as Schema
  let request = base
  for (const [at, step] of path.slice(0, -1).entries()) {
    schema = (typeof step === 'number' ? schema.items : schema.properties?.[step]) ?? {}
    const outer = path.slice(0, at + 1)
    if (valueAt(request, outer) !== undefined) continue
    request = placed(request, outer, exampleOf(schema as Readonly<Record<string, unknown>>))
  }
  return request
}

export function valueAt(request: unknown, path: Path): unknown {
  let value = request
  for (const step of path) value = (value as Record<string | number, unknown> | undefined)?.[step]
  return value
}

/** A copy with the value there; objects and lists on the way are made. */
export function placed(request: Request, path: Path, value: unknown): Request {
  // Objects that the request has twice must not stay one.
  const copy = JSON.parse(JSON.stringify(request)) as Record<string, unknown>
  let node = copy as Record<string | number, unknown>
  for (const [at, step] of path.slice(0, -1).entries()) {
    node[step] ??= typeof path[at + 1] === 'number' ? [] : {}
    node = node[step] as Record<string | number, unknown>
  }
  const last = path.at(-1)!
  if (value === undefined) delete node[last]
  else node[last] = value
  return copy
}

export function pathOf(name: string): Path {
  return name.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}

/** As the client would send it: JSON where it is JSON. */
export function parsed(example: string, name: string): unknown {
  if (example === 'null') return null
  if (/ExtendFsField$|(Id|Zone|ersion)$/.test(name)) return example
  try {
    return JSON.parse(example)
  } catch {
    return example
  }
}
