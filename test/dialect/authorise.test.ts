/** What each cloud evaluates of a request: names of resources, and the facts that go with them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as ram from '../../src/dialect/alibaba/identity/authorise.ts'
import { parsePolicy as ramPolicy } from '../../src/dialect/alibaba/identity/policy-language.ts'
import * as cam from '../../src/dialect/tencent/identity/authorise.ts'
import { parsePolicy as camPolicy } from '../../src/dialect/tencent/identity/policy-language.ts'
import type { Authorisation, RequestedResource } from '../../src/gateway/dialect.ts'
import { sampleCall, sampleCluster } from '../support/fixture/sample.ts'
import { wires, type Statement } from '../support/http/wire.ts'

const names: readonly [typeof ram.clusterIn, string, string | undefined][] = [
  [ram.clusterIn, 'acs:sr:cn-hangzhou:1:instance/c-1', 'c-1'],
  [ram.clusterIn, 'acs:sr:*:1:instance/c:1', 'c:1'],
  [ram.clusterIn, 'acs:sr:*:1:*', undefined],
  [ram.clusterIn, 'acs:sr:*:1:instance/*', undefined],
  [ram.clusterIn, 'acs:sr:*:1:instance/', undefined],
  [ram.clusterIn, 'acs:sr:*:1:group/c-1', undefined],
  [ram.clusterIn, '*', undefined],
  [cam.clusterIn, 'qcs::emr:ap-guangzhou:uin/1:emr-instance/emr-1', 'emr-1'],
  [cam.clusterIn, 'qcs::emr:*:uin/1:*', undefined],
  [cam.clusterIn, 'qcs::emr:*:uin/1:emr-instance/*', undefined],
  [cam.clusterIn, 'qcs::emr:*:uin/1:emr-vm/emr-vm-1', undefined],
  [cam.clusterIn, '*', undefined],
]

for (const [clusterIn, name, id] of names) {
  test(`${name} means ${id ?? 'no cluster in particular'}`, () => {
    assert.equal(clusterIn(name), id)
  })
}

test('a cluster and its name lead to each other', () => {
  for (const { clusterIn, resourceOf } of [ram, cam]) {
    const cluster = sampleCluster({ id: 'emr-1', region: 'ap-guangzhou', account: '1' })
    assert.equal(clusterIn(resourceOf(cluster)), 'emr-1')
    assert.ok(resourceOf(cluster).includes(':ap-guangzhou:'))
  }
})

interface AuthorisationCase {
  readonly statements: readonly Statement[]
  readonly resources: readonly RequestedResource[]
  readonly input?: object
  readonly kind?: 'user' | 'role'
}

const languages = [
  { dialect: ram, parse: ramPolicy, wire: wires[0]!, action: 'sr:TagResources' },
  { dialect: cam, parse: camPolicy, wire: wires[1]!, action: 'emr:ModifyResourcesTags' },
] as const

function ask(at: 0 | 1, { statements, resources, input = {}, kind = 'user' }: AuthorisationCase) {
  const { dialect, parse, wire, action } = languages[at]
  const principal = {
    account: '1',
    tenant: '1',
    kind,
    id: '77',
    name: kind === 'role' ? 'reader/night' : 'alice',
    policies: [parse('p', wire.policy(statements))],
  } as const
  return dialect.authorise({
    call: sampleCall({ principal }),
    action: { permission: { action } } as Authorisation['action'],
    input: input as Authorisation['input'],
    request: {
      method: 'POST',
      path: '/',
      query: '',
      headers: {},
      body: new Uint8Array(),
      remoteAddress: '10.1.2.3',
      httpVersion: '1.1',
      secure: true,
    },
    nowMs: Date.UTC(2026, 0, 15),
    resources,
  })
}

const effect = (decision: { effect: string; kind?: string }) => decision.kind ?? decision.effect

test('tags are evaluated for each resource by itself, in both languages', () => {
  const words = [
    { StringEquals: { 'acs:ResourceTag/team': 'blue' } },
    { string_equal: { 'qcs:resource_tag': 'team&blue' } },
  ]
  for (const at of [0, 1] as const) {
    const name = (id: string) => languages[at].wire.resource('1', id)
    const statements = [{ effect: 'allow', action: '*', condition: words[at]! }] as const
    const blue = { name: name('a'), tags: { team: 'blue' } }
    const red = { name: name('b'), tags: { team: 'red' } }
    assert.equal(effect(ask(at, { statements, resources: [blue] })), 'allow')
    const denied = ask(at, { statements, resources: [blue, red] })
    assert.equal(denied.effect === 'deny' && denied.resource, red.name)
    assert.equal(
      effect(ask(at, { statements, resources: [blue, { name: name('c') }] })),
      'implicit',
    )
  }
})

test('CAM sees the tags that ModifyResourcesTags adds or changes, for the resource they are meant for', () => {
  const tag = (TagValue: string) => [{ TagKey: 'team', TagValue }]
  const input = {
    ModifyResourceTagsInfoList: [{ AddTags: tag('blue') }, { ModifyTags: tag('red') }, {}],
  }
  const resources = ['a', 'b', 'c'].map((id) => ({ name: wires[1]!.resource('1', id) }))
  const denying = (value: string): Statement => ({
    effect: 'deny',
    action: '*',
    condition: { string_equal: { 'qcs:request_tag': `team&${value}` } },
  })
  const refused = (value: string) => {
    const statements = [{ effect: 'allow', action: '*' } as const, denying(value)]
    const decision = ask(1, { statements, resources, input })
    return decision.effect === 'deny' ? decision.resource : undefined
  }
  assert.equal(refused('blue'), resources[0]!.name)
  assert.equal(refused('red'), resources[1]!.name)
  assert.equal(refused('green'), undefined)
})

test('RAM knows the group of an instance, and the requested one only where there is none', () => {
  const condition = { StringEquals: { 'acs:ResourceGroupId': 'rg-1' } }
  const statements = [{ effect: 'allow', action: '*', condition }] as const
  const name = wires[0]!.resource('1', 'a')
  const input = { NewResourceGroupId: 'rg-1' }
  assert.equal(
    effect(ask(0, { statements, resources: [{ name, resourceGroup: 'rg-1' }] })),
    'allow',
  )
  assert.equal(
    effect(ask(0, { statements, resources: [{ name, resourceGroup: 'rg-2' }], input })),
    'implicit',
  )
  assert.equal(effect(ask(0, { statements, resources: [{ name }], input })), 'allow')
})

test('the caller is named as policies name users and role sessions', () => {
  for (const [kind, arn] of [
    ['user', 'acs:ram::1:user/alice'],
    ['role', 'acs:ram::1:assumed-role/reader/night'],
  ] as const) {
    const condition = { StringEquals: { 'acs:PrincipalARN': arn } }
    const statements = [{ effect: 'allow', action: '*', condition }] as const
    assert.equal(effect(ask(0, { statements, resources: [{ name: '*' }], kind })), 'allow')
  }
  const condition = { string_equal: { 'qcs:uin': '77' } }
  const statements = [{ effect: 'allow', action: '*', condition }] as const
  assert.equal(effect(ask(1, { statements, resources: [{ name: '*' }] })), 'allow')
})
