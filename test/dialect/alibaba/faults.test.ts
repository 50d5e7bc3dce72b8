import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault, type FaultCode, type Faults } from '../../../src/domain/fault.ts'
import { problemsRefused, refusalOf } from '../../../src/dialect/alibaba/faults.ts'

type Row = { readonly [C in FaultCode]: readonly [Faults[C], number, string, RegExp] }

/** One line for every fault of the core; the type holds it complete. */
const rows: Row = {
  ActionUnknown: [{ action: 'X' }, 404, 'InvalidAction.NotFound', /check your url and method/],
  ActionNotBuilt: [{ action: 'ModifyCu' }, 400, 'UnsupportedOperation', / ModifyCu /],
  VersionUnknown: [{ version: '1' }, 400, 'NoSuchVersion', /version does not exist/],
  MethodRefused: [{ method: 'PUT' }, 400, 'UnsupportedHTTPMethod', / PUT /],
  RequestTooLarge: [{ limitBytes: 9 }, 413, 'RequestEntityTooLarge', / 9 bytes/],
  RequestMalformed: [{ detail: 'it is not JSON' }, 400, 'InvalidParameter', /body .* not JSON/],
  MediaTypeRefused: [{ mediaType: 'text/html' }, 415, 'UnsupportedMediaType', /text\/html/],
  RegionUnknown: [
    { region: 'x', known: ['cn-beijing', 'cn-hangzhou'] },
    400,
    'InvalidParams',
    /^Invalid params: \[Region id should be select from set \[cn-beijing, cn-hangzhou\]\]$/,
  ],
  Throttled: [{ seen: 21, limit: 20 }, 400, 'Throttling.User', /flow control/],
  Overloaded: [{ what: 'writes' }, 503, 'ServiceUnavailable', /temporary failure/],
  CredentialMissing: [{}, 400, 'MissingAccessKeyId', /mandatory/],
  CredentialUnknown: [{ keyId: 'k' }, 404, 'InvalidAccessKeyId.NotFound', /not found/],
  CredentialDisabled: [{ keyId: 'k' }, 400, 'InvalidAccessKeyId.Inactive', /disabled/],
  SignatureRefused: [
    { problem: 'mismatch', stringToSign: 'A\nB' },
    400,
    'SignatureDoesNotMatch',
    /server string to sign is:A\nB$/,
  ],
  TokenRefused: [{ why: 'expired' }, 400, 'InvalidSecurityToken.Expired', /expired/],
  NonceReused: [{}, 400, 'SignatureNonceUsed', /used already/],
  AccessDenied: [
    {
      action: 'sr:X',
      resource: '*',
      resources: ['*'],
      explicit: false,
      account: '1',
      principal: 'p',
      principalId: '2',
      principalKind: 'user',
      decision: { effect: 'deny', kind: 'implicit' },
      atMs: 0,
    },
    403,
    'Forbidden.RAM',
    /not authorized/,
  ],
  ParametersRefused: [
    { refusals: [{ name: 'InstanceId', problem: 'missing' }] },
    400,
    'MissingInstanceId',
    /^InstanceId is mandatory for this action\.$/,
  ],
  ClusterNotFound: [{ id: 'c-1' }, 404, 'Instance.NotFound', /NotFound.* c-1 /],
  ClusterBusy: [
    { id: 'c-1', state: 'failed', event: 'x' },
    400,
    'OperationDenied.InstanceStatus',
    / c-1 .* creating_failed/,
  ],
  NodeGroupNotFound: [{ id: 'ng-1' }, 404, 'NodeGroup.NotFound', /ng-1/],
  NodeNotFound: [{ id: 'be-1' }, 404, 'Node.NotFound', /be-1/],
  ScalingRuleNotFound: [{ id: 'r-1' }, 404, 'ScalingRule.NotFound', /r-1/],
  OperationNotFound: [{ id: 'op-1' }, 404, 'Operation.NotFound', /op-1/],
  BackupNotFound: [{ id: 'bt-1' }, 404, 'Backup.NotFound', /bt-1/],
  BackupPolicyNotFound: [{ id: 'bk-policy-1' }, 404, 'BackupPolicy.NotFound', /bk-policy-1/],
  BackupUnfit: [
    { id: 'bt-1', state: 'running' },
    400,
    'OperationDenied.BackupStatus',
    /backup bt-1 is in status RUNNING/,
  ],
  IdempotencyConflict: [{ token: 't' }, 400, 'IdempotentParameterMismatch', /non-identical/],
  ResourceMissing: [{ what: 'network', id: 'vpc-1' }, 400, 'InvalidParams', /vpc vpc-1 not exists/],
  ResourceMismatch: [
    { what: 'subnet', id: 'vsw-1', by: 'zone', expected: 'z-1', actual: 'z-2' },
    400,
    'InvalidParams',
    /vSwitch vsw-1 is in zone z-2, not in z-1/,
  ],
  ResourceUnfit: [
    { what: 'encryption-key', id: 'k', problem: 'it is disabled' },
    400,
    'InvalidParams',
    /kms key k cannot be used: it is disabled/,
  ],
  ResourceFull: [
    { what: 'subnet', id: 'vsw-1', wanted: 3, free: 2 },
    400,
    'InvalidParams',
    /vsw-1 has 2 free, 3 are needed/,
  ],
  ResourceShort: [
    { what: 'machine', type: 't', zone: 'z', wanted: 3, available: 2 },
    400,
    'InvalidParams',
    /2 CUs in stock, 3 are needed/,
  ],
  QuotaExceeded: [
    { what: 'cluster', type: 't', limit: 1, used: 1, wanted: 1 },
    400,
    'InvalidParams',
    /Quota of instances is 1/,
  ],
  LimitReached: [
    { what: 'tags', limit: 20 },
    400,
    'InvalidParams',
    /^Invalid params: \[Number of tags should be in range \[0, 20\]\]$/,
  ],
  OrderRepeated: [{ order: '1', cluster: 'c-1' }, 400, 'OperationDenied.OrderStatus', /order 1/],
  OrderSettled: [
    { id: '1', state: 'paid', event: 'pay' },
    400,
    'OperationDenied.OrderStatus',
    /^The order 1 is paid already\.$/,
  ],
  BalanceShort: [
    { wanted: 2, available: 1 },
    403,
    'InvalidAccountStatus.NotEnoughBalance',
    /enough balance/,
  ],
  NotSupported: [{ what: 'A', detail: 'b' }, 400, 'UnsupportedOperation', /^A is not supported: b/],
  DependencyFailed: [
    { dependency: 'compute', mode: 'service' },
    503,
    'ServiceUnavailable',
    /temporary/,
  ],
}

