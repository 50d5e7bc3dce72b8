import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readChangeUser, readClientAnswer, writeGreeting } from '../../src/wire-mysql/handshake.ts'
import { packetOutput, takeFinished } from '../../src/wire-mysql/packet-output.ts'
import { SqlError } from '../../src/session.ts'
import { BASIC, CAPABILITIES, helloPayload, saltOf } from '../support/raw-mysql-client.ts'

const ALL = 0xffff_ffff
const salt = Buffer.from('0123456789abcdefghij')

test('the greeting carries what the protocol description says, at its place', () => {
  const out = packetOutput(1_000)
  writeGreeting(out, { serverVersion: '5.1.0', connectionId: 77, salt, capabilities: 0x1234_5678 })
  const payload = takeFinished(out).subarray(4)
  assert.equal(payload[0], 10)
  assert.equal(payload.toString('latin1', 1, 7), '5.1.0\0')
  assert.equal(payload.readUInt32LE(7), 77)
  assert.equal(payload.readUInt16LE(20), 0x5678)
  assert.equal(payload.readUInt16LE(25), 0x1234)
  assert.equal(payload[27], 21)
  assert.deepEqual(saltOf(payload), salt)
  assert.equal(payload.toString('latin1', 50), '\0mysql_native_password\0')
})

test('a client answer reads back as it was sent', () => {
  const answer = readClientAnswer(
    helloPayload(salt, { user: 'jürgen', database: 'shop', plugin: 'other_plugin' }),
    ALL,
  )
  assert.ok(answer.kind === 'claim')
  assert.equal(answer.claim.user, 'jürgen')
  assert.equal(answer.claim.database, 'shop')
  assert.equal(answer.claim.plugin, 'other_plugin')
  assert.equal(answer.claim.proof.length, 20)
})

test('capabilities that were not offered are not taken', () => {
  const offered = BASIC
  const answer = readClientAnswer(
    helloPayload(salt, { capabilities: BASIC | CAPABILITIES.deprecateEof | 0x20 }),
    offered,
  )
  assert.ok(answer.kind === 'claim')
  assert.equal(answer.capabilities, BASIC)
})

test('connection attributes are read, and refused when they are cut', () => {
  const attributes = Buffer.from('\x05_name\x04demo\x01k\x00', 'latin1')
  const capabilities = BASIC | CAPABILITIES.attributes
  const payload = Buffer.concat([
    helloPayload(salt, { capabilities }),
    Buffer.from([attributes.length]),
    attributes,
  ])
  const answer = readClientAnswer(payload, ALL)
  assert.ok(answer.kind === 'claim')
  assert.deepEqual(
    [...answer.claim.attributes],
    [
      ['_name', 'demo'],
      ['k', ''],
    ],
  )
  assert.throws(() => readClientAnswer(payload.subarray(0, -1), ALL), { name: 'MalformedPacket' })
})

test('a request for TLS is distinguished from an answer by its size and its flag', () => {
  const request = helloPayload(salt, { capabilities: BASIC | CAPABILITIES.tls }).subarray(0, 32)
  assert.deepEqual(readClientAnswer(request, ALL), { kind: 'tls' })
  assert.throws(() => readClientAnswer(request, ALL & ~CAPABILITIES.tls), {
    name: 'MalformedPacket',
  })
})

test('clients from before MySQL 4.1 are refused by name', () => {
  for (const missing of [CAPABILITIES.protocol41, CAPABILITIES.secureConnection]) {
    const payload = helloPayload(salt, { capabilities: BASIC & ~missing })
    assert.throws(
      () => readClientAnswer(payload, ALL),
      (error) => error instanceof SqlError && error.errno === 1251,
    )
  }
})

test('every truncation of an answer is read, refused or malformed, and nothing else', () => {
  const whole = helloPayload(salt, {
    database: 'shop',
    capabilities: BASIC | CAPABILITIES.attributes,
  })
  for (let length = 0; length < whole.length; length++) {
    try {
      readClientAnswer(whole.subarray(0, length), ALL)
    } catch (error) {
      assert.ok(error instanceof SqlError || (error as Error).name === 'MalformedPacket')
    }
  }
})

test('a request to change the user reads back as it was sent', () => {
  const name = fc
    .string({ maxLength: 20 })
    .map((value) => value.replaceAll('\0', '').toWellFormed())
  fc.assert(
    fc.property(name, name, fc.uint8Array({ maxLength: 30 }), (user, database, proof) => {
      const payload = Buffer.concat([
        Buffer.from([0x11]),
        Buffer.from(`${user}\0`),
        Buffer.from([proof.length]),
        proof,
        Buffer.from(`${database}\0`),
        Buffer.from([45, 0]),
        Buffer.from('mysql_native_password\0'),
      ])
      const claim = readChangeUser(payload, BASIC)
      assert.equal(claim.user, user)
      assert.equal(claim.database, database || undefined)
      assert.deepEqual(claim.proof, Buffer.from(proof))
      assert.equal(claim.plugin, 'mysql_native_password')
    }),
  )
})
