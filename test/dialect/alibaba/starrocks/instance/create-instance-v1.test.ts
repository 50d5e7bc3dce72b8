import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { reader } from '../../../../../src/shape/reader.ts'
import { alibaba } from '../../../../../src/dialect/alibaba/dialect.ts'
import { createInstanceV1 } from '../../../../../src/dialect/alibaba/starrocks/instance/create-instance-v1.ts'
import { createBody } from '../../../../support/http/alibaba-client.ts'

const read = reader(createInstanceV1.input, alibaba().convention)

function refusedNames(more: Record<string, unknown>): readonly string[] {
  return read(createBody(more)).refusals.map(({ name }) => name)
}

test('a password has 8 to 30 characters of three kinds, and of no other', () => {
  const good = ['1qaz@QAZ', 'Abcdefg1', 'abcdef1-', 'ABCDEF1.', 'Abcdefg_', `Aa1${'x'.repeat(27)}`]
  const bad = [
    'Abcdef1',
    'abcdefgh',
    'abcdefg1',
    'ABCDEFG1',
    'Abcdefgh',
    'Abcdefg1!',
    'Abcdef 1',
    'Äbcdefg1',
  ]
  for (const AdminPassword of good) assert.deepEqual(refusedNames({ AdminPassword }), [])
  for (const AdminPassword of [...bad, `Aa1${'x'.repeat(28)}`])
    assert.deepEqual(refusedNames({ AdminPassword }), ['AdminPassword'], AdminPassword)
})

test('a password is accepted exactly when its length, characters and kinds are right', () => {
  const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/, /[@#$%^*_+.-]/]
  const character = fc.constantFrom(...'aZ0@#$%^*_+.-! é')
  fc.assert(
    fc.property(fc.string({ unit: character, minLength: 5, maxLength: 33 }), (password) => {
      const right =
        password.length >= 8 &&
        password.length <= 30 &&
        !/[! é]/.test(password) &&
        kinds.filter((kind) => kind.test(password)).length >= 3
      assert.equal(refusedNames({ AdminPassword: password }).length === 0, right, password)
    }),
    { numRuns: 1000 },
  )
})

test('a refused password is not repeated', () => {
  const { refusals } = read(createBody({ AdminPassword: 'hunter2hunter2' }))
  assert.ok(!JSON.stringify(refusals).includes('hunter2'))
})

test('names may be of letters of any script, digits, underscores and hyphens', () => {
  for (const InstanceName of ['c1', 'my-starrocks', 'sr_test_1', '集群一', 'x'.repeat(64)])
    assert.deepEqual(refusedNames({ InstanceName }), [], InstanceName)
  for (const InstanceName of ['a b', 'a/b', 'a.b', 'x'.repeat(65), '😀'])
    assert.deepEqual(refusedNames({ InstanceName }), ['InstanceName'], InstanceName)
})

test('what becomes a user or a catalog of the database has a name that those can have', () => {
  const linked = (LinkedRamUserName: string) => refusedNames({ LinkedRamUserName })
  for (const name of ['analyst', 'a.user', 'a@team.example', 'x'.repeat(64)])
    assert.deepEqual(linked(name), [], name)
  for (const name of ['a b', "a'b", 'a%', 'ü', 'x'.repeat(65)])
    assert.deepEqual(linked(name), ['LinkedRamUserName'], name)
  const catalog = (DlfCatalogName: string) => refusedNames({ DlfCatalogName })
  for (const name of ['lake', 'Lake_1', '_lake', 'x'.repeat(64)])
    assert.deepEqual(catalog(name), [], name)
  for (const name of ['a-b', '1x', '__x', 'a/b', 'default_catalog', 'x'.repeat(65)])
    assert.deepEqual(catalog(name), ['DlfCatalogName'], name)
})

test('numbers may be texts, flags may be words, keys may be in any case', () => {
  const { value, refusals } = read(
    createBody({ AUTORENEW: 'True', duration: '12', FrontendNodeGroups: [{ Cu: '16' }] }),
  )
  assert.deepEqual(refusals, [])
  assert.deepEqual(value['AutoRenew'], true)
  assert.deepEqual(value['Duration'], 12)
  assert.deepEqual(value['FrontendNodeGroups'], [{ cu: 16 }])
})

test('a token is ASCII and has at most 64 characters', () => {
  assert.deepEqual(refusedNames({ ClientToken: 'x'.repeat(64) }), [])
  for (const ClientToken of ['x'.repeat(65), 'ü', 'a\u0007'])
    assert.deepEqual(refusedNames({ ClientToken }), ['ClientToken'])
})
