import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bitmapFromBytes, bitmapToBytes } from '../../src/native/bitmap-format.ts'

const bytesOf = (members: readonly bigint[]): Uint8Array =>
  bitmapToBytes(BigUint64Array.from(members))

const range = (from: number, count: number, step = 1): bigint[] =>
  Array.from({ length: count }, (_, at) => BigInt(from) + BigInt(at * step))

const shapes: Readonly<Record<string, readonly bigint[]>> = {
  'a list': range(1, 32),
  'arrays without runs': range(0, 40, 3),
  'a bitset': range(0, 20_000, 3),
  'runs, and no table of offsets': [...range(1, 200), ...range(900, 11)],
  'more containers than a byte has flags': range(0, 2000, 70_000),
  'halves above 32 bits': [...range(1, 20), ...range(17_179_869_184, 101)],
  'a run that fills a container': range(65_536, 65_536),
}

for (const [name, members] of Object.entries(shapes))
  test(`what was written is read again: ${name}`, () => {
    assert.deepEqual([...(bitmapFromBytes(bytesOf(members)) ?? [])], members)
  })

test('bytes that another program wrote are read', () => {
  const image = (hex: string) => bitmapFromBytes(Buffer.from(hex, 'hex'))
  assert.equal(image('023B300000010000D20002000100C70084030A00')?.length, 211)
  const parts = image(
    '0402000000003A3000000100000000001300100000000100020003000400050006000700080009000A000B000C000D000E000F0010001100120013001400040000003B3000000100006400010000006400',
  )
  assert.deepEqual([...(parts ?? [])], [...range(1, 20), ...range(17_179_869_184, 101)])
})

test('members that do not ascend are sorted, each once', () => {
  const list = Buffer.from('0A03000000', 'hex')
  const members = [7n, 2n, 7n].map((member) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64LE(member)
    return bytes
  })
  assert.deepEqual(bitmapFromBytes(Buffer.concat([list, ...members])), BigUint64Array.of(2n, 7n))
})

test('an image of a hundred bytes that stands for more than a million members is refused before they are made', () => {
  const containers = 17
  const image = Buffer.alloc(5 + 3 + 14 * containers, 0xff)
  image.writeUInt8(2, 0)
  image.writeUInt32LE(12_347 + (containers - 1) * 65_536, 1)
  for (let at = 0; at < containers; at += 1) {
    image.writeUInt16LE(at, 8 + 4 * at)
    const run = 8 + 8 * containers + 6 * at
    image.writeUInt16LE(1, run)
    image.writeUInt16LE(0, run + 2)
  }
  const before = process.threadCpuUsage()
  assert.throws(() => bitmapFromBytes(image), /more than 1048576 members/)
  const { user, system } = process.threadCpuUsage(before)
  assert.ok(user + system < 1_000_000)
})

test('what is cut off or made to do harm is no bitmap', () => {
  const whole = bytesOf(shapes['a bitset'] ?? [])
  for (let length = 0; length < 40; length += 1)
    assert.equal(bitmapFromBytes(whole.subarray(0, length)), undefined, `${length} bytes`)
  const refused = [
    '05',
    '0AFFFFFFFF',
    '023A300000FFFFFFFF',
    '04FFFFFFFFFFFF',
    '023B300000010000FFFF0100FFFFFFFF',
  ]
  for (const hex of refused) assert.equal(bitmapFromBytes(Buffer.from(hex, 'hex')), undefined, hex)
})
