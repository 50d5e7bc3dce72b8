import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { s3Request } from '../../src/kernel/s3.ts'
import { objectStoreServer, skipWithoutObjectStore } from '../support/engine/object-store.ts'

test(
  'a real object store understands what is signed, whatever is in the names, and refuses another key',
  { skip: skipWithoutObjectStore() },
  async (t) => {
    const store = await objectStoreServer(t, ['one'])
    const ask = (...[request, access = store]: [Parameters<typeof s3Request>[1], typeof store?]) =>
      s3Request(access, request, new Date())
    const path = "/one/a folder/it's (1) + ü*.txt"
    const put = await ask({ method: 'PUT', path, body: Buffer.from('content') })
    assert.equal(put.status, 200, put.body.toString())
    assert.equal(String((await ask({ method: 'GET', path })).body), 'content')
    assert.equal(readFileSync(join(store.directory, path), 'utf8'), 'content')
    const query = { 'list-type': '2', prefix: 'a folder/', delimiter: '/' }
    const listed = await ask({ method: 'GET', path: '/one', query })
    assert.match(String(listed.body), /<KeyCount>1<\/KeyCount>/)
    const wrong = { ...store, secret: 'another' }
    assert.equal((await ask({ method: 'GET', path }, wrong)).status, 403)
    assert.equal((await ask({ method: 'HEAD', path: '/two' })).status, 404)
    assert.equal((await ask({ method: 'DELETE', path })).status, 204)
    assert.equal((await ask({ method: 'GET', path })).status, 404)
  },
)
