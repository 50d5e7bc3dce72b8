/** Documents of a declared shape: what was stored is checked when it is loaded, so that its readers may rely on their types. */
import { schemaChecker } from '../kernel/schema-checker.ts'
import type { Static, TSchema } from './schema.ts'

/** Returns the value as it is. Throws an Error that names the first member that is wrong. */
export function documentReader<S extends TSchema>(schema: S): (value: unknown) => Static<S> {
  let checker: ReturnType<ReturnType<typeof schemaChecker>['Compile']> | undefined
  return (value) => {
    // Compiled on first use: a start has no documents yet.
    checker ??= schemaChecker().Compile(schema)
    if (checker.Check(value)) return value as Static<S>
    const [, [first]] = checker.Errors(value)
    throw new Error(`${first?.instancePath ?? ''} ${first?.message ?? 'is not of its shape'}`)
  }
}

/**
 * A document with its head. One from before shapes had versions carries none: its members are brought to the first version.
 */
export function withHead(
  value: unknown,
  head: Readonly<Record<string, unknown>>,
  upgrade: (members: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): unknown {
  const members = value as Readonly<Record<string, unknown>>
  return 'version' in members && 'dialect' in members ? members : { ...upgrade(members), ...head }
}
