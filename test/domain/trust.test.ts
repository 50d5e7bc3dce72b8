import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trusts, type Assumer, type TrustPolicy } from '../../src/domain/trust.ts'

const account = { kind: 'account', account: '1' } as const
const user = { kind: 'user', account: '1', user: 'alice' } as const
const byNumber = { kind: 'user', account: '1', user: '77' } as const
const service = { kind: 'service', service: 's' } as const
const stranger = { kind: 'external', text: 'x' } as const

const root: Assumer = { kind: 'root', account: '1' }
const alice: Assumer = { kind: 'user', account: '1', name: 'alice', number: '77' }
const bob: Assumer = { kind: 'user', account: '1', name: 'bob', number: '78' }
const elsewhere: Assumer = { kind: 'user', account: '2', name: 'alice', number: '77' }
const theService: Assumer = { kind: 'service', service: 's' }

const cases: readonly [string, TrustPolicy['statements'], readonly Assumer[]][] = [
  ['nobody', [], []],
  ['an account', [{ effect: 'allow', principals: [account] }], [root, alice, bob]],
  ['a user by name', [{ effect: 'allow', principals: [user] }], [alice]],
  ['a user by number', [{ effect: 'allow', principals: [byNumber] }], [alice]],
  ['a service', [{ effect: 'allow', principals: [service] }], [theService]],
  ['somebody this server never meets', [{ effect: 'allow', principals: [stranger] }], []],
  [
    'an account but for one of its users',
    [
      { effect: 'deny', principals: [user] },
      { effect: 'allow', principals: [account] },
    ],
    [root, bob],
  ],
  ['nobody, by denying only', [{ effect: 'deny', principals: [user] }], []],
]

for (const [title, statements, trusted] of cases) {
  test(`a role that trusts ${title} is assumed by whom it names and by no other`, () => {
    const found = [root, alice, bob, elsewhere, theService].filter((each) =>
      trusts({ statements }, each),
    )
    assert.deepEqual(found, trusted)
  })
}
