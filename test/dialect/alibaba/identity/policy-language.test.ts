import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  canonicalAction,
  parsePolicy,
  resourceName,
} from '../../../../src/dialect/alibaba/identity/policy-language.ts'
import { decide } from '../../../../src/domain/policy.ts'
import { testRefusals, type Json, type LanguageCases } from '../../../suite/policy.ts'

const good: Json = { Effect: 'Allow', Action: 'sr:*', Resource: '*' }

function withStatement(change: Json): string {
  return JSON.stringify({ Version: '1', Statement: [good, { ...good, ...change }] })
}

function withCondition(condition: unknown): string {
  return withStatement({ Condition: condition })
}

const refused: LanguageCases['refused'] = [
  ['text that is not JSON', '{', 'must be valid JSON'],
  ['a list', '[]', 'must be an object'],
  ['null', 'null', 'must be an object'],
  ['no Version', JSON.stringify({ Statement: [good] }), 'Version: must be "1"'],
  ['another Version', JSON.stringify({ Version: '2', Statement: [good] }), 'Version: must be "1"'],
  [
    'Version as a number',
    JSON.stringify({ Version: 1, Statement: [good] }),
    'Version: must be "1"',
  ],
  ['no Statement', JSON.stringify({ Version: '1' }), 'Statement: must be a list of statements'],
  [
    'one Statement without its list',
    JSON.stringify({ Version: '1', Statement: good }),
    'Statement: must be a list of statements',
  ],
  [
    'no statement in the list',
    JSON.stringify({ Version: '1', Statement: [] }),
    'Statement: must have at least one statement',
  ],
  [
    'an unknown member',
    JSON.stringify({ Version: '1', Statement: [good], Id: 'x' }),
    'Id: is not supported',
  ],
  [
    'a member in lower case',
    JSON.stringify({ version: '1', Version: '1', Statement: [good] }),
    'version: is not supported',
  ],
  [
    'a statement that is text',
    JSON.stringify({ Version: '1', Statement: ['x'] }),
    'Statement[0]: must be an object',
  ],
  ['no Effect', withStatement({ Effect: undefined }), 'Statement[1].Effect: must be Allow or Deny'],
  [
    'an Effect in lower case',
    withStatement({ Effect: 'allow' }),
    'Statement[1].Effect: must be Allow or Deny',
  ],
  ['no Action', withStatement({ Action: undefined }), 'Statement[1].Action: is required'],
  [
    'an empty list of actions',
    withStatement({ Action: [] }),
    'Statement[1].Action: must not be empty',
  ],
  [
    'an empty action',
    withStatement({ Action: ['sr:A', ''] }),
    'Statement[1].Action[1]: must not be empty',
  ],
  [
    'an action that is a number',
    withStatement({ Action: ['sr:A', 7] }),
    'Statement[1].Action[1]: must be a string',
  ],
  [
    'an action without its product',
    withStatement({ Action: 'Describe*' }),
    'Statement[1].Action: must be * or <ram-code>:<action-name>',
  ],
  [
    'an action with a space',
    withStatement({ Action: 'sr:Describe *' }),
    'Statement[1].Action: must be * or <ram-code>:<action-name>',
  ],
  [
    'Action beside NotAction',
    withStatement({ NotAction: 'sr:A' }),
    'Statement[1].NotAction: must not stand beside Action',
  ],
  ['no Resource', withStatement({ Resource: undefined }), 'Statement[1].Resource: is required'],
  [
    'NotResource',
    withStatement({ NotResource: '*' }),
    'Statement[1].NotResource: is not supported',
  ],
  ['Principal', withStatement({ Principal: '*' }), 'Statement[1].Principal: is not supported'],
  ['Sid', withStatement({ Sid: 'x' }), 'Statement[1].Sid: is not supported'],
  [
    'a resource of another cloud',
    withStatement({ Resource: 'qcs::emr:::*' }),
    'Statement[1].Resource: must be * or start with acs:',
  ],
  [
    'a resource with four segments',
    withStatement({ Resource: ['*', 'acs:sr:*:*'] }),
    'Statement[1].Resource[1]: must have five segments, acs:<ram-code>:<region>:<account-id>:<relative-id>',
  ],
  [
    'a resource without a product',
    withStatement({ Resource: 'acs::*:*:*' }),
    'Statement[1].Resource: must have five segments, acs:<ram-code>:<region>:<account-id>:<relative-id>',
  ],
  [
    'a resource that ends early',
    withStatement({ Resource: 'acs:sr:*:*:' }),
    'Statement[1].Resource: must have five segments, acs:<ram-code>:<region>:<account-id>:<relative-id>',
  ],
  [
    'a policy variable',
    withStatement({ Resource: 'acs:sr:*:*:instance/${acs:PrincipalARN}' }),
    'Statement[1].Resource: policy variables are not supported',
  ],
  ['a Condition that is a list', withCondition([]), 'Statement[1].Condition: must be an object'],
  [
    'an unknown operator',
    withCondition({ StringMatches: { 'acs:SourceIp': 'x' } }),
    'Statement[1].Condition.StringMatches: is not a condition operator',
  ],
  [
    'an operator in another case',
    withCondition({ stringEquals: { 'acs:SourceIp': 'x' } }),
    'Statement[1].Condition.stringEquals: is not a condition operator',
  ],
  [
    'a suffix that RAM does not have',
    withCondition({ StringEqualsIfExists: { 'acs:SourceIp': 'x' } }),
    'Statement[1].Condition.StringEqualsIfExists: is not a condition operator',
  ],
  [
    'a qualifier that RAM does not have',
    withCondition({ 'ForAnyValue:StringEquals': { 'acs:SourceIp': 'x' } }),
    'Statement[1].Condition["ForAnyValue:StringEquals"]: is not a condition operator',
  ],
  [
    'an operator named like a member of every object',
    withCondition({ constructor: { 'acs:SourceIp': 'x' } }),
    'Statement[1].Condition.constructor: is not a condition operator',
  ],
  [
    'an operator without keys',
    withCondition({ StringEquals: {} }),
    'Statement[1].Condition.StringEquals: must name at least one condition key',
  ],
  [
    'keys that are text',
    withCondition({ StringEquals: 'x' }),
    'Statement[1].Condition.StringEquals: must be an object',
  ],
  [
    'a key without its product',
    withCondition({ StringEquals: { SourceIp: 'x' } }),
    'Statement[1].Condition.StringEquals.SourceIp: is not a condition key',
  ],
  [
    'no values',
    withCondition({ StringEquals: { 'acs:SourceIp': [] } }),
    'Statement[1].Condition.StringEquals["acs:SourceIp"]: must not be empty',
  ],
  [
    'a value that is an object',
    withCondition({ StringEquals: { 'acs:SourceIp': [{}] } }),
    'Statement[1].Condition.StringEquals["acs:SourceIp"][0]: must be a string, a number or a boolean',
  ],
  [
    'a value that is null',
    withCondition({ StringEquals: { 'acs:SourceIp': null } }),
    'Statement[1].Condition.StringEquals["acs:SourceIp"]: must be a string, a number or a boolean',
  ],
  [
    'a malformed address',
    withCondition({ IpAddress: { 'acs:SourceIp': ['10.0.0.0/8', '10.0.0.0/40'] } }),
    'Statement[1].Condition.IpAddress["acs:SourceIp"][1]: must be an IP address or CIDR block',
  ],
  [
    'a malformed date',
    withCondition({ DateLessThan: { 'acs:CurrentTime': '2026-13-01T00:00:00Z' } }),
    'Statement[1].Condition.DateLessThan["acs:CurrentTime"]: must be an ISO 8601 time with its zone',
  ],
  [
    'a malformed number',
    withCondition({ NumericEquals: { 'acs:ResourceTag/n': '1e3' } }),
    'Statement[1].Condition.NumericEquals["acs:ResourceTag/n"]: must be a decimal number',
  ],
  [
    'a malformed boolean',
    withCondition({ Bool: { 'acs:SecureTransport': 'yes' } }),
    'Statement[1].Condition.Bool["acs:SecureTransport"]: must be true or false',
  ],
  [
    'two booleans',
    withCondition({ Bool: { 'acs:SecureTransport': ['true', 'false'] } }),
    'Statement[1].Condition.Bool["acs:SecureTransport"]: must have one boolean value',
  ],
  [
    'a variable in a condition',
    withCondition({ StringLike: { 'acs:PrincipalARN': '${x}' } }),
    'Statement[1].Condition.StringLike["acs:PrincipalARN"]: policy variables are not supported',
  ],
  [
    'a member whose name an outer object has as well',
    '{"Statement":[{"Version":"1"}],"Version":"1"}',
    'Statement[0].Version: is not supported',
  ],
  [
    'a name that appears twice',
    '{"Version":"1","Statement":[{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}]}',
    'names "Effect" twice in one object',
  ],
  [
    'a name that appears twice, once escaped',
    '{"Version":"1","Statement":[{"Effect":"Deny","\\u0045ffect":"Allow","Action":"*","Resource":"*"}]}',
    'names "Effect" twice in one object',
  ],
]

