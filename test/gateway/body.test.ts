import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { readBody } from '../../src/gateway/body.ts'
import { limits } from '../../src/limits.ts'

function pieces(sizes: Iterable<number>): Readable {
  const whole: Buffer[] = []
  let at = 0
  for (const size of sizes) whole.push(Buffer.from(Array.from({ length: size }, () => at++ % 251)))
  return Readable.from(whole, { objectMode: false, highWaterMark: 1 })
}

function source(count: number, size: number): Readable {
  const piece = Buffer.alloc(size, 'a')
  let left = count
  return new Readable({
    read() {
      this.push(left-- > 0 ? piece : null)
    },
  })
}

test('a body comes out as it went in, however it was cut', async () => {
  for (const sizes of [[], [1], [0, 5], [20_000], [1, 16_383, 1, 1, 40_000], Array(300).fill(7)]) {
    const length = sizes.reduce((sum, size) => sum + size, 0)
    const whole = Buffer.from(Array.from({ length }, (_, at) => at % 251))
    assert.deepEqual(await readBody(pieces(sizes), undefined), whole)
    assert.deepEqual(await readBody(pieces(sizes), length), whole)
  }
})

test('a body up to the bound is taken, and one beyond it is not, announced or not', async () => {
  const megabytes = limits.bodyBytes / 65_536
  assert.equal((await readBody(source(megabytes, 65_536), undefined)).length, limits.bodyBytes)
  const tooLarge = { code: 'RequestTooLarge', facts: { limitBytes: limits.bodyBytes } }
  await assert.rejects(readBody(source(megabytes + 1, 65_536), undefined), tooLarge)
  await assert.rejects(readBody(source(0, 1), limits.bodyBytes + 1), tooLarge)
})

test('a body in crumbs is refused; one that begins with some is not', async () => {
  await assert.rejects(readBody(source(limits.bodyPieces + 1, 1), undefined), {
    code: 'RequestMalformed',
    facts: { detail: 'the body comes in too many pieces' },
  })
  const slow = await readBody(source(limits.bodyPieces, 1), undefined)
  assert.equal(slow.length, limits.bodyPieces)
  const usual = await readBody(source(limits.bodyPieces + 9, 100), undefined)
  assert.equal(usual.length, (limits.bodyPieces + 9) * 100)
})

test('a body that ends before its announced length, or breaks off, is refused', async () => {
  const cut = { code: 'RequestMalformed', facts: { detail: 'the body is not whole' } }
  await assert.rejects(readBody(source(1, 5), 6), cut)
  const broken = new Readable({
    read() {
      this.destroy(new Error('the peer is gone'))
    },
  })
  await assert.rejects(readBody(broken, undefined), cut)
  const gone = source(1, 5).destroy()
  await assert.rejects(readBody(gone, 5), cut)
})
