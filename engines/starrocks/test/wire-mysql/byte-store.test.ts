import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { byteStore } from '../../src/wire-mysql/byte-store.ts'

test('bytes come out in the order in which they went in, however they are cut', () => {
  const step = fc.oneof(
    fc.record({ put: fc.uint8Array({ maxLength: 40 }) }),
    fc.record({ take: fc.nat(60) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const store = byteStore()
      let model = Buffer.alloc(0)
      for (const one of steps) {
        if ('put' in one) {
          store.append(Buffer.from(one.put))
          model = Buffer.concat([model, one.put])
        } else {
          const taken = store.take(one.take)
          assert.deepEqual(taken, model.subarray(0, one.take))
          model = model.subarray(one.take)
        }
        assert.equal(store.length, model.length)
        if (model.length > 0) assert.equal(store.peek(model.length - 1), model.at(-1))
      }
    }),
  )
})

test('what was taken out stays as it was while more bytes arrive', () => {
  const store = byteStore()
  store.append(Buffer.from('abc'))
  store.append(Buffer.from('def'))
  const taken = store.take(4)
  for (let index = 0; index < 5_000; index++) store.append(Buffer.from('zz'))
  assert.equal(taken.toString(), 'abcd')
  assert.equal(store.take(4).toString(), 'efzz')
})