testRefusals({ language: 'RAM', parse: parsePolicy, withStatement, refused })

function allows(statement: Json, action: string, relativeId = 'instance/c-1'): boolean {
  const policy = parsePolicy(
    'p',
    JSON.stringify({ Version: '1', Statement: [{ ...good, ...statement }] }),
  )
  const resource = resourceName({
    region: 'cn-hangzhou',
    accountId: '1000000000000001',
    relativeId,
  })
  const request = { action: canonicalAction(action), resources: [resource], context: {} }
  return decide([policy], request).effect === 'allow'
}

test('NotAction is about every action but those it lists', () => {
  const statement = { Action: undefined, NotAction: ['sr:Release*', 'starrocks:Modify*'] }
  assert.equal(allows(statement, 'sr:DescribeInstances'), true)
  assert.equal(allows(statement, 'ecs:DescribeInstances'), true)
  assert.equal(allows(statement, 'sr:ReleaseInstance'), false)
  assert.equal(allows(statement, 'sr:ModifyCu'), false)
  assert.equal(allows(statement, 'starrocks:ModifyCu'), false)
})

test('a deny with NotAction denies everything but those it lists', () => {
  const text = JSON.stringify({
    Version: '1',
    Statement: [
      { ...good, Action: '*' },
      { Effect: 'Deny', NotAction: 'sr:Describe*', Resource: '*' },
    ],
  })
  const policy = parsePolicy('p', text)
  const ask = (action: string) => decide([policy], { action, resources: ['*'], context: {} })
  assert.equal(ask('sr:DescribeInstances').effect, 'allow')
  assert.equal(ask('sr:CreateInstanceV1').effect, 'deny')
})

