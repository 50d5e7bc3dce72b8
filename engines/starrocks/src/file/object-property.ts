/**
 * Properties of FILES(), of brokers and of exports. Each has its effect, is refused by name, or, being about the way to an object storage that
 * the instance has its own way to, is named in a warning.
 */
import { warn } from '../execution/statement-context.ts'
import type { SessionContext } from '../execution/statement-context.ts'
import type { Property } from '../sql/ast.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { objectError } from '../storage/object-path.ts'

/** Keys, endpoints and ways of authentication, as StarRocks' documentation spells them for each vendor. */
const OWN_WAY = /^(aws\.s3|fs\.(oss|cosn?|cosn\.[a-z]+|s3a?|s3n)|aliyun\.oss|hadoop\.)/i

/** Names under which a value may be a secret: no list of statements shows a text with one. */
const SECRET = /key|secret|token|password|credential/i

export const hasCredential = (properties: readonly Property[]): boolean =>
  properties.some(({ name }) => SECRET.test(name))

/** By lower-case name. Throws for one that is not `known`, is named twice or is no text. */
export function readProperties(
  context: SessionContext,
  properties: readonly Property[],
  it: { readonly of: string; readonly known: readonly string[] },
): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  const unused: string[] = []
  for (const { name, value } of properties) {
    const lower = name.toLowerCase()
    if (it.known.includes(lower)) values.set(lower, value)
    else if (OWN_WAY.test(lower)) unused.push(name)
    else throw unsupportedByEngine(`The property "${name.slice(0, 100)}" of ${it.of}`)
  }
  if (unused.length > 0)
    warn(
      context,
      1064,
      `The properties ${unused.join(', ')} are not used: the instance reaches its object storage with its own key`,
    )
  return values
}

export function wholeNumber(
  values: ReadonlyMap<string, string>,
  name: string,
  initial: number,
): number {
  const text = values.get(name)
  if (text === undefined) return initial
  const value = Number(text)
  if (!/^\d{1,15}$/.test(text)) throw objectError(`failed to parse ${name}: ${text.slice(0, 50)}`)
  return value
}

export function flag(values: ReadonlyMap<string, string>, name: string): boolean {
  const text = values.get(name)?.toLowerCase() ?? 'false'
  if (text !== 'true' && text !== 'false')
    throw objectError(`illegal value of ${name}: ${text.slice(0, 50)}, only true/false allowed`)
  return text === 'true'
}
