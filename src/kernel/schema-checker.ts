/** TypeBox's checker of JSON schemas, loaded on its first use: of a checkout it is 235 files, and a server that is new has no document to check. */
import { createRequire } from 'node:module'
import { programFile } from './place.ts'

type Checker = typeof import('./schema-checker-library.ts')

const load = createRequire(import.meta.url)
let known: Checker | undefined

export function schemaChecker(): Checker {
  return (known ??= load(programFile('src/kernel/schema-checker-library')) as Checker)
}
