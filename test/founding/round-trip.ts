/**
 * What a client sends and reads back: for every member of a founding request the values that are tried, and the actions that show
 * them again. A member that no action shows says why; where its effect is seen stands in the row of the founding documents.
 */
import type { TSchema } from '../../src/shape/shape.ts'
import { membersOf, type Request } from './refusal.ts'

export interface RoundTrip<Seen> {
  readonly name: string
  readonly tries: readonly Try[]
  /** By the action and the member that shows it: how it is read. */
  readonly read: Readonly<Record<string, (seen: Seen, value: never) => unknown>>
}

export interface Try {
  readonly value: unknown
  /** What changes in the request. */
  readonly request: Request
  /** What is read back, where it is written in another way: a number's text, a flag for 0 and 1. */
  readonly shown?: unknown
}

/** A member that is not read back, with all that are within it. */
export interface Unread {
  readonly name: string
  readonly why: string
}

export interface RoundTrips<Seen> {
  readonly trips: readonly RoundTrip<Seen>[]
  readonly unread: readonly Unread[]
}

/** The names of a shape's members, as the founding documents' rows spell them. */
export function namesOf(shape: TSchema, spell: (name: string) => string): readonly string[] {
  const names = [...membersOf(shape)].map(({ path, schema }) => {
    const name = path.map((step) => (typeof step === 'number' ? 'N' : step)).join('.')
    return spell(schema.type === 'array' ? `${name}.N` : name)
  })
  return [...new Set(names)]
}

/** Members that neither come back nor say why. */
export function uncovered<Seen>(
  names: readonly string[],
  { trips, unread }: RoundTrips<Seen>,
): readonly string[] {
  const tried = new Set(trips.map(({ name }) => name))
  return names.filter(
    (name) =>
      !tried.has(name) &&
      !names.some((other) => other.startsWith(`${name}.`) && tried.has(other)) &&
      !unread.some((one) => name === one.name || name.startsWith(`${one.name}.`)),
  )
}

export function each<V>(values: readonly V[], request: (value: V) => Request): readonly Try[] {
  return values.map((value) => ({ value, request: request(value) }))
}

export function eachShown<V>(
  values: readonly V[],
  request: (value: V) => Request,
  shown: (value: V) => unknown,
): readonly Try[] {
  return values.map((value) => ({ value, request: request(value), shown: shown(value) }))
}
