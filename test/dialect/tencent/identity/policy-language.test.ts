import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  canonicalAction,
  parsePolicy,
  resourceName,
} from '../../../../src/dialect/tencent/identity/policy-language.ts'
import { decide } from '../../../../src/domain/policy.ts'
import { testRefusals, type Json, type LanguageCases } from '../../../suite/policy.ts'

const good: Json = { effect: 'allow', action: 'emr:*', resource: '*' }

function withStatement(change: Json): string {
  return JSON.stringify({ version: '2.0', statement: [good, { ...good, ...change }] })
}

function withCondition(condition: unknown): string {
  return withStatement({ condition })
}

const segments = 'must have six segments, qcs:project_id:service_type:region:account:resource'

const refused: LanguageCases['refused'] = [
  ['text that is not JSON', '{"version":', 'must be valid JSON'],
  ['a list', '[]', 'must be an object'],
  ['text', '"x"', 'must be an object'],
  ['no version', JSON.stringify({ statement: [good] }), 'version: must be "2.0"'],
  [
    'another version',
    JSON.stringify({ version: '1', statement: [good] }),
    'version: must be "2.0"',
  ],
  [
    'version as a number',
    JSON.stringify({ version: 2, statement: [good] }),
    'version: must be "2.0"',
  ],
  ['no statement', JSON.stringify({ version: '2.0' }), 'statement: must be a list of statements'],
  [
    'no statement in the list',
    JSON.stringify({ version: '2.0', statement: [] }),
    'statement: must have at least one statement',
  ],
  [
    'statement as text',
    JSON.stringify({ version: '2.0', statement: 'x' }),
    'statement: must be a list of statements',
  ],
  [
    'a single statement that is malformed',
    JSON.stringify({ version: '2.0', statement: { ...good, effect: 'x' } }),
    'statement.effect: must be allow or deny',
  ],
  [
    'an unknown member',
    JSON.stringify({ version: '2.0', statement: [good], principal: {} }),
    'principal: is not supported',
  ],
  [
    'a member in capitals',
    withStatement({ Effect: 'deny' }),
    'statement[1].Effect: is not supported',
  ],
  ['principal', withStatement({ principal: '*' }), 'statement[1].principal: is not supported'],
  ['not_action', withStatement({ not_action: '*' }), 'statement[1].not_action: is not supported'],
  [
    'not_resource',
    withStatement({ not_resource: '*' }),
    'statement[1].not_resource: is not supported',
  ],
  ['no effect', withStatement({ effect: undefined }), 'statement[1].effect: must be allow or deny'],
  [
    'an effect that is a boolean',
    withStatement({ effect: true }),
    'statement[1].effect: must be allow or deny',
  ],
  ['no action', withStatement({ action: undefined }), 'statement[1].action: is required'],
  [
    'an empty list of actions',
    withStatement({ action: [] }),
    'statement[1].action: must not be empty',
  ],
  [
    'an action that is a number',
    withStatement({ action: [1] }),
    'statement[1].action[0]: must be a string',
  ],
  [
    'an action without its product',
    withStatement({ action: ['emr:A', 'DescribeInstances'] }),
    'statement[1].action[1]: must be * or <service>:<action>',
  ],
  [
    'a permission set',
    withStatement({ action: 'permid/280649' }),
    'statement[1].action: permission sets are not supported; name the actions',
  ],
  [
    'a permission set behind name/',
    withStatement({ action: 'name/permid/1' }),
    'statement[1].action: permission sets are not supported; name the actions',
  ],
  [
    'an action of another form',
    withStatement({ action: 'foo/emr:A' }),
    'statement[1].action: must be * or <service>:<action>',
  ],
  ['no resource', withStatement({ resource: undefined }), 'statement[1].resource: is required'],
  [
    'an empty resource',
    withStatement({ resource: [''] }),
    'statement[1].resource[0]: must not be empty',
  ],
  [
    'a resource of another cloud',
    withStatement({ resource: 'acs:sr:*:*:*' }),
    'statement[1].resource: must be * or start with qcs:',
  ],
  [
    'a resource with five segments',
    withStatement({ resource: 'qcs::emr:gz:uin/1' }),
    `statement[1].resource: ${segments}`,
  ],
  ['only the prefix', withStatement({ resource: 'qcs' }), `statement[1].resource: ${segments}`],
  [
    'a project id',
    withStatement({ resource: 'qcs:id/7:emr:::*' }),
    'statement[1].resource: a project id is not supported; leave the segment empty',
  ],
  [
    'an account by appid',
    withStatement({ resource: 'qcs::emr::uid/1250000001:*' }),
    'statement[1].resource: the account must be empty or uin/<root account>',
  ],
  [
    'an account without its kind',
    withStatement({ resource: 'qcs::emr::100000000001:*' }),
    'statement[1].resource: the account must be empty or uin/<root account>',
  ],
  [
    'a policy variable',
    withStatement({ resource: 'qcs::emr::uin/${owner_uin}:*' }),
    'statement[1].resource: policy variables are not supported',
  ],
  ['a condition that is text', withCondition('x'), 'statement[1].condition: must be an object'],
  [
    'an unknown operator',
    withCondition({ string_matches: { 'qcs:ip': 'x' } }),
    'statement[1].condition.string_matches: is not a condition operator',
  ],
  [
    'an operator of the other cloud',
    withCondition({ StringEquals: { 'qcs:ip': 'x' } }),
    'statement[1].condition.StringEquals: is not a condition operator',
  ],
  [
    'an unknown qualifier',
    withCondition({ 'for_no_value:string_equal': { 'qcs:ip': 'x' } }),
    'statement[1].condition["for_no_value:string_equal"]: is not a condition operator',
  ],
  [
    'a qualifier alone',
    withCondition({ 'for_any_value:': { 'qcs:ip': 'x' } }),
    'statement[1].condition["for_any_value:"]: is not a condition operator',
  ],
  [
    'a suffix on null_equal',
    withCondition({ null_equal_if_exist: { 'qcs:ip': true } }),
    'statement[1].condition.null_equal_if_exist: is not a condition operator',
  ],
  [
    'a qualifier on null_equal',
    withCondition({ 'for_any_value:null_equal': { 'qcs:ip': true } }),
    'statement[1].condition["for_any_value:null_equal"]: is not a condition operator',
  ],
  [
    'an operator with blanks around it',
    withCondition({ ' ip_equal ': { 'qcs:ip': '10.0.0.1' } }),
    'statement[1].condition[" ip_equal "]: is not a condition operator',
  ],
  [
    'an operator without keys',
    withCondition({ ip_equal: {} }),
    'statement[1].condition.ip_equal: must name at least one condition key',
  ],
  [
    'a key without its product',
    withCondition({ numeric_equal: { mfa: 1 } }),
    'statement[1].condition.numeric_equal.mfa: is not a condition key',
  ],
  [
    'no values',
    withCondition({ ip_equal: { 'qcs:ip': [] } }),
    'statement[1].condition.ip_equal["qcs:ip"]: must not be empty',
  ],
  [
    'a malformed address',
    withCondition({ ip_equal: { 'qcs:ip': ['10.0.0.0/8', '10.0.0'] } }),
    'statement[1].condition.ip_equal["qcs:ip"][1]: must be an IP address or CIDR block',
  ],
  [
    'a malformed date',
    withCondition({ date_equal: { 'qcs:current_time': '2016-06-01T 00:01:00Z' } }),
    'statement[1].condition.date_equal["qcs:current_time"]: must be an ISO 8601 time with its zone',
  ],
  [
    'a malformed number',
    withCondition({ numeric_less_than: { 'qcs:mfa': '' } }),
    'statement[1].condition.numeric_less_than["qcs:mfa"]: must be a decimal number',
  ],
  [
    'a malformed boolean',
    withCondition({ bool_equal: { 'cvm:x': 1 } }),
    'statement[1].condition.bool_equal["cvm:x"]: must be true or false',
  ],
  [
    'two values of null_equal',
    withCondition({ null_equal: { 'qcs:ip': [true, false] } }),
    'statement[1].condition.null_equal["qcs:ip"]: must have one boolean value',
  ],
  [
    'a name that appears twice',
    '{"version":"2.0","statement":{"effect":"deny","effect":"allow","action":"*","resource":"*"}}',
    'names "effect" twice in one object',
  ],
]

