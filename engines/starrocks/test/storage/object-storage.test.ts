import assert from 'node:assert/strict'
import { test } from 'node:test'
import { objectStorage } from '../../src/storage/object-storage.ts'
import type { Link } from '../../src/storage/link.ts'

const control = { run: async () => 0 } as unknown as Link

test('a pattern is DuckDB’s own only where it means the same and all of it may be read', async () => {
  const storage = objectStorage(control, {
    endpoint: 'http://127.0.0.1:1',
    region: 'r',
    prefixes: [
      { name: 'oss://bucket/in/', rights: ['read', 'list'] },
      { name: 'oss://bucket/listed/', rights: ['list'] },
    ],
  })
  assert.throws(() => storage.pattern('oss://bucket/in/*'), /has not been given the key/)
  await storage.setKey({ keyId: 'k', secret: 's' })
  assert.equal(storage.pattern('oss://bucket/in/a/*.csv'), 's3://bucket/in/a/*.csv')
  assert.equal(storage.pattern(' s3://bucket/in/x* '), 's3://bucket/in/x*')
  for (const other of [
    'oss://bucket/in/a.csv',
    'oss://bucket/in/*/a.csv',
    'oss://bucket/in/**',
    'oss://bucket/in/*a*',
    'oss://bucket/in/?*',
    'oss://bucket/in/[a]*',
    'oss://bucket/in/{a,b}*',
    'oss://bucket/in/a*,oss://bucket/out/a*',
  ])
    assert.equal(storage.pattern(other), undefined, other)
  for (const other of [
    'oss://bucket/listed/*',
    'oss://bucket/*',
    'oss://bucket/in*',
    'oss://other/in/*',
    'oss://bucket/in/../*',
    'oss://bucket/in/%2e%2e/*',
    'file:///etc/*',
  ])
    assert.throws(() => storage.pattern(other), /^SqlError: Access storage error/, other)
})
