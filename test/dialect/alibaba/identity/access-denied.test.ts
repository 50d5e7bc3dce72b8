import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import {
  accessDeniedDetail,
  accessDeniedText,
  decodeDiagnosis,
} from '../../../../src/dialect/alibaba/identity/access-denied.ts'
import type { DeniedRequest } from '../../../../src/dialect/alibaba/identity/access-denied.ts'

const key = new Uint8Array(32).fill(7)

const request: DeniedRequest = {
  principal: { ownerId: '1000000000000001', type: 'SubUser', displayName: '200000000000000001' },
  action: 'starrocks:CreateInstanceV1',
  resources: ['acs:sr:cn-hangzhou:1000000000000001:*'],
  nowMs: Date.UTC(2026, 0, 15, 12),
}

const implicit = { effect: 'deny', kind: 'implicit', resource: request.resources[0] ?? '' } as const
const explicit = {
  effect: 'deny',
  kind: 'explicit',
  policy: 'NoCreation',
  statement: 1,
  resource: request.resources[0] ?? '',
  reason: 'condition on "acs:SourceVpc": this service does not know the key',
} as const

test('an implicit denial has every member of the reference, with the product under its short code', () => {
  const { EncodedDiagnosticMessage, ...rest } = accessDeniedDetail(implicit, request, key)
  assert.deepEqual(rest, {
    PolicyType: 'AccountLevelIdentityBasedPolicy',
    AuthPrincipalOwnerId: '1000000000000001',
    AuthPrincipalType: 'SubUser',
    AuthPrincipalDisplayName: '200000000000000001',
    NoPermissionType: 'ImplicitDeny',
    AuthAction: 'sr:CreateInstanceV1',
  })
  assert.match(EncodedDiagnosticMessage, /^[A-Za-z0-9+/]+=*$/)
})

test('an explicit denial of a role by a control policy says so', () => {
  const principal = { ownerId: '1', type: 'AssumedRoleUser', displayName: 'ops:night' } as const
  const detail = accessDeniedDetail(
    explicit,
    { ...request, principal, policyType: 'ControlPolicy' },
    key,
  )
  assert.equal(detail.NoPermissionType, 'ExplicitDeny')
  assert.equal(detail.PolicyType, 'ControlPolicy')
  assert.equal(detail.AuthPrincipalType, 'AssumedRoleUser')
  assert.equal(detail.AuthPrincipalDisplayName, 'ops:night')
})

test('the text form is JSON of the same members', () => {
  const detail = accessDeniedDetail(implicit, request, key)
  assert.deepEqual(JSON.parse(accessDeniedText(detail)), detail)
})

test('a diagnostic message decodes to the request and the statement that decided', () => {
  const { EncodedDiagnosticMessage } = accessDeniedDetail(explicit, request, key)
  assert.deepEqual(decodeDiagnosis(EncodedDiagnosticMessage, key), {
    time: '2026-01-15T12:00:00.000Z',
    action: 'sr:CreateInstanceV1',
    resources: request.resources,
    principal: request.principal,
    noPermissionType: 'ExplicitDeny',
    policy: 'NoCreation',
    statement: 1,
    deniedResource: request.resources[0],
    reason: explicit.reason,
  })
})

test('a diagnostic message is base64 of JSON', () => {
  const { EncodedDiagnosticMessage } = accessDeniedDetail(implicit, request, key)
  const envelope: unknown = JSON.parse(Buffer.from(EncodedDiagnosticMessage, 'base64').toString())
  assert.deepEqual(Object.keys(envelope as object).toSorted(), ['diagnosis', 'signature'])
})

test('a message made with another key is not decoded', () => {
  const { EncodedDiagnosticMessage } = accessDeniedDetail(
    implicit,
    request,
    new Uint8Array(32).fill(8),
  )
  assert.equal(decodeDiagnosis(EncodedDiagnosticMessage, key), undefined)
})

test('a message whose diagnosis was changed is not decoded', () => {
  const { EncodedDiagnosticMessage } = accessDeniedDetail(implicit, request, key)
  const text = Buffer.from(EncodedDiagnosticMessage, 'base64').toString()
  const changed = text.replace('200000000000000001', '200000000000000002')
  assert.notEqual(changed, text)
  assert.equal(decodeDiagnosis(Buffer.from(changed).toString('base64'), key), undefined)
})

test('whatever else comes in is not decoded, and nothing is thrown', () => {
  const shapes = [
    null,
    7,
    [],
    {},
    { diagnosis: '{}' },
    { diagnosis: '{}', signature: 7 },
    { diagnosis: '{}', signature: '' },
  ]
  for (const shape of shapes) assert.equal(decodeDiagnosis(base64(shape), key), undefined)
  assert.equal(decodeDiagnosis('A'.repeat(3_000_000), key), undefined)
  fc.assert(fc.property(fc.string(), (text) => assert.equal(decodeDiagnosis(text, key), undefined)))
})

test('a key that is too short is refused', () => {
  assert.throws(() => accessDeniedDetail(implicit, request, new Uint8Array(31)), RangeError)
})

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}