testRefusals({ language: 'CAM', parse: parsePolicy, withStatement, refused })

function allows(
  change: Json,
  resource = resourceName({
    region: 'gz',
    ownerUin: '100000000001',
    resource: 'emr-instance/emr-1',
  }),
): boolean {
  const policy = parsePolicy(
    'p',
    JSON.stringify({ version: '2.0', statement: { ...good, ...change } }),
  )
  const request = {
    action: canonicalAction('name/emr:DescribeInstances'),
    resources: [resource],
    context: {},
  }
  return decide([policy], request).effect === 'allow'
}

test('a single statement needs no list', () => {
  assert.equal(allows({}), true)
})

test('the effect may be written in any case', () => {
  assert.equal(allows({ effect: 'ALLOW' }), true)
  assert.equal(allows({ effect: 'Allow' }), true)
  assert.equal(allows({ effect: 'DENY' }), false)
})

test('a resource name carries the full region, whichever spelling it is built from', () => {
  const parts = { ownerUin: '100000000001', resource: 'emr-instance/emr-1' }
  const full = 'qcs::emr:ap-guangzhou:uin/100000000001:emr-instance/emr-1'
  assert.equal(resourceName({ region: 'gz', ...parts }), full)
  assert.equal(resourceName({ region: 'ap-guangzhou', ...parts }), full)
})

