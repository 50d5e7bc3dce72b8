/** `npm run docs`: writes docs/generated. A test compares, so that no page tells of a server that is no more. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { generatedDocs } from './docs/generated.ts'

const folder = join(resolve(import.meta.dirname, '..'), 'docs', 'generated')
mkdirSync(folder, { recursive: true })
for (const [name, text] of generatedDocs()) {
  writeFileSync(join(folder, name), text)
  process.stdout.write(`docs/generated/${name}\n`)
}
