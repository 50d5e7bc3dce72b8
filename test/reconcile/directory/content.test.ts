import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Directory, DirectoryUser } from '../../../src/domain/directory.ts'
import { contentOf } from '../../../src/reconcile/directory/content.ts'

const userOf = (name: string, members: Partial<DirectoryUser> = {}): DirectoryUser => ({
  name,
  group: 'staff',
  groups: [],
  remark: '',
  password: `sealed ${name}`,
  createdMs: 0,
  ...members,
})

const directoryOf = (users: readonly DirectoryUser[], groups: readonly string[]): Directory => ({
  id: 'emr-1',
  account: '1',
  users,
  groups: groups.map((name) => ({ name, description: `of ${name}`, createdMs: 0 })),
})

const open = ({ name }: DirectoryUser) => `password of ${name}`

test('the same record gives the same content, and another password another hash', () => {
  const directory = directoryOf(
    [userOf('ann', { groups: ['dev'] }), userOf('bob')],
    ['staff', 'dev'],
  )
  const content = contentOf(directory, open)
  assert.deepEqual(contentOf(directory, open), content)
  assert.deepEqual(
    content.groups.map(({ name, members }) => [name, members]),
    [
      ['staff', ['ann', 'bob']],
      ['dev', ['ann']],
    ],
  )
  const [ann, bob] = content.users
  assert.equal(ann?.groupNumber, content.groups[0]?.number)
  assert.ok(ann && bob && ann.number !== bob.number && ann.number >= 10_000)
  assert.match(ann.passwordHash, /^\{SSHA\}/)
  assert.ok(!JSON.stringify(content).includes('password of'))
  const changed = contentOf(directoryOf([userOf('ann', { password: 'again' })], []), open)
  assert.notEqual(changed.users[0]?.passwordHash, ann.passwordHash)
  // Its first group is gone, and keeps its number.
  assert.equal(changed.users[0]?.groupNumber, ann.groupNumber)
})

test('five hundred users have as many numbers', () => {
  const users = Array.from({ length: 500 }, (_, at) => userOf(`u${at}`))
  const { users: all } = contentOf(directoryOf(users, ['staff']), open)
  assert.equal(new Set(all.map(({ number }) => number)).size, 500)
  assert.ok(all.every(({ number }) => number >= 10_000 && number < 2 ** 31 + 500))
})
