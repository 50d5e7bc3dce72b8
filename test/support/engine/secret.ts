/** Whether anything of a data directory holds what nobody shall read there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Names of files and the secret of each that holds one. */
export function filesHolding(directory: string, secrets: readonly string[]): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name)
      const content = readFileSync(path)
      const found = secrets.find((secret) => content.includes(secret))
      return found === undefined ? [] : [`${path}: ${found}`]
    })
}
