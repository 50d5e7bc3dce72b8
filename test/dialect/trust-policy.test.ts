/** Trust policies of both clouds, side by side: the same cases in the two spellings. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as ram from '../../src/dialect/alibaba/identity/trust-policy.ts'
import * as cam from '../../src/dialect/tencent/identity/trust-policy.ts'
import { PolicyError } from '../../src/domain/policy-document.ts'
import type { TrustPolicy } from '../../src/domain/trust.ts'

type Json = Readonly<Record<string, unknown>>

const RAM: Json = { Effect: 'Allow', Action: 'sts:AssumeRole' }
const CAM: Json = { effect: 'allow', action: 'name/sts:AssumeRole' }

const inRam = (statement: Json, more: Json = {}) =>
  JSON.stringify({ Version: '1', Statement: [statement], ...more })
const inCam = (statement: Json, more: Json = {}) =>
  JSON.stringify({ version: '2.0', statement: [statement], ...more })

const read: readonly [string, string, string, TrustPolicy['statements'][number]][] = [
  [
    'an account',
    inRam({ ...RAM, Principal: { RAM: 'acs:ram::12:root' } }),
    inCam({ ...CAM, principal: { qcs: 'qcs::cam::uin/12:root' } }),
    { effect: 'allow', principals: [{ kind: 'account', account: '12' }] },
  ],
  [
    'a user and a service, denied',
    inRam({ ...RAM, Effect: 'Deny', Principal: { RAM: ['acs:ram::12:user/7'], Service: ['s'] } }),
    inCam({
      ...CAM,
      effect: 'deny',
      principal: { qcs: ['qcs::cam::uin/12:uin/7'], service: ['s'] },
    }),
    {
      effect: 'deny',
      principals: [
        { kind: 'user', account: '12', user: '7' },
        { kind: 'service', service: 's' },
      ],
    },
  ],
]

for (const [title, ramText, camText, statement] of read) {
  test(`a trust policy that names ${title} reads the same in both languages`, () => {
    assert.deepEqual(ram.parseTrust(ramText), { statements: [statement] })
    assert.deepEqual(cam.parseTrust(camText), { statements: [statement] })
  })
}

test('roles and identity providers are well-formed, and trusted by nothing here', () => {
  const kinds = (policy: TrustPolicy) =>
    policy.statements.flatMap(({ principals }) => principals.map((each) => each.kind))
  const ramText = inRam({
    ...RAM,
    Principal: { RAM: ['acs:ram::12:role/r'], Federated: ['acs:ram::12:saml-provider/p'] },
  })
  const camText = inCam({
    ...CAM,
    principal: { qcs: ['qcs::cam::uin/12:roleName/r'], federated: ['qcs::cam::uin/12:saml/p'] },
  })
  assert.deepEqual(kinds(ram.parseTrust(ramText)), ['external', 'external'])
  assert.deepEqual(kinds(cam.parseTrust(camText)), ['external', 'external'])
})

test('what a language writes for an account or a service it also reads', () => {
  for (const { parseTrust, trustAccount, trustService } of [ram, cam]) {
    assert.deepEqual(parseTrust(trustAccount('12')).statements[0]?.principals, [
      { kind: 'account', account: '12' },
    ])
    assert.deepEqual(parseTrust(trustService('s')).statements[0]?.principals, [
      { kind: 'service', service: 's' },
    ])
  }
})

test('CAM takes one statement without its list', () => {
  const statement = { ...CAM, principal: { service: 's' } }
  assert.equal(cam.parseTrust(JSON.stringify({ version: '2.0', statement })).statements.length, 1)
})

const refused: readonly [string, Json | undefined, Json | undefined, RegExp][] = [
  [
    'a condition',
    { Principal: { Service: 's' }, Condition: {} },
    { principal: { service: 's' }, condition: {} },
    /ondition: is not supported/,
  ],
  [
    'another action',
    { Action: 'sr:*', Principal: { Service: 's' } },
    { action: 'emr:*', principal: { service: 's' } },
    /ction: must be .*sts:AssumeRole/,
  ],
  [
    'another effect',
    { Effect: 'allow', Principal: { Service: 's' } },
    { effect: 'Allow', principal: { service: 's' } },
    /ffect: must be/,
  ],
  ['no principal', {}, {}, /rincipal: must be an object/],
  [
    'a principal of no kind',
    { Principal: {} },
    { principal: {} },
    /rincipal: must name at least one/,
  ],
  [
    'an unknown kind of principal',
    { Principal: { AWS: 'x' } },
    { principal: { aws: 'x' } },
    /(AWS|aws): is not supported/,
  ],
  [
    'everybody',
    { Principal: { RAM: '*' } },
    { principal: { qcs: '*' } },
    /wildcards are not allowed/,
  ],
  [
    'every user of an account',
    { Principal: { RAM: 'acs:ram::12:user/*' } },
    { principal: { qcs: 'qcs::cam::uin/12:uin/*' } },
    /wildcards are not allowed/,
  ],
]

for (const [title, inOne, inOther, says] of refused) {
  test(`a trust policy with ${title} is refused by name`, () => {
    const problem = (parse: () => unknown) =>
      assert.throws(parse, (it) => it instanceof PolicyError && says.test(it.message))
    problem(() => ram.parseTrust(inRam({ ...RAM, ...inOne })))
    problem(() => cam.parseTrust(inCam({ ...CAM, ...inOther })))
  })
}

test('a document of another version or with unknown members is refused', () => {
  const ramStatement = { ...RAM, Principal: { Service: 's' } }
  const camStatement = { ...CAM, principal: { service: 's' } }
  assert.throws(() => ram.parseTrust(inRam(ramStatement, { Version: '2' })), /Version: must be "1"/)
  assert.throws(
    () => cam.parseTrust(inCam(camStatement, { version: '1' })),
    /version: must be "2.0"/,
  )
  assert.throws(() => ram.parseTrust(inRam(ramStatement, { Id: 'x' })), /Id: is not supported/)
  assert.throws(() => cam.parseTrust(inCam(camStatement, { id: 'x' })), /id: is not supported/)
  assert.throws(() => ram.parseTrust('x'), /must be valid JSON/)
  assert.throws(() => cam.parseTrust('[]'), /must be an object/)
})
