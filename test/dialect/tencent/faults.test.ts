import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FaultCode, Faults } from '../../../src/domain/fault.ts'
import { faults, refusalOf, type FaultContext } from '../../../src/dialect/tencent/faults.ts'

const HEARING: FaultContext = { language: 'en', scheme: 'v3', errorCodes: 'seed' }

type Row = { [C in FaultCode]: readonly [C, Faults[C], string, RegExp] }[FaultCode]

const ROWS: readonly Row[] = [
  [
    'ActionUnknown',
    { action: 'X' },
    'InvalidAction',
    /^The request `Action` is invalid or not found\.$/,
  ],
  ['ActionNotBuilt', { action: 'X' }, 'UnsupportedOperation', /`X`/],
  [
    'VersionUnknown',
    { version: '2019-07-22' },
    'NoSuchVersion',
    /^The specified api version=`2019-07-22` does not exist in service=`emr`\.$/,
  ],
  ['MethodRefused', { method: 'PUT' }, 'UnsupportedProtocol', /`PUT`/],
  ['RequestTooLarge', { limitBytes: 7 }, 'RequestSizeLimitExceeded', /7 bytes/],
  ['RequestMalformed', { detail: 'Broken.' }, 'InvalidParameter', /^Broken\.$/],
  ['MediaTypeRefused', { mediaType: 'a/b' }, 'InvalidParameter', /not support Content-Type=`a\/b`/],
  [
    'RegionUnknown',
    { region: 'x', known: [] },
    'InvalidParameterValue',
    /`X-TC-Region` is not valid/,
  ],
  [
    'Throttled',
    { seen: 21, limit: 20 },
    'RequestLimitExceeded',
    /^Your current request times equals to `21` in a second, which exceeds the frequency limit `20` for a second\. Please reduce the frequency of calls\.$/,
  ],
  ['Overloaded', { what: 'writes' }, 'ServiceUnavailable', /writes/],
  ['CredentialMissing', {}, 'MissingParameter', /`Authorization`/],
  [
    'CredentialUnknown',
    { keyId: 'k' },
    'AuthFailure.SecretIdNotFound',
    /^The SecretId is not found, please ensure that your SecretId is correct\.$/,
  ],
  ['CredentialDisabled', { keyId: 'k' }, 'AuthFailure.SecretIdNotFound', /SecretId/],
  [
    'TokenRefused',
    { why: 'expired' },
    'AuthFailure.TokenFailure',
    /^Token verification failed, please check if your Token is correct$/,
  ],
  ['NonceReused', {}, 'AuthFailure.SignatureFailure', /could not be validated/],
  [
    'SignatureRefused',
    { problem: 'timestamp-expired' },
    'AuthFailure.SignatureExpire',
    /^The signature is expired, please request again\.$/,
  ],
  ['ClusterNotFound', { id: 'emr-1' }, 'ResourceNotFound.InstanceNotFound', /`emr-1`/],
  [
    'ClusterBusy',
    { id: 'emr-1', state: 'creating', event: 'release' },
    'ResourceInUse.InstanceInProcess',
    /creating/,
  ],
  [
    'ClusterBusy',
    { id: 'emr-1', state: 'changing', event: 'scale', change: 'restart' },
    'ResourceInUse.InstanceInProcess',
    /changing/,
  ],
  [
    'NodeGroupNotFound',
    { id: 'ng-1' },
    'ResourceNotFound.ResourceNotFound',
    /^The node group `ng-1` does not exist\.$/,
  ],
  [
    'NodeNotFound',
    { id: 'emr-vm-1' },
    'ResourceNotFound.ResourceNotFound',
    /^The node `emr-vm-1` does not exist\.$/,
  ],
  ['IdempotencyConflict', { token: 't' }, 'FailedOperation.DuplicateOrderNotAllowed', /`t`/],
  ['LimitReached', { what: 'tags', limit: 20 }, 'LimitExceeded', /20 tags/],
  [
    'OrderRepeated',
    { order: '1', cluster: 'emr-1' },
    'FailedOperation.DuplicateOrderNotAllowed',
    /order `1`.*`emr-1`/,
  ],
  ['OrderSettled', { id: '1', state: 'paid', event: 'pay' }, 'FailedOperation', /`1` is paid/],
  [
    'BalanceShort',
    { wanted: 25_000, available: 9_900 },
    'FailedOperation',
    /2\.5 CNY are needed, 0\.99 are available/,
  ],
  [
    'NotSupported',
    { what: 'MultiZone', detail: 'why' },
    'UnsupportedOperation',
    /`MultiZone`.*why/,
  ],
]

for (const [code, facts, wire, message] of ROWS) {
  test(`${code} is said as ${wire}`, () => {
    const refusal = refusalOf({ code, facts }, HEARING)
    assert.equal(refusal.code, wire)
    assert.match(refusal.message, message)
  })
}

test('a refused value is reported with what would have been accepted, a secret one without itself', () => {
  const say = (refusal: Faults['ParametersRefused']['refusals'][number]) =>
    refusalOf({ code: 'ParametersRefused', facts: { refusals: [refusal] } }, HEARING).message
  const value = { name: 'A.0.B', problem: 'value' } as const
  assert.equal(
    say({ ...value, value: '50' }),
    'The value `50` specified in the parameter `A.0.B` is not valid.',
  )
  assert.match(say({ ...value, value: '50', allowed: [1, 2] }), /one of 1, 2\.$/)
  assert.match(say({ ...value, value: '50', min: 1, max: 9 }), /between 1 and 9\.$/)
  assert.match(say({ ...value, value: '50', min: 60 }), /at least 60\.$/)
  assert.match(say({ ...value, value: '50', max: 40 }), /at most 40\.$/)
  assert.equal(
    say({ ...value, rule: 'it is weak' }),
    'The value specified in the parameter `A.0.B` is not valid: it is weak.',
  )
})

test('the first of several refusals is the one that is reported', () => {
  const refusals = [
    { name: 'First', problem: 'unknown' },
    { name: 'Second', problem: 'missing' },
  ] as const
  const { code, message } = refusalOf({ code: 'ParametersRefused', facts: { refusals } }, HEARING)
  assert.equal(code, 'UnknownParameter')
  assert.equal(message, 'The parameter `First` is not recognized.')
})

test('every fault of the core can be said', () => {
  assert.ok(Object.keys(faults).length >= ROWS.length)
  for (const say of Object.values(faults)) assert.equal(typeof say, 'function')
})
