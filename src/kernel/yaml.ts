/** The YAML library, loaded on its first use: most servers and commands never read any. */
import { createRequire } from 'node:module'

type Yaml = typeof import('yaml')

const load = createRequire(import.meta.url)
let known: Yaml | undefined

export function yaml(): Yaml {
  return (known ??= load('yaml') as Yaml)
}
