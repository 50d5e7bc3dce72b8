/**
 * Wire values as data. A shape is a TypeBox schema (plain JSON Schema with a static type) whose members carry, beside their
 * bounds, how a refusal of them is worded. Everything else derives from it: reader, published OpenAPI, coverage pages and
 * the generated negative tests.
 *
 * Members are declared in the order in which they are checked: the first refusal in that order is the one a client receives.
 * A member is required unless wrapped in `optional` or given a `default`.
 */
import {
  Type,
  type Static,
  type TArray,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
  type TUnsafe,
} from './schema.ts'

export type { Static, TObject, TProperties, TSchema } from './schema.ts'

/** How the refusal of a member's value is worded. */
export interface MessageSpec {
  /** The dialect's own code for any refusal of this member's value, e.g. `InvalidParameter.InvalidZone`. */
  readonly code?: string
  /** A whole sentence for a refused value, where the vendor prescribes one. */
  readonly message?: string
  /** What the vendor's messages call the member, e.g. `Cu of fe`. */
  readonly label?: string
  /** A right value, which refusals of any other tell. */
  readonly example?: Example
  /** The rule in words, for patterns. */
  readonly rule?: string
  /** The value is never repeated in a message, log or trace. */
  readonly secret?: boolean
  readonly description?: string
}

type Example =
  | string
  | number
  | boolean
  | readonly Example[]
  | { readonly [member: string]: Example }

/** The keyword under which a schema carries its MessageSpec and the reader's switches. */
export const MESSAGE_KEYWORD = 'x-message'

interface TextOptions extends MessageSpec {
  readonly min?: number
  readonly max?: number
  readonly pattern?: RegExp
  readonly default?: string
  /** White space around the value is dropped (vendors' own examples carry stray line ends). */
  readonly trim?: boolean
}

interface NumberOptions extends MessageSpec {
  readonly min?: number
  readonly max?: number
  readonly allowed?: readonly number[]
  readonly default?: number
}

interface ChoiceOptions<V extends string> extends MessageSpec {
  readonly default?: V
  /** `Hadoop-Hbase` and `HADOOP-Hbase` are one; the declared spelling comes out. */
  readonly ignoreCase?: boolean
  /** Other spellings in use, to the declared value they mean. */
  readonly aliases?: Readonly<Record<string, V>>
}

export function text(options: TextOptions = {}): TUnsafe<string> {
  const { min, max, pattern, trim, default: value, ...spec } = options
  return Type.Unsafe<string>({
    type: 'string',
    ...present({ minLength: min, maxLength: max, pattern: pattern?.source, default: value }),
    ...carry({ ...spec, ...present({ trim, pattern }) }),
  })
}

export function integer(options: NumberOptions = {}): TUnsafe<number> {
  return number('integer', options)
}

export function decimal(options: NumberOptions = {}): TUnsafe<number> {
  return number('number', options)
}

export function flag(options: MessageSpec & { readonly default?: boolean } = {}): TUnsafe<boolean> {
  const { default: value, ...spec } = options
  return Type.Unsafe<boolean>({
    type: 'boolean',
    ...present({ default: value }),
    ...carry(spec),
  })
}

export function choice<const V extends string>(
  values: readonly V[],
  options: ChoiceOptions<V> = {},
): TUnsafe<V> {
  const { default: value, ignoreCase, aliases, ...spec } = options
  return Type.Unsafe<V>({
    type: 'string',
    enum: [...values],
    ...present({ default: value }),
    ...carry({ ...spec, ...present({ ignoreCase, aliases }) }),
  })
}

export function list<T extends TSchema>(
  items: T,
  options: MessageSpec & { readonly min?: number; readonly max?: number } = {},
): TArray<T> {
  const { min, max, ...spec } = options
  return Type.Array(items, { ...present({ minItems: min, maxItems: max }), ...carry(spec) })
}

export function object<P extends TProperties>(members: P, options: MessageSpec = {}): TObject<P> {
  return Type.Object(members, carry(options))
}

export function optional<T extends TSchema>(schema: T): TOptional<T> {
  return Type.Optional(schema) as TOptional<T>
}

/** For answers: a member that is always there, but may be null. */
export function nullable<T extends TSchema>(schema: T): TUnsafe<Static<T> | null> {
  return Type.Unsafe<Static<T> | null>({ anyOf: [schema, { type: 'null' }] })
}

/** For answers: values of one kind by names that no document lists. */
export function map<T extends TSchema>(values: T): TUnsafe<Readonly<Record<string, Static<T>>>> {
  return Type.Unsafe<Readonly<Record<string, Static<T>>>>({
    type: 'object',
    additionalProperties: values,
  })
}

function number(type: 'integer' | 'number', options: NumberOptions): TUnsafe<number> {
  const { min, max, allowed, default: value, ...spec } = options
  return Type.Unsafe<number>({
    type,
    ...present({ minimum: min, maximum: max, enum: allowed && [...allowed], default: value }),
    ...carry(spec),
  })
}

function carry(spec: object): Record<string, unknown> {
  return Object.keys(spec).length > 0 ? { [MESSAGE_KEYWORD]: spec } : {}
}

function present<T extends object>(members: T): { [name in keyof T]: Exclude<T[name], undefined> } {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as never
}
