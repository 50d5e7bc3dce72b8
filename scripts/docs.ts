/**
 * `npm run docs`: writes docs/generated, all pages or none: first the tests that prove the page of the founding documents, then the
 * pages made from the declarations. A test compares, so that no page describes a server that is no more.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { generatedDocs } from './docs/generated.ts'

const root = resolve(import.meta.dirname, '..')
const folder = join(root, 'docs', 'generated')
mkdirSync(folder, { recursive: true })
const pages = generatedDocs()

// What these pages say must have been shown, so they are written by the tests that show it.
const tests = ['test/founding/founding.test.ts', 'test/founding/round-trip.test.ts']
const proof = spawnSync(process.execPath, ['--test', ...tests], {
  cwd: root,
  env: { ...process.env, EMRYS_DOCS: 'write' },
  stdio: ['ignore', 'pipe', 'inherit'],
  encoding: 'utf8',
})
if (proof.status === 0) {
  for (const [name, text] of pages) writeFileSync(join(folder, name), text)
  for (const name of ['founding-documents.md', 'round-trip.md', ...pages.keys()])
    process.stdout.write(`docs/generated/${name}\n`)
} else {
  process.stdout.write(
    `${proof.stdout}\nno page was written: a row of the founding documents failed\n`,
  )
}
process.exitCode = proof.status ?? 1
