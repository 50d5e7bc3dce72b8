import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseStatements } from '../../../../engines/starrocks/src/sql/parse.ts'
import {
  volumeIn,
  unmetVolume,
  volumeStatements,
} from '../../../../src/substrate/kubernetes/starrocks/storage-volume.ts'

const storage = {
  endpoint: 'https://store.example:9000',
  region: 'r-1',
  prefixes: [],
  volume: { bucket: 'data', prefix: 'sr/c-1/' },
}
const volume = volumeIn(storage, { keyId: 'id', secret: "se'cret" })

test('a folder of the volumes’ place, without a slash behind it', () => {
  assert.equal(volume.location, 's3://data/sr/c-1')
  const whole = { ...storage, volume: { bucket: 'data', prefix: '' } }
  assert.equal(volumeIn(whole, { keyId: 'a', secret: 'b' }).location, 's3://data')
})

test('a volume needs a store that pods reach, and a place there', () => {
  assert.equal(unmetVolume(storage), undefined)
  assert.match(unmetVolume(null) ?? '', /nothing keeps/)
  assert.match(unmetVolume(undefined) ?? '', /nothing keeps/)
  const { volume: _volume, ...without } = storage
  assert.match(unmetVolume(without) ?? '', /names no volumes/)
  for (const host of ['127.0.0.1:1', 'localhost', '[::1]:9000'])
    assert.match(unmetVolume({ ...storage, endpoint: `http://${host}` }) ?? '', /no pod reaches/)
})

test('what front ends are sent is SQL as our own engine reads it, with texts that stay texts', () => {
  const escape = (text: string) => `'${text.replaceAll("'", String.raw`\'`)}'`
  const statements = volumeStatements(volume, escape)
  for (const statement of statements) assert.equal(parseStatements(statement).length, 1, statement)
  assert.deepEqual(
    statements.map((statement) => statement.split(' ').slice(0, 3).join(' ')),
    ['CREATE STORAGE VOLUME', 'ALTER STORAGE VOLUME', 'SET emrys AS'],
  )
  assert.match(statements[0] ?? '', /"aws\.s3\.secret_key" = 'se\\'cret'/)
})