const regions: readonly [pattern: string, region: string, matches: boolean][] = [
  ['gz', 'ap-guangzhou', true],
  ['gz', 'ap-beijing', false],
  ['ap-guangzhou', 'ap-guangzhou', true],
  ['', 'ap-guangzhou', true],
  ['*', 'eu-frankfurt', true],
  ['g*', 'ap-guangzhou', true],
  ['g*', 'ap-shanghai', false],
  ['??', 'ap-shanghai', true],
  ['??', 'na-ashburn', false],
  ['use', 'na-ashburn', true],
  ['us*', 'na-siliconvalley', true],
  ['ap-*', 'ap-guangzhou', true],
  ['ap-*', 'na-ashburn', false],
  ['ap-newtown', 'ap-newtown', true],
]

for (const [pattern, region, matches] of regions) {
  test(`the region ${JSON.stringify(pattern)} of a policy ${matches ? 'covers' : 'does not cover'} ${region}`, () => {
    const resource = resourceName({
      region,
      ownerUin: '100000000001',
      resource: 'emr-instance/emr-1',
    })
    assert.equal(allows({ resource: `qcs::emr:${pattern}::*` }, resource), matches)
  })
}

const accounts: readonly [account: string, matches: boolean][] = [
  ['', true],
  ['*', true],
  ['uin/', true],
  ['uin/*', true],
  ['uin/100000000001', true],
  ['uin/100000000002', false],
]

for (const [account, matches] of accounts) {
  test(`the account ${JSON.stringify(account)} of a policy ${matches ? 'covers' : 'does not cover'} the own one`, () => {
    assert.equal(allows({ resource: `qcs::emr:gz:${account}:emr-instance/*` }), matches)
  })
}

test('object storage may name its account by appid, and never matches a cluster', () => {
  assert.equal(allows({ resource: 'qcs::cos:gz:uid/1250000001:bucket-1250000001/*' }), false)
})

test('an empty resource segment, product or all of them is any', () => {
  assert.equal(allows({ resource: 'qcs::emr:gz:uin/100000000001:' }), true)
  assert.equal(allows({ resource: 'qcs::::: ' }), false)
  assert.equal(allows({ resource: 'qcs:::::' }), true)
  assert.equal(allows({ resource: 'qcs:*:*:*:*:*' }), true)
})
