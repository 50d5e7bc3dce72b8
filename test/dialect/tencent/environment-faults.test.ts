import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  dependencyFailed,
  quotaExceeded,
  resourceFull,
  resourceMismatch,
  resourceMissing,
  resourceShort,
  resourceUnfit,
} from '../../../src/dialect/tencent/environment-faults.ts'
import { dependencyNames, failureModes } from '../../../src/domain/dependency.ts'
import { measures, resourceKinds, tagId } from '../../../src/domain/environment.ts'

/** Of the 67 codes of the founding document, and today's finer ones that error-code.ts turns into them. */
const KNOWN =
  /^(InvalidParameter(Value|\.\w+)?|ResourceNotFound\.\w+|InternalError\.\w+|FailedOperation)$/

test('every kind of resource has a code, and its message names parameter and id', () => {
  for (const what of resourceKinds) {
    const id = what === 'tag' ? tagId('team', 'a b') : 'id-1'
    const missing = resourceMissing({ what, id })
    assert.match(missing.code, KNOWN)
    assert.match(
      missing.message,
      what === 'tag' ? /`team:a b`.*`Tags`/ : /`id-1`.*parameter `[\w.]+`/,
    )
    const unfit = resourceUnfit({ what, id: 'id-1', problem: 'it is old' })
    assert.match(unfit.code, KNOWN)
    const known = resourceMissing({ what, id, known: ['a=b', 'c=d'] }).message
    assert.match(known, /does not exist\. There are a.b, c.d\.$/)
    assert.match(
      unfit.message,
      /`id-1` specified in the parameter `[\w.]+` cannot be used: it is old\./,
    )
  }
})

const CODES: readonly [string, { readonly code: string; readonly message: string }, string][] = [
  [
    'a subnet of another zone',
    resourceMismatch({ what: 'subnet', id: 's', by: 'zone', expected: 'z-1', actual: 'z-2' }),
    'InvalidParameter.ZoneResourceNotMatch',
  ],
  [
    'a database of another network',
    resourceMismatch({
      what: 'metadata-database',
      id: 'c',
      by: 'network',
      expected: 'a',
      actual: 'b',
    }),
    'InvalidParameter.InvalidUnifyMeta',
  ],
  [
    'bad rules',
    resourceUnfit({ what: 'security-group', id: 'g', problem: 'x' }),
    'InternalError.SgError',
  ],
  [
    'no policy',
    resourceUnfit({ what: 'role', id: 'r', problem: 'x' }),
    'InvalidParameter.UngrantedPolicy',
  ],
  [
    'a full subnet',
    resourceFull({ what: 'subnet', id: 's', wanted: 2, free: 1 }),
    'InternalError.VpcError',
  ],
  [
    'no public addresses',
    resourceFull({ what: 'public-address', id: 'p', wanted: 2, free: 1 }),
    'InternalError.VpcError',
  ],
  [
    'a full placement group',
    resourceShort({ what: 'placement', type: 'ps-1', zone: '', wanted: 2, available: 0 }),
    'FailedOperation',
  ],
  [
    'no machines of a type',
    resourceShort({ what: 'machine', type: 'S5', zone: 'z', wanted: 2, available: 0 }),
    'ResourcesSoldOut.CvmSoldOut',
  ],
  [
    'no machines at all',
    resourceShort({ what: 'machine', type: '', zone: 'z', wanted: 2, available: 0 }),
    'ResourcesSoldOut.',
  ],
  [
    'too few machines',
    resourceShort({ what: 'machine', type: 'S5', zone: 'z', wanted: 2, available: 1 }),
    'ResourceInsufficient.InstanceInsufficient',
  ],
  [
    'no disks of a type',
    resourceShort({ what: 'disk', type: 'SSD', zone: '', wanted: 2, available: 0 }),
    'ResourcesSoldOut.CbsSoldOut',
  ],
  [
    'too little storage',
    resourceShort({ what: 'storage', type: 'SSD', zone: '', wanted: 2, available: 1 }),
    'ResourceInsufficient.DiskInsufficient',
  ],
  [
    'too few cores of a container cluster',
    resourceShort({ what: 'pod-cpu', type: 'cls-1', zone: '', wanted: 2, available: 0 }),
    'LimitExceeded.PodCpuLimitExceededAvailableCpu',
  ],
  [
    'too little memory of a container cluster',
    resourceShort({ what: 'pod-memory', type: 'cls-1', zone: '', wanted: 2, available: 1 }),
    'LimitExceeded.PodMemoryLimitExceededAvailableMemory',
  ],
]
for (const [what, refusal, code] of CODES)
  test(`${what} is ${code}`, () => assert.equal(refusal.code, code))

test('every quota has the one code, and says what is in use', () => {
  for (const what of measures) {
    const { code, message } = quotaExceeded({ what, type: '', limit: 5, used: 4, wanted: 2 })
    assert.equal(code, 'InternalError.CheckQuotaErr')
    assert.match(message, /is 5: 4 are in use, 2 more are needed/)
  }
})

test('the seventeen codes of dependencies are all reached', () => {
  const codes = dependencyNames.flatMap((dependency) =>
    failureModes.map((mode) => dependencyFailed({ dependency, mode }).code),
  )
  assert.deepEqual(
    new Set(codes),
    new Set(
      'AccountCgw CamCgw Cam CbsCgw Cbs CdbCgw Cdb ConfigCgw Cvm Kms ProjectCgw Sg TKE Tag TradeCgw VpcCgw Vpc'
        .split(' ')
        .map((name) => `InternalError.${name}Error`),
    ),
  )
})
