import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DirectoryContent } from '../../../src/substrate/local/service.ts'
import { BASE, differences, entriesOf } from '../src/tree.ts'

const ann = { name: 'ann', number: 7, groupNumber: 9, remark: '', passwordHash: '{SSHA}x' }
const staff = { name: 'staff', number: 9, description: 'all', members: ['ann', 'bob'] }
const content: DirectoryContent = { users: [ann], groups: [staff] }
const ANN = `uid=ann,ou=People,${BASE}`
const STAFF = `cn=staff,ou=Group,${BASE}`

test('users are accounts below people, groups have the names of their users', () => {
  assert.deepEqual(Object.fromEntries(entriesOf(content)), {
    [STAFF]: {
      objectClass: ['posixGroup'],
      cn: ['staff'],
      gidNumber: ['9'],
      memberUid: ['ann', 'bob'],
      description: ['all'],
    },
    [ANN]: {
      objectClass: ['inetOrgPerson', 'posixAccount'],
      uid: ['ann'],
      cn: ['ann'],
      sn: ['ann'],
      uidNumber: ['7'],
      gidNumber: ['9'],
      homeDirectory: ['/home/ann'],
      userPassword: ['{SSHA}x'],
    },
  })
  const twice = { users: [ann, { ...ann, name: 'ANN' }], groups: [] }
  assert.deepEqual([...entriesOf(twice).keys()], [ANN])
})

test('only what differs is written, and what nobody wants goes, what lies below it before it', () => {
  const wanted = entriesOf(content)
  assert.deepEqual(differences(wanted, wanted), [])
  const there = new Map(
    [...wanted].map(([name, entry]) => [
      name.replace('ou=People', 'OU=people'),
      { ...entry, ...(entry['memberUid'] && { memberUid: ['bob', 'ann'] }) },
    ]),
  )
  assert.deepEqual(differences(there, wanted), [])
  there.set(`uid=eve,ou=People,${BASE}`, {})
  there.set(`cn=below,uid=eve,ou=People,${BASE}`, {})
  const changed = entriesOf({
    users: [{ ...ann, passwordHash: '{SSHA}y' }],
    groups: [
      { ...staff, description: '', members: [] },
      { ...staff, name: 'new' },
    ],
  })
  assert.deepEqual(differences(there, changed), [
    { kind: 'remove', name: `cn=below,uid=eve,ou=People,${BASE}` },
    { kind: 'remove', name: `uid=eve,ou=People,${BASE}` },
    { kind: 'change', name: STAFF, attributes: { memberUid: [], description: [] } },
    {
      kind: 'add',
      name: `cn=new,ou=Group,${BASE}`,
      entry: changed.get(`cn=new,ou=Group,${BASE}`),
    },
    { kind: 'change', name: ANN, attributes: { userPassword: ['{SSHA}y'] } },
  ])
})