for (const [code, [facts, status, wireCode, says]] of Object.entries(rows)) {
  test(`${code} is ${wireCode}`, () => {
    const refusal = refusalOf(new Fault(code as FaultCode, facts))
    assert.deepEqual([refusal.status, refusal.code], [status, wireCode])
    assert.match(refusal.message, says)
  })
}

const problems: readonly [string, number, string][] = [
  ['missing', 400, 'IncompleteSignature'],
  ['malformed', 400, 'IncompleteSignature'],
  ['header-unsigned', 400, 'IncompleteSignature'],
  ['algorithm-unknown', 400, 'InvalidSignatureMethod'],
  ['mismatch', 400, 'SignatureDoesNotMatch'],
  ['body-hash-mismatch', 400, 'SignatureDoesNotMatch'],
  ['timestamp-malformed', 400, 'InvalidTimeStamp.Format'],
  ['timestamp-expired', 400, 'InvalidTimeStamp.Expired'],
  ['nonce-cache-full', 503, 'ServiceUnavailable'],
]
for (const [problem, status, code] of problems) {
  test(`a signature that is ${problem} is ${code}`, () => {
    const refusal = refusalOf(new Fault('SignatureRefused', { problem, part: 'x-acs-date' }))
    assert.deepEqual([refusal.status, refusal.code], [status, code])
  })
}

const tokens = [
  ['missing', 'MissingSecurityToken'],
  ['malformed', 'InvalidSecurityToken.Malformed'],
  ['expired', 'InvalidSecurityToken.Expired'],
  ['mismatch', 'InvalidSecurityToken.MismatchWithAccessKey'],
] as const
for (const [why, code] of tokens) {
  test(`a token that is ${why} is ${code}`, () => {
    assert.equal(refusalOf(new Fault('TokenRefused', { why })).code, code)
  })
}

test('a throttled client receives how long to wait, in the header of each client generation', () => {
  const { headers } = refusalOf(new Fault('Throttled', { seen: 2, limit: 1 }))
  assert.equal(headers?.['x-acs-retry-after'], '1000')
  assert.equal(headers?.['x-ratelimit-user-api'], 'TimeLeft:1000')
})

test('refused values are reported together, and a missing or unreadable parameter before them', () => {
  const value = { name: 'A.0.b', problem: 'value', min: 1, max: 2 } as const
  const refusals = [
    value,
    { name: 'C', problem: 'value', label: 'Cu of fe', allowed: [8, 16] },
    { name: 'D', problem: 'value', message: 'D is odd' },
    { name: 'E', problem: 'value', rule: 'should be even' },
    { name: 'F', problem: 'value' },
  ] as const
  assert.equal(
    refusalOf(new Fault('ParametersRefused', { refusals })).message,
    'Invalid params: [A.1.b should be in range [1, 2], Cu of fe should be select from set [8, 16], D is odd, E should be even, F is not valid]',
  )
  const unreadable = { name: 'X.1', problem: 'type' } as const
  const first = refusalOf(new Fault('ParametersRefused', { refusals: [unreadable, ...refusals] }))
  assert.deepEqual(
    [first.code, first.message],
    ['InvalidParameter', 'The specified parameter X.2 is not valid.'],
  )
  const nested = { name: 'VSwitches.0.VswId', problem: 'missing' } as const
  const missing = refusalOf(new Fault('ParametersRefused', { refusals: [nested] }))
  assert.equal(missing.code, 'MissingParameter')
  assert.match(missing.message, /"VSwitches\.1\.VswId"/)
})

test('a declaration may name its own code', () => {
  const refusals = [
    { name: 'A', problem: 'value', code: 'Own.Code', message: 'Own words' },
  ] as const
  const refusal = refusalOf(new Fault('ParametersRefused', { refusals }))
  assert.deepEqual([refusal.code, refusal.message], ['Own.Code', 'Own words'])
})

test('problems of the catalogue become refusals in the words of the service', () => {
  const refusals = problemsRefused([{ what: 'Duration', rule: 'required', when: 'x is y' }])
  assert.equal(
    refusalOf(new Fault('ParametersRefused', { refusals })).message,
    'Invalid params: [Duration is required when x is y]',
  )
})
