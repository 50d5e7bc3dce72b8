/** A shape as others read it: JSON Schema without what only our own reader needs; of a message spec, the description and an example stay. */
import { MESSAGE_KEYWORD, type MessageSpec } from './shape.ts'

export type Schema = Readonly<Record<string, unknown>>

export function published(schema: unknown): Schema {
  return clean(schema) as Schema
}

function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value !== 'object' || value === null) return value
  const spec = (value as Record<string, unknown>)[MESSAGE_KEYWORD] as MessageSpec | undefined
  const members = Object.entries(value)
    .filter(([name]) => name !== MESSAGE_KEYWORD)
    .map(([name, member]) => [name, clean(member)] as const)
  const { description, example, secret } = spec ?? {}
  return {
    ...Object.fromEntries(members),
    ...(description === undefined ? {} : { description }),
    ...(example === undefined || secret ? {} : { examples: [example] }),
    ...(secret === true ? { format: 'password', writeOnly: true } : {}),
  }
}
