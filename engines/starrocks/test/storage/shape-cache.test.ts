import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shapeCache } from '../../src/storage/shape-cache.ts'

test('what was found is looked for once; what was used longest ago goes first; a failure is not kept', async () => {
  const shapes = shapeCache(2)
  const looked: string[] = []
  const of = (key: string) =>
    shapes.of(key, async () => {
      looked.push(key)
      if (key === 'bad') throw new Error('bad')
      return key.toUpperCase()
    })
  assert.equal(await of('a'), 'A')
  assert.equal(await of('b'), 'B')
  assert.equal(await of('a'), 'A')
  assert.equal(await of('c'), 'C')
  assert.equal(await of('a'), 'A')
  assert.equal(await of('b'), 'B')
  await assert.rejects(of('bad'))
  await assert.rejects(of('bad'))
  shapes.clear()
  assert.equal(await of('a'), 'A')
  assert.deepEqual(looked, ['a', 'b', 'c', 'b', 'bad', 'bad', 'a'])
})
