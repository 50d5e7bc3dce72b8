/** Bytes that a client calls a bitmap: they are read on the thread that all sessions share. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../support/open-engine.ts'

/** Each container is one run of 65 536 members, in fourteen bytes. */
function imageOfRuns(containers: number): Buffer {
  const image = Buffer.alloc(5 + Math.ceil(containers / 8) + 14 * containers, 0xff)
  image.writeUInt8(2, 0)
  image.writeUInt32LE(12_347 + (containers - 1) * 65_536, 1)
  const heads = 5 + Math.ceil(containers / 8)
  for (let at = 0; at < containers; at += 1) {
    image.writeUInt16LE(at, heads + 4 * at)
    image.writeUInt32LE(1, heads + 8 * containers + 6 * at)
  }
  return image
}

const counted = (image: Uint8Array): string =>
  `SELECT bitmap_count(bitmap_from_binary(x'${Buffer.from(image).toString('hex')}'))`

test('some hundred bytes that stand for sixteen million members are refused', async (t) => {
  const { client } = await testClient(t)
  assert.deepEqual(await client.rows(counted(imageOfRuns(8))), [[8 * 65_536]])
  const error = await client.refusal(counted(imageOfRuns(256)))
  assert.match(error.message, /A bitmap of more than 1048576 members cannot be read/)
  assert.deepEqual(await client.rows('SELECT 1'), [[1]])
})

test('a larger bitmap is counted, but not written as bytes', async (t) => {
  const { client } = await testClient(t)
  const large = 'FROM TABLE(generate_series(1, 1048577)) t(x)'
  assert.deepEqual(await client.rows(`SELECT bitmap_count(bitmap_agg(x)) ${large}`), [[1_048_577]])
  const error = await client.refusal(`SELECT bitmap_to_base64(bitmap_agg(x)) ${large}`)
  assert.match(error.message, /Bitmaps of more than 1048576 members at once are too many/)
})

test('bytes of which each one was changed are a bitmap, NULL or refused', async (t) => {
  const { client } = await testClient(t)
  const whole = imageOfRuns(1)
  const changed = [...whole.keys()].flatMap((at) =>
    [0, 1, 0x7f, 0xff].map((byte) => {
      const image = Buffer.from(whole)
      image[at] = byte
      return image
    }),
  )
  for (const image of changed) {
    const [[count] = []] = await client.rows(counted(image))
    assert.ok(
      count === null || (typeof count === 'number' && count <= 65_536),
      image.toString('hex'),
    )
  }
})
