/**
 * TypeBox's builder, as far as shapes and documents need it: the same plain JSON Schema with the same static types, which are TypeBox's
 * own. Its module would load more than five hundred others into every server, to build what is written down here.
 */
import type { Type as TypeBox } from 'typebox'

export type { Static, TObject, TOptional, TProperties, TSchema } from 'typebox'
export type { TArray, TUnsafe } from 'typebox'

type Options = Readonly<Record<string, unknown>>
type Builder = Pick<
  typeof TypeBox,
  | 'Array'
  | 'Boolean'
  | 'Integer'
  | 'Literal'
  | 'Null'
  | 'Number'
  | 'Object'
  | 'Optional'
  | 'Record'
  | 'String'
  | 'Union'
  | 'Unknown'
  | 'Unsafe'
>

/** Members that an object may lack. A mark in the schema itself would have to stay out of what is published of it. */
const optionals = new WeakSet<object>()

const builder = {
  Array: (items: object, options?: Options) => ({ type: 'array', items, ...options }),
  Boolean: (options?: Options) => ({ type: 'boolean', ...options }),
  Integer: (options?: Options) => ({ type: 'integer', ...options }),
  Literal: (value: string | number | boolean) => ({ type: typeof value, const: value }),
  Null: () => ({ type: 'null' }),
  Number: (options?: Options) => ({ type: 'number', ...options }),
  Object(properties: Readonly<Record<string, object>>, options?: Options) {
    const required = Object.keys(properties).filter((name) => !optionals.has(properties[name]!))
    return { type: 'object', ...(required.length > 0 && { required }), properties, ...options }
  },
  Optional(schema: object) {
    const optional = { ...schema }
    optionals.add(optional)
    return optional
  },
  Record(key: { readonly pattern?: string }, values: object, options?: Options) {
    return { type: 'object', patternProperties: { [key.pattern ?? '^.*$']: values }, ...options }
  },
  String: (options?: Options) => ({ type: 'string', ...options }),
  Union: (anyOf: readonly object[]) => ({ anyOf }),
  Unknown: () => ({}),
  Unsafe: (schema: object) => schema,
}

export const Type = builder as unknown as Builder
