import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { allowedAddress, isAllowed } from '../../../src/adapter/metadata-probe/address.ts'

test('loopback allows the addresses of this machine and no other', async () => {
  for (const host of ['127.0.0.1', '127.255.0.9', '::1', 'localhost', 'LocalHost'])
    assert.notEqual(await allowedAddress(host, 'loopback'), undefined, host)
  for (const host of ['10.0.0.1', '0.0.0.0', '169.254.169.254', '::', 'fe80::1', '::ffff:10.0.0.1'])
    assert.equal(await allowedAddress(host, 'loopback'), undefined, host)
})

test('loopback looks no name up: one that leads here and one that leads nowhere are the same to it', async () => {
  for (const host of [
    'db.example.com',
    '127.1',
    '0x7f000001',
    '2130706433',
    'localhost.',
    'nowhere.invalid',
  ])
    assert.equal(await allowedAddress(host, 'loopback'), undefined, host)
})

test('any allows what could be a database, and never a link-local, multicast or unspecified address', () => {
  for (const address of ['127.0.0.1', '10.0.0.1', '192.168.1.1', '8.8.8.8', '::1', '2001:db8::1'])
    assert.ok(isAllowed(address, 'any'), address)
  const never = [
    '0.0.0.0',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'ff02::1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::ffff:0.0.0.0',
  ]
  for (const address of never) assert.ok(!isAllowed(address, 'any'), address)
})

test('what loopback allows begins with 127, whatever the address', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      assert.equal(isAllowed(address, 'loopback'), address.startsWith('127.'))
    }),
  )
})
