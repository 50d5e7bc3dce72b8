/** Tests stand where their sources stand, and what a vendor declares is either built, listed and tested or known to be unbuilt. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { alibaba } from '../../src/dialect/alibaba/dialect.ts'
import { tencent } from '../../src/dialect/tencent/dialect.ts'
import { declaredActions } from '../../src/server/vendor.ts'
import { sourceFiles } from './source.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Folders of tests that belong to no single source file of the program. */
const CROSS_CUTTING =
  /^(architecture|attack|contract|scenario|crash|founding|fuzz|client|conformance|support|upgrade|engine|postgres|kubernetes|browser|package|bench)\//

const sources = sourceFiles('src')
const tests = sourceFiles('test').filter((file) => file.path.endsWith('.test.ts'))
/** Of each engine, the tests with the folder that they should mirror; those at the top are of the whole program. */
const engineTests = sourceFiles('engines')
  .filter((file) => /^[a-z]+\/test\/(?!(?:architecture|attack)\/).*\.test\.ts$/.test(file.path))
  .map((file) => {
    const folder = dirname(file.path).replace('/test', '/src')
    return [`engines/${file.path}`, join('engines', folder)] as const
  })
const dialects = [alibaba(), tencent()]

test('every test stands where its source stands', () => {
  const lost = tests
    .filter((file) => !CROSS_CUTTING.test(file.path))
    .map((file) => [file.path, join('src', dirname(file.path))] as const)
    .concat(engineTests)
    .filter(([, folder]) => !existsSync(join(ROOT, folder)))
    .map(([path]) => path)
  assert.deepEqual(lost, [])
})

test('every action file is listed in its dialect and has its mirrored test', () => {
  const files = sources.filter(
    (file) => /^dialect\/[^/]+\/[^/]+\//.test(file.path) && /=\s*action\(\{/.test(file.text),
  )
  const listed = new Set(
    dialects.flatMap((dialect) => dialect.actions.map(({ name }) => `${dialect.name} ${name}`)),
  )
  const wrong = files.flatMap((file) => {
    const name = /name: '([A-Za-z0-9]+)'/.exec(file.text)?.[1] ?? '?'
    const untested = !existsSync(join(ROOT, 'test', file.path.replace(/\.ts$/, '.test.ts')))
    return [
      ...(listed.has(`${file.path.split('/')[1]} ${name}`)
        ? []
        : [`${file.path}: ${name} is not listed`]),
      ...(untested ? [`${file.path} has no test`] : []),
    ]
  })
  assert.deepEqual(wrong, [])
  assert.equal(files.length, listed.size)
})

test('every built action is one that its vendor declares', () => {
  for (const dialect of dialects) {
    const products = declaredActions[dialect.name] ?? {}
    for (const { product, name } of dialect.actions)
      assert.ok(products[product]?.includes(name), `${product} ${name}`)
    const declared = Object.values(products).flat()
    assert.ok(declared.length >= 90, `${dialect.name} declares only ${declared.length} actions`)
  }
})
