/** `npm run docs`: writes docs/generated. A test compares, so that no page tells of a server that is no more. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { generatedDocs } from './docs/generated.ts'

const root = resolve(import.meta.dirname, '..')
const folder = join(root, 'docs', 'generated')
mkdirSync(folder, { recursive: true })
for (const [name, text] of generatedDocs()) {
  writeFileSync(join(folder, name), text)
  process.stdout.write(`docs/generated/${name}\n`)
}

// What the page of the founding documents says must have been shown, so it is written by the test that shows it.
const proof = spawnSync(process.execPath, ['--test', 'test/founding/founding.test.ts'], {
  cwd: root,
  env: { ...process.env, EMRYS_DOCS: 'write' },
  stdio: ['ignore', 'pipe', 'inherit'],
  encoding: 'utf8',
})
process.stdout.write(proof.status === 0 ? 'docs/generated/founding-documents.md\n' : proof.stdout)
process.exitCode = proof.status ?? 1
