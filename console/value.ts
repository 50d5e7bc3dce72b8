/**
 * Values of a form and the shapes that they are of: what a form begins with, how it changes, and what of it is sent. Pure, so that tests
 * fill in forms as pages do.
 */

export type Value =
  | string
  | number
  | boolean
  | readonly Value[]
  | { readonly [name: string]: Value }

export type Parameters = Readonly<Record<string, Value>>
export type Path = readonly (string | number)[]

/** What the server publishes of a shape, as far as forms need it. */
export interface Schema {
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly (string | number)[]
  readonly default?: Value
  readonly examples?: readonly Value[]
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly writeOnly?: boolean
}

export interface Offer {
  readonly values: readonly { readonly value: string | number; readonly text?: string }[]
  readonly only: boolean
}

export type Offers = Readonly<Record<string, Offer>>

/** A token by which the same order is placed once; the form sends one by itself. */
export const TOKEN = 'ClientToken'

/** Whether whoever fills it in has to say something: what has a default is filled in by the server. */
export function isNeeded(schema: Schema, name: string): boolean {
  return (schema.required ?? []).includes(name) && schema.properties?.[name]?.default === undefined
}

/** What a form begins with: what is needed, with the example of each, and what it is said to begin with. */
export function initialOf(schema: Schema, start: Parameters = {}): Parameters {
  const needed = Object.entries(schema.properties ?? {})
    .filter(([name]) => isNeeded(schema, name) && !(name in start))
    .map(([name, member]) => [name, beginning(member)] as const)
  return { ...Object.fromEntries(needed), ...start }
}

export function beginning(schema: Schema): Value {
  const [example] = schema.examples ?? []
  if (schema.writeOnly) return ''
  if (example !== undefined) return exampleWithoutSecrets(schema, example)
  if (schema.enum?.[0] !== undefined) return schema.enum[0]
  if (schema.type === 'object') return initialOf(schema)
  if (schema.type === 'array') return schema.items ? [beginning(schema.items)] : []
  if (schema.type === 'boolean') return false
  return schema.type === 'string' ? '' : (schema.minimum ?? 0)
}

function exampleWithoutSecrets(schema: Schema, value: Value): Value {
  if (typeof value !== 'object' || isList(value)) return value
  const kept = Object.entries(value).map(([name, member]) => [
    name,
    schema.properties?.[name]?.writeOnly ? '' : member,
  ])
  return Object.fromEntries(kept)
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

export function isObject(value: Value | undefined): value is { readonly [name: string]: Value } {
  return typeof value === 'object' && !Array.isArray(value)
}

/** As a field shows it. */
export function textOf(value: Value | undefined): string {
  if (value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function valueAt(value: Value | undefined, path: Path): Value | undefined {
  let found = value
  for (const step of path)
    found = isList(found) ? found[Number(step)] : isObject(found) ? found[step] : undefined
  return found
}

/** The same with another value at the path; undefined takes it out. */
export function withValue(value: Value, path: Path, next: Value | undefined): Value {
  const [step, ...rest] = path
  if (step === undefined) return next ?? value
  if (isList(value)) {
    const at = Number(step)
    if (rest.length === 0 && next === undefined) return value.filter((_, each) => each !== at)
    const items = [...value]
    items[at] = rest.length === 0 ? (next ?? '') : withValue(items[at] ?? {}, rest, next)
    return items
  }
  const members: Record<string, Value> = isObject(value) ? { ...value } : {}
  if (rest.length > 0) members[step] = withValue(members[step] ?? {}, rest, next)
  else if (next === undefined) delete members[step]
  else members[step] = next
  return members
}

/** What was left empty is not said, but where something has to be: the server tells what is missing. */
export function sendable(schema: Schema, value: Parameters): Parameters {
  const kept = Object.entries(value).flatMap(([name, member]) => {
    const shape = schema.properties?.[name]
    const cleaned = cleanedOf(shape ?? {}, member)
    return cleaned === undefined ? [] : [[name, cleaned] as const]
  })
  return Object.fromEntries(kept)
}

function cleanedOf(schema: Schema, value: Value): Value | undefined {
  if (value === '') return undefined
  if (isList(value))
    return value.flatMap((item) => {
      const cleaned = cleanedOf(schema.items ?? {}, item)
      return cleaned === undefined ? [] : [cleaned]
    })
  return isObject(value) ? sendable(schema, value) : value
}

/** The longest end of the path that something is offered for; numbers of items are `*`. */
export function offerAt(offers: Offers, path: Path): Offer | undefined {
  const steps = path.map((step) => (typeof step === 'number' ? '*' : step))
  for (let from = 0; from < steps.length; from++) {
    const found = offers[steps.slice(from).join('.')]
    if (found && found.values.length > 0) return found
  }
  return undefined
}

/** What cannot be had becomes the first that can: in another region, other zones and networks. */
export function adjusted(value: Value, offers: Offers, path: Path = []): Value {
  if (isList(value)) {
    const all = value.map((item, at) => adjusted(item, offers, [...path, at]))
    return [...new Set(all)]
  }
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        adjusted(member, offers, [...path, name]),
      ]),
    )
  const offer = offerAt(offers, path)
  if (!offer || offer.values.some((each) => each.value === value)) return value
  return offer.values[0]?.value ?? value
}

/** Those of the names that the shape has. */
export function membersFor(schema: Schema, value: Parameters): Parameters {
  const names = Object.keys(schema.properties ?? {})
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)))
}

/** Where a refusal is shown: at its parameter, or at the nearest one around it that the form shows. */
export function placeOf(name: string, value: Parameters): string {
  const steps = name.split('.')
  while (steps.length > 1 && valueAt(value, steps) === undefined) steps.pop()
  return steps.join('.')
}

/** What is typed in as a secret is not shown as code: a name stands for it. */
export function withoutSecrets(schema: Schema, value: Parameters): Parameters {
  const masked = (shape: Schema | undefined, it: Value, name: string): Value => {
    if (shape?.writeOnly) return `<${name}>`
    if (isList(it)) return it.map((each) => masked(shape?.items, each, name))
    return isObject(it) ? withoutSecrets(shape ?? {}, it) : it
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, it]) => [name, masked(schema.properties?.[name], it, name)]),
  )
}
