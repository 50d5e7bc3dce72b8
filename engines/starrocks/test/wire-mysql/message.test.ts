import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capability } from '../../src/wire-mysql/capability.ts'
import { writeColumn, writeEnd, writeError, writeOk } from '../../src/wire-mysql/message.ts'
import { packetOutput, takeFinished } from '../../src/wire-mysql/packet-output.ts'
import type { PacketOutput } from '../../src/wire-mysql/packet-output.ts'
import { payloadReader } from '../../src/wire-mysql/payload-reader.ts'
import { SqlError } from '../../src/session.ts'
import { column } from '../support/scripted-engine.ts'

test('an OK carries rows, flags, warnings and text', () => {
  const payload = written((out) =>
    writeOk(out, { affectedRows: 300, warnings: 2, info: 'hi', moreResults: true }),
  )
  assert.equal(payload.toString('hex'), '00fc2c01000a000200026869')
})

test('rows end in an EOF or in an OK that begins with 0xfe, as the client wishes', () => {
  assert.equal(written((out) => writeEnd(out, 0)).toString('hex'), 'fe00000200')
  const ok = written((out) => writeEnd(out, capability.deprecateEof, true))
  assert.equal(ok.toString('hex'), 'fe00000a000000')
})

test('an error carries number, state and message, and no state before capabilities are known', () => {
  const error = new SqlError('oops', 1064, '42000')
  assert.equal(written((out) => writeError(out, error)).toString('latin1', 3), '#42000oops')
  assert.equal(written((out) => writeError(out, error, true)).toString('latin1', 3), 'oops')
  assert.equal(written((out) => writeError(out, error)).readUInt16LE(1), 1064)
})

test('a state that is none becomes the general one, and a message is bounded', () => {
  const payload = written((out) => writeError(out, new SqlError('x'.repeat(100_000), 1105, 'no!')))
  assert.equal(payload.toString('latin1', 3, 9), '#HY000')
  assert.ok(payload.length < 5_000)
})

test('a column definition says type, character set, length, flags and digits', () => {
  const text = definition(column('näme', 'var_string', { length: 80, nullable: false }))
  assert.equal(text.name, 'näme')
  assert.deepEqual(text.numbers, [45, 80, 0xfd, 0x01, 0])
  assert.deepEqual(definition(column('c', 'blob')).numbers, [63, 1024, 0xfc, 0x90, 0])
  assert.deepEqual(
    definition(column('c', 'newdecimal', { decimals: 4 })).numbers,
    [63, 1024, 0xf6, 0x00, 4],
  )
  assert.deepEqual(definition(column('c', 'double')).numbers, [63, 1024, 0x05, 0x00, 31])
  assert.deepEqual(definition(column('c', 'tiny', { length: 1 })).numbers, [63, 1, 0x01, 0x00, 0])
})

test('the definition that COM_FIELD_LIST wants ends in a NULL default', () => {
  const payload = written((out) => writeColumn(out, column('c'), true))
  assert.equal(payload.at(-1), 0xfb)
})

function definition(of: ReturnType<typeof column>): { name: string; numbers: number[] } {
  const reader = payloadReader(written((out) => writeColumn(out, of)))
  const names = Array.from({ length: 6 }, () => reader.lenencBytes().toString())
  assert.deepEqual(names.slice(0, 4), ['def', 'shop', 't', 't'])
  assert.equal(reader.u8(), 0x0c)
  const numbers = [reader.u16(), reader.u32(), reader.u8(), reader.u16(), reader.u8()]
  assert.equal(reader.u16(), 0)
  assert.equal(reader.remaining, 0)
  return { name: names[4] ?? '', numbers }
}

function written(write: (out: PacketOutput) => void): Buffer {
  const out = packetOutput(1_000_000)
  write(out)
  return takeFinished(out).subarray(4)
}