test('a product by wildcard means both of its prefixes, whichever of them it spells', () => {
  for (const Action of [
    'star*:Get*',
    'starrocks:Get*',
    's*:Get*',
    'STARROCK?:get*',
    'sr:Get*',
    's?:Get*',
  ]) {
    assert.equal(allows({ Action }, 'sr:GetX'), true, Action)
    assert.equal(allows({ Action }, 'starrocks:GetX'), true, Action)
  }
  assert.equal(allows({ Action: 'star?:Get*' }, 'sr:GetX'), false)
})

test('a resource of the product by either prefix is the same resource', () => {
  for (const service of ['sr', 'starrocks', 'SR', 'star*', 's*', '*']) {
    assert.equal(allows({ Resource: `acs:${service}:*:*:instance/c-1` }, 'sr:GetX'), true, service)
  }
  assert.equal(allows({ Resource: 'acs:s3:*:*:instance/c-1' }, 'sr:GetX'), false)
})

test('an empty region or account in a resource, as global services write it, is any', () => {
  assert.equal(allows({ Resource: 'acs:sr:::instance/c-1' }, 'sr:GetX'), true)
})

test('values that look like JSON do not confuse the search for repeated names', () => {
  const tricky = {
    'acs:ResourceTag/a": {"b': ['{"Effect":', '"Effect":"x"', '\\', '}'],
    'acs:ResourceTag/c': 'Effect',
  }
  assert.equal(parsePolicy('p', withCondition({ StringEquals: tricky })).statements.length, 2)
})
