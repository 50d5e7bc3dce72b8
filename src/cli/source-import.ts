/**
 * How imports between the sources of a checkout find their files. Each names its file in full, so that the address follows from the two
 * names. Node would ask the file system for each of a thousand, for links on the way to it and for the package.json that says how it is
 * read: a third of a start. What is not one of ours, it still finds itself.
 */
import { registerHooks } from 'node:module'

/** From now on, in this process. */
export function findSourcesByName(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const { parentURL } = context
      if (!isSource(specifier) || !specifier.startsWith('.') || !parentURL || !isSource(parentURL))
        return next(specifier, context)
      const { href: url } = new URL(specifier, parentURL)
      return { url, format: 'module-typescript', shortCircuit: true }
    },
  })
}

function isSource(name: string): boolean {
  return name.endsWith('.ts')
}
