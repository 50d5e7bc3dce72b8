import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  listenAddress,
  nodeAddress,
  portsOn,
} from '../../../src/substrate/local/loopback-address.ts'

test('nodes get the first address that is free, beginning with the instance’s own', () => {
  const host = '127.77.3.9'
  assert.equal(nodeAddress(host, new Set()), host)
  assert.equal(nodeAddress(host, new Set([host, '127.78.3.9', '127.80.3.9'])), '127.79.3.9')
  const held = new Set<string>()
  for (let count = 0; count < 255; count++) held.add(nodeAddress(host, held))
  assert.equal(held.size, 255)
})

test('where the machine has one address only, ports differ instead', async () => {
  assert.equal(listenAddress('127.0.0.1', new Set(['127.0.0.1'])), '127.0.0.1')
  const ports = await portsOn('127.0.0.1', [9030, 8030])
  assert.equal(new Set(ports).size, 2)
  assert.deepEqual(await portsOn('127.77.3.9', [9030, 8030]), [9030, 8030])
})
