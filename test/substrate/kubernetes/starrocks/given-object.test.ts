import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  catalogStatement,
  unmetGiven,
  givenObjectsOf,
  userStatements,
} from '../../../../src/substrate/kubernetes/starrocks/given-object.ts'

const rest = 'http://rest.example:8181'
const catalog = { name: 'lake', uri: rest }
const escape = (text: string) => `'${text.replaceAll("'", String.raw`\'`)}'`

test('an instance begins with the catalog that a server keeps, and the user', () => {
  assert.equal(givenObjectsOf({}), undefined)
  assert.deepEqual(
    givenObjectsOf({ catalog: { name: 'lake', type: 'iceberg', rest }, linkedUser: 'u' }),
    { catalog, user: 'u' },
  )
  assert.match(catalogStatement(catalog, escape), /"iceberg\.catalog\.uri" = 'http:/)
})

test('a user reads the catalog and nothing else, and those who are there stay as they are', () => {
  assert.deepEqual(userStatements({ catalog, user: 'u' }, 'pass', escape), [
    "CREATE USER IF NOT EXISTS 'u' IDENTIFIED BY 'pass'",
    "GRANT USAGE ON CATALOG `lake` TO USER 'u'",
    'SET CATALOG `lake`',
    "GRANT SELECT ON ALL TABLES IN ALL DATABASES TO USER 'u'",
  ])
  assert.equal(userStatements({ user: 'u' }, 'pass', escape).length, 1)
  for (const user of ['root', 'admin'])
    assert.deepEqual(userStatements({ catalog, user }, 'pass', escape), [])
})

test('catalogs that would need a key to the store are refused', () => {
  const whatOf = (...it: Parameters<typeof unmetGiven>) => {
    const unmet = unmetGiven(...it)
    return unmet && 'what' in unmet ? unmet.what : undefined
  }
  const served = { name: 'lake', type: 'iceberg', rest }
  assert.equal(whatOf({ catalog: served, linkedUser: 'u' }, '3.3.13'), undefined)
  assert.equal(
    whatOf({ catalog: { name: 'lake', type: 'iceberg' } }, '3.3.13'),
    'a catalog in a folder',
  )
  assert.equal(whatOf({ catalog: { ...served, type: 'paimon' } }, '3.3.13'), 'a catalog of paimon')
  assert.equal(whatOf({ linkedUser: 'u' }, '2.5.22'), 'a linked user')
})
