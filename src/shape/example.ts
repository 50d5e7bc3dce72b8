/**
 * A right value of a shape, for refusals of a wrong one. It is made of what the declarations say: of an object its required
 * members, of a list one item. A shape that declares none has none.
 */
import { MESSAGE_KEYWORD, type MessageSpec } from './shape.ts'

type Schema = Readonly<Record<string, unknown>>

/** As a client writes it: a text by itself, anything else as JSON. */
export function exampleText(schema: Schema): string | undefined {
  const value = exampleOf(schema)
  if (value === undefined) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function exampleOf(schema: Schema): unknown {
  const { example } = (schema[MESSAGE_KEYWORD] as MessageSpec | undefined) ?? {}
  if (example !== undefined) return example
  if (schema['type'] === 'array') return listOf(exampleOf(schema['items'] as Schema))
  return schema['type'] === 'object' ? objectOf(schema) : undefined
}

function listOf(item: unknown): unknown {
  return item === undefined ? undefined : [item]
}

/** Without required members, the first one that declares an example. */
function objectOf(schema: Schema): unknown {
  const members = Object.entries(schema['properties'] as Record<string, Schema>)
  const required = new Set((schema['required'] as string[] | undefined) ?? [])
  const needed = members.filter(
    ([name, child]) => required.has(name) && child['default'] === undefined,
  )
  const shown = (needed.length > 0 ? needed : members)
    .map(([name, child]) => [name, exampleOf(child)] as const)
    .filter(([, value]) => value !== undefined)
  const chosen = needed.length > 0 ? shown : shown.slice(0, 1)
  return chosen.length > 0 ? Object.fromEntries(chosen) : undefined
}
