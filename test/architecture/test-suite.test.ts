/** `npm test` needs only npm; what needs modules of engines is run by `npm run test:modules`, whole files at a time. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { test } from 'node:test'
import { testSuites } from '../../scripts/check/test-suite.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** As they stand in files, so that this one is none of them. */
const ASKING = ['skip', 'Without'].join('')
const MEASURING = ['held', 'Briefly'].join('')

test('each file is of one command: by the module that it asks for, by its folder, or of `npm test`', (t) => {
  const root = temporaryDirectory(t)
  mkdirSync(join(root, 'engines/one/test'), { recursive: true })
  mkdirSync(join(root, 'test/engine'), { recursive: true })
  mkdirSync(join(root, 'test/crash'), { recursive: true })
  mkdirSync(join(root, 'test/postgres'), { recursive: true })
  mkdirSync(join(root, 'test/kubernetes'), { recursive: true })
  mkdirSync(join(root, 'test/browser'), { recursive: true })
  mkdirSync(join(root, 'test/package'), { recursive: true })
  writeFileSync(join(root, 'test/package/k.test.ts'), `test('k', () => {})`)
  writeFileSync(join(root, 'test/browser/j.test.ts'), `test('j', () => {})`)
  writeFileSync(join(root, 'test/kubernetes/i.test.ts'), `test('i', () => {})`)
  writeFileSync(join(root, 'test/postgres/h.test.ts'), `test('h', () => {})`)
  writeFileSync(join(root, 'test/crash/f.test.ts'), `test('f', () => {})`)
  writeFileSync(join(root, 'engines/one/test/crash.test.ts'), `test('g', () => {})`)
  writeFileSync(join(root, 'test/engine/e.test.ts'), `test('e', { skip: ${ASKING}('x') })`)
  writeFileSync(join(root, 'engines/one/test/a.test.ts'), `test('a', { skip: ${ASKING}('x') })`)
  writeFileSync(join(root, 'test/b.test.ts'), `import { ${ASKING}Lake as skip } from 'x'`)
  writeFileSync(join(root, 'test/c.test.ts'), `test('c', () => {})`)
  writeFileSync(join(root, 'test/d.ts'), `export const ${ASKING}D = false`)
  writeFileSync(join(root, 'test/l.test.ts'), `${MEASURING}(client, ${ASKING}('x'))`)
  const suites = testSuites(root)
  const { plain, latency, modules, crash, postgres, kubernetes, engines, console } = suites
  const names = (files: readonly string[]) => files.map((file) => relative(root, file))
  assert.deepEqual(names(plain), ['test/c.test.ts'])
  assert.deepEqual(names(latency), ['test/l.test.ts'])
  assert.deepEqual(names(crash), ['engines/one/test/crash.test.ts', 'test/crash/f.test.ts'])
  assert.deepEqual(names(engines), ['test/engine/e.test.ts'])
  assert.deepEqual(names(postgres), ['test/postgres/h.test.ts'])
  assert.deepEqual(names(kubernetes), ['test/kubernetes/i.test.ts'])
  assert.deepEqual(names(console), ['test/browser/j.test.ts'])
  assert.deepEqual(names(suites.package), ['test/package/k.test.ts'])
  assert.deepEqual(names(modules), ['engines/one/test/a.test.ts', 'test/b.test.ts'])
})

test('no test that needs only npm stands in a file of modules, where `npm test` would not run it', () => {
  const { plain, modules } = testSuites(ROOT)
  assert.ok(plain.length > 500 && modules.length > 10, `${plain.length} and ${modules.length}`)
  const astray = modules.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split(/^ *test\(/m)
      .slice(1)
      .map((body) => body.slice(0, body.indexOf('=>')))
      .filter((head) => !/\bskip\b/.test(head))
      .map((head) => `${relative(ROOT, file)}: ${head.trim()}`),
  )
  assert.deepEqual(astray, [])
})
