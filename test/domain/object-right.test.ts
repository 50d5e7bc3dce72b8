import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePolicy } from '../../src/dialect/alibaba/identity/policy-language.ts'
import { objectPrefixes, type ObjectLanguage } from '../../src/domain/object-right.ts'
import { decide } from '../../src/domain/policy.ts'

const language: ObjectLanguage = {
  scheme: 'oss',
  actions: { read: 'oss:GetObject', write: 'oss:PutObject', list: 'oss:ListObjects' },
  resourceOf: (path) => `acs:oss:cn-hangzhou:1:${path}`,
}

interface Statement {
  readonly deny?: true
  readonly on: string | readonly string[]
  readonly may?: string | readonly string[]
  readonly when?: object
}

function policy(...statements: readonly Statement[]) {
  const Statement = statements.map(({ deny, on, may = 'oss:GetObject', when }) => ({
    Effect: deny ? 'Deny' : 'Allow',
    Action: may,
    Resource: on,
    ...(when && { Condition: when }),
  }))
  return parsePolicy('p', JSON.stringify({ Version: '1', Statement }))
}

function shown(...statements: readonly Statement[]) {
  const policies = [policy(...statements)]
  const context = { 'acs:CurrentTime': '2026-11-27T00:00:00Z' }
  return objectPrefixes({ policies, buckets: ['one', 'two'], language, context }).map(
    ({ name, rights }) => `${name} ${rights.join(' ')}`,
  )
}

test('what a role may do everywhere it may do in every bucket', () => {
  assert.deepEqual(shown({ on: '*', may: 'oss:*' }), [
    'oss://one/ read write list',
    'oss://two/ read write list',
  ])
  assert.deepEqual(shown({ on: 'acs:oss:*:*:*', may: ['oss:Get*', 'oss:List*'] }), [
    'oss://one/ read list',
    'oss://two/ read list',
  ])
  assert.deepEqual(shown({ on: '*', may: 'sr:*' }), [])
})

test('a folder is given with its own rights, and with those of what it lies in', () => {
  assert.deepEqual(
    shown(
      { on: 'acs:oss:*:*:one', may: 'oss:ListObjects' },
      { on: 'acs:oss:*:*:one/*' },
      { on: 'acs:oss:*:*:one/out/*', may: 'oss:PutObject' },
      { on: ['acs:oss:*:*:two/in*', 'acs:oss:*:*:two/deep/er/*'] },
    ),
    [
      'oss://two/deep/er/ read',
      'oss://one/out/ read write list',
      'oss://two/in/ read',
      'oss://one/ read list',
    ],
  )
})

test('what cannot be said as a name is not given', () => {
  assert.deepEqual(shown({ on: ['acs:oss:*:*:one/*/in', 'acs:oss:*:*:one/a.csv'] }), [])
  assert.deepEqual(shown({ on: 'acs:oss:*:*:one/*.csv' }), [])
  assert.deepEqual(shown({ on: 'acs:oss:*:*:one/a?/*' }), [])
  assert.deepEqual(shown({ on: 'acs:oss:*:*:one' }), [])
})

test('another service, account or region, and another bucket, are not meant', () => {
  const others = ['acs:sr:*:*:one/*', 'acs:oss:*:2:one/*', 'acs:oss:cn-beijing:1:one/*']
  assert.deepEqual(shown({ on: [...others, 'acs:oss:*:*:three/*', 'acs:oss:*:*:on/*'] }), [])
})

test('a denial takes everything that it reaches into, and nothing else', () => {
  const all = { on: 'acs:oss:*:*:*' }
  assert.deepEqual(shown(all, { deny: true, on: 'acs:oss:*:*:one/*' }), ['oss://two/ read'])
  const below = { deny: true, on: 'acs:oss:*:*:one/secret/*' } as const
  assert.deepEqual(shown(all, { on: 'acs:oss:*:*:one/open/*' }, below), [
    'oss://one/open/ read',
    'oss://two/ read',
  ])
  assert.deepEqual(shown(all, { deny: true, on: '*', may: 'oss:PutObject' }).length, 2)
  assert.deepEqual(shown({ on: '*', may: 'oss:*' }, { deny: true, on: '*', may: 'oss:List*' }), [
    'oss://one/ read write',
    'oss://two/ read write',
  ])
})

test('a condition that cannot be evaluated never allows, and denies; one that can be is', () => {
  const unknown = { StringEquals: { 'acs:SourceVpc': 'vpc-1' } }
  const past = { DateLessThan: { 'acs:CurrentTime': '2026-01-01T00:00:00Z' } }
  const future = { DateLessThan: { 'acs:CurrentTime': '2027-01-01T00:00:00Z' } }
  const on = 'acs:oss:*:*:one/*'
  assert.deepEqual(shown({ on, when: unknown }, { on, when: past }), [])
  assert.deepEqual(shown({ on, when: future }), ['oss://one/ read'])
  assert.deepEqual(shown({ on }, { deny: true, on, when: past }), ['oss://one/ read'])
  assert.deepEqual(shown({ on }, { deny: true, on, when: unknown }), [])
})

test('under a name that is given, the policies allow whatever is asked', () => {
  const parts = ['one/', 'a', 'b', '/', '*', '?', 'c/', '*']
  let seed = 7
  const draw = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
  const path = (from: readonly string[]) =>
    Array.from({ length: 1 + draw(4) }, () => from[draw(from.length)]).join('')
  let given = 0
  for (let round = 0; round < 3_000; round++) {
    const statements = Array.from({ length: 1 + draw(4) }, (_, at) => ({
      on: `acs:oss:*:*:${at === 0 ? `one/${path(parts)}*` : path(parts)}`,
      ...(draw(3) === 0 && { deny: true as const }),
    }))
    const policies = [policy(...statements)]
    const prefixes = objectPrefixes({ policies, buckets: ['one'], language, context: {} })
    for (const { name, rights } of prefixes) {
      given++
      assert.deepEqual(rights, ['read'])
      const below = `${name.slice('oss://'.length)}${draw(2) === 0 ? '' : path(['a', 'b', '/', 'c'])}`
      const resources = [language.resourceOf(below)]
      const { effect } = decide(policies, { action: 'oss:GetObject', resources, context: {} })
      assert.equal(effect, 'allow', `${JSON.stringify(statements)} ${name} ${below}`)
    }
  }
  assert.ok(given > 500, `only ${given} names were given`)
})
