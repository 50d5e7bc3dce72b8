import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  emptyDirectory,
  membersOf,
  withMembers,
  withoutGroup,
  withoutUsers,
  withUser,
  withUsers,
  type DirectoryUser,
} from '../../src/domain/directory.ts'

const user = (name: string, members: Partial<DirectoryUser> = {}): DirectoryUser => ({
  name,
  group: 'g',
  groups: [],
  remark: '',
  password: 'sealed',
  createdMs: 7,
  ...members,
})

const empty = emptyDirectory({ id: 'c-1', account: 'a' })
const two = withUsers(empty, [user('one', { groups: ['h'] }), user('two')])
const names = (users: readonly DirectoryUser[]) => users.map(({ name }) => name)

test('groups come with the users that are in them, each once', () => {
  assert.deepEqual(two.groups, [
    { name: 'g', description: '', createdMs: 7 },
    { name: 'h', description: '', createdMs: 7 },
  ])
  const moved = withUser(two, 'two', { change: (it) => ({ ...it, group: 'i' }), nowMs: 9 })
  assert.deepEqual(moved.groups.at(-1), { name: 'i', description: '', createdMs: 9 })
  assert.equal(withUser(two, 'nobody', { change: (it) => it, nowMs: 9 }), two)
})

test('members are those whose first group it is, and those that are in it besides', () => {
  assert.deepEqual(names(membersOf(two, 'g')), ['one', 'two'])
  assert.deepEqual(names(membersOf(two, 'h')), ['one'])
  const other = withMembers(two, 'h', ['two'])
  assert.deepEqual(names(membersOf(other, 'h')), ['two'])
  assert.deepEqual(withMembers(other, 'h', ['two']).users, other.users)
  assert.deepEqual(names(membersOf(withoutGroup(other, 'h'), 'h')), [])
  assert.deepEqual(names(withoutUsers(two, ['one', 'nobody']).users), ['two'])
})
