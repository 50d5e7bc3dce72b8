import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EnvironmentProblem, readDeclared } from '../../src/config/environment-file.ts'
import { builtInEnvironments } from '../../src/server/vendor.ts'

function read(member: string) {
  const text = `alibaba:\n  object-storage: ${member}\n`
  const { environments: all } = readDeclared(text, builtInEnvironments, 'open')
  assert.equal(all.get('emr')?.objectStorage, undefined)
  return all.get('starrocks')?.objectStorage
}

test('a cloud’s objects are kept on this machine, or at an address with a file of keys', () => {
  assert.deepEqual(read('{ endpoint: local }'), { kind: 'local' })
  const given = '{ endpoint: "https://s3.example.com:9000/", key-file: /run/keys/s3 }'
  assert.deepEqual(read(given), {
    kind: 'endpoint',
    endpoint: 'https://s3.example.com:9000',
    region: 'us-east-1',
    keyFile: '/run/keys/s3',
  })
})

test('a store of one’s own may keep the data of engines, in a bucket that no client has', () => {
  const base = 'endpoint: "https://s3.example.com", key-file: /run/keys/s3'
  for (const text of ['oss://own/engines', 'oss://own/engines/']) {
    const found = read(`{ ${base}, volumes: "${text}" }`)
    assert.deepEqual(found?.kind === 'endpoint' && found.volumes, {
      bucket: 'own',
      prefix: 'engines/',
    })
  }
  assert.throws(
    () => read(`{ ${base}, volumes: own/engines }`),
    /the volumes of object-storage must look like/,
  )
  assert.throws(() => read(`{ ${base}, volumes: oss://own/../x }`), /must hold no \. or \.\./)
  assert.throws(() => read('{ endpoint: local, volumes: oss://own }'), /takes no volumes/)
  const declared = `{ ${base}, volumes: oss://lake/x }\n  buckets: [{ id: lake }]`
  assert.throws(
    () => read(declared),
    /the bucket lake is the clients', and cannot hold the volumes/,
  )
})

test('what is wrong with it is said with its line', () => {
  const file = 'key-file: /run/keys/s3'
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['{}', /line 2: object-storage needs endpoint: local, or http/],
    ['{ endpoint: local, region: r }', /takes no region/],
    ['{ endpoint: "https://s3.example.com" }', /needs key-file: the absolute path/],
    ['{ endpoint: "https://s3.example.com", key-file: keys }', /needs key-file/],
    [`{ endpoint: "https://key:secret@s3.example.com", ${file} }`, /needs endpoint/],
    [`{ endpoint: "https://s3.example.com/path", ${file} }`, /needs endpoint/],
    [`{ endpoint: "https://s3.example.com/?a=1", ${file} }`, /needs endpoint/],
    [`{ endpoint: "ftp://s3.example.com", ${file} }`, /needs endpoint/],
    [`{ endpoint: "http://[::1]:9000", ${file} }`, /needs endpoint/],
    [
      `{ endpoint: "http://s3.example.com", region: "a b", ${file} }`,
      /the region of object-storage/,
    ],
    ['{ endpoint: local, secret: s }', /object-storage has no member secret/],
    ['local', /object-storage must be a mapping/],
  ]
  for (const [member, sentence] of wrong)
    assert.throws(
      () => read(member),
      (problem: Error) => problem instanceof EnvironmentProblem && sentence.test(problem.message),
      member,
    )
})
