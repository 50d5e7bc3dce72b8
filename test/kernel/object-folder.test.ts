import assert from 'node:assert/strict'
import { test } from 'node:test'
import { objectFolder } from '../../src/kernel/object-folder.ts'
import { objectStoreServer, skipWithoutObjectStore } from '../support/engine/object-store.ts'

const clock = { wall: () => Date.now() }

test(
  'a folder of a real store keeps objects, writes over none that it shall not',
  { skip: skipWithoutObjectStore() },
  async (t) => {
    const { endpoint, region, keyId, secret } = await objectStoreServer(t, ['one'])
    const folder = objectFolder({ endpoint, region, bucket: 'one', prefix: 'a/b/' }, clock)
    t.after(() => folder.close())
    await assert.rejects(folder.list(''), /its key was not given yet/)
    folder.setKey({ keyId, secret: 'another' })
    await assert.rejects(folder.put('x', Buffer.from('1')), /answers 403 SignatureDoesNotMatch/)
    folder.setKey({ keyId, secret })
    assert.equal(await folder.putNew('log/1', Buffer.from('first')), true)
    assert.equal(await folder.putNew('log/1', Buffer.from('second')), false)
    assert.equal(String(await folder.get('log/1', 5)), 'first')
    await assert.rejects(folder.get('log/1', 4), /longer than it can be/)
    assert.equal(await folder.get('log/2', 5), undefined)
    const names = Array.from({ length: 12 }, (_, index) => `log/${10_000 + index}`)
    for (const name of names) await folder.put(name, Buffer.from('x'))
    assert.deepEqual(await folder.list('log/1000'), names.slice(0, 10))
    assert.deepEqual(await folder.list(''), ['log/1', ...names])
    await folder.remove('log/1')
    await folder.remove('log/1')
    assert.deepEqual(await folder.list('log/'), names)
  },
)
