/** Documents and the repository say the same: what they name is there, and what is there is named. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const ROOT = resolve(import.meta.dirname, '../..')
const under = (...patterns: string[]): readonly string[] => globSync(patterns, { cwd: ROOT })
const documents = under(
  '*.md',
  'docs/**/*.md',
  'engines/*/*.md',
  'clients/*/*.md',
  'examples/**/*.md',
)
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

test('the map of the code names every folder', () => {
  const map = textOf('ARCHITECTURE.md')
  const parts = ['src', 'engines'].flatMap((parent) =>
    readdirSync(join(ROOT, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `\`${parent}/${name}`),
  )
  const others = ['bench', 'charts', 'clients', 'console', 'examples', 'scripts', 'test']
  for (const folder of [...parts, ...others.map((name) => `\`${name}`)])
    assert.ok(map.includes(folder), folder)
})

test('each source that a document names is there', () => {
  const folders = '{src,engines,test,scripts,console,bench,clients}'
  const sources = under(`${folders}/**/*.{ts,tsx,mjs}`).map((file) => `/${file}`)
  for (const file of documents)
    // Capitals stand for a name: `engines/NAME/service.ts`.
    for (const [, named = ''] of textOf(file).matchAll(/`([\w./-]+\.(?:tsx?|mjs))`/g))
      if (!/[A-Z]{3}/.test(named))
        assert.ok(
          sources.some((source) => source.endsWith(`/${named}`)),
          `${file} names ${named}`,
        )
})

test('each decision and script that a document names is there', () => {
  const decisions = new Set(
    readdirSync(join(ROOT, 'docs/adr')).map((name) => Number(name.slice(0, 4))),
  )
  const { scripts } = JSON.parse(textOf('package.json')) as {
    scripts: Readonly<Record<string, string>>
  }
  for (const file of documents) {
    const text = textOf(file)
    for (const [, number] of text.matchAll(/\b(?:decision|ADR) (\d+)/g))
      assert.ok(decisions.has(Number(number)), `${file} names decision ${number}`)
    for (const [, script = ''] of text.matchAll(/`npm run ([a-z][a-z:-]*)/g))
      assert.ok(script in scripts, `${file} names npm run ${script}`)
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g))
      assert.ok(existsSync(join(ROOT, file, '..', target)), `${file} links to ${target}`)
  }
})
