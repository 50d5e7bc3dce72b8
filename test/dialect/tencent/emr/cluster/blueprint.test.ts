import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../../../../src/domain/fault.ts'
import {
  readBlueprint,
  readQuotation,
} from '../../../../../src/dialect/tencent/emr/cluster/blueprint.ts'
import type { CreationInput } from '../../../../../src/dialect/tencent/emr/cluster/create-shape.ts'
import { spelled } from '../../../../../src/dialect/tencent/wire/error-code.ts'
import { machine, REGION } from '../../../../support/http/tencent-client.ts'
import {
  base,
  breaches,
  custom,
  file,
  files,
  script,
  software,
  spec,
  withCore,
  withType,
  type Members,
} from '../../../../support/fixture/tencent-breach.ts'
import { satisfiedPrerequisites } from '../../../../support/fixture/tencent-prerequisites.ts'

for (const [index, [code, members]] of breaches.entries()) {
  test(`CreateInstance refuses ${brief(members)} with ${code}`, async () => {
    assert.equal(await codeOf({ ...base, ...members }), code)
    // Whatever comes later in the documented order and breaks other members does not come first.
    for (const [, later] of breaches.slice(index + 1)) {
      if (overlaps(members, later)) continue
      assert.equal(await codeOf({ ...base, ...later, ...members }), code, `with ${brief(later)}`)
    }
  })
}

const ACCEPTED: readonly Members[] = [
  {},
  { InstanceName: '数据平台集群' },
  { InstanceName: 'x'.repeat(36) },
  { LoginSettings: { PublicKeyId: 'skey-12345678' } },
  { LoginSettings: { Password: 'Aa1@aaaa' } },
  { Software: ['hadoop-2.8.5', ' ZooKeeper-3.6.1\n', 'openldap', 'knox'] },
  { Placement: { Zone: '100003' } },
  { SgId: '', ClientToken: '', ExtendFsField: '', MetaType: '', SceneName: '' },
  { SceneName: 'HADOOP-Hbase' },
  { MetaType: 'EMR_NEW_META' },
  { MetaType: 'EMR_EXIT_META', UnifyMetaInstanceId: 'cdb-12345678' },
  { MetaType: 'USER_CUSTOM_META', MetaDBInfo: custom },
  { PayMode: 1, TimeUnit: 'm', TimeSpan: 36, AutoRenew: 1 },
  { CheckSecurity: 7 },
  { DisasterRecoverGroupIds: ['ps-12345678'] },
  withCore({ InstanceType: 'S5.LARGE8', Spec: undefined, StorageType: undefined }),
  withCore({ MultiDisks: [{ DiskType: 'CLOUD_SSD', Volume: 100, Count: 14 }] }),
  withType('D1.2XLARGE32', { DiskType: 'LOCAL_BASIC', DiskNum: 2 }),
  files(file),
  script({ WhenRun: 'resourceAfter', Args: ['a', 'b'], RunOrder: 3 }),
  { PreExecutedFileSettings: [{ Path: '/a.sh', Bucket: 'b', Region: 'ap-guangzhou', AppId: '1' }] },
  software('tez', 'hive', 'spark', 'livy'),
  {
    SupportHA: 1,
    ...software('kudu'),
    ResourceSpec: {
      ...spec,
      MasterCount: 3,
      CoreCount: 3,
      CommonCount: 3,
      CommonResourceSpec: machine(2, 4),
    },
  },
]

for (const members of ACCEPTED) {
  test(`CreateInstance accepts ${brief(members)}`, async () => {
    assert.equal(await codeOf({ ...base, ...members }), '')
  })
}

test("today's list of codes is finer where it has a code of its own", async () => {
  const cases: readonly (readonly [string, Members])[] = [
    ['InvalidParameter.InvalidSoftWareName', software('teleport')],
    ['InvalidParameter.InvalidCoreCount', { ResourceSpec: { ...spec, CoreCount: 21 } }],
    ['InvalidParameter.InvalidInstanceType', withCore({ Cpu: 5 })],
    ['InvalidParameter.InvalidSecuritySupport', { ProductId: 27, CheckSecurity: 1 }],
    ['InvalidParameter.InvalidCosFileURI', script({ CosFileURI: 'ftp://x/y' })],
    [
      'InvalidParameter.HALessMasterCount',
      { SupportHA: 1, ResourceSpec: { ...spec, CommonCount: 3 } },
    ],
    ['InvalidParameter.InvalidSercurityGrpupId', { SgId: 'sg-1' }],
  ]
  for (const [code, members] of cases)
    assert.equal(await codeOf({ ...base, ...members }, 'current'), code, brief(members))
})

test('scripts run by moment and order, whatever order they were given in', async () => {
  const { bootstrap } = await readBlueprint(
    {
      ...base,
      PreExecutedFileSettings: [
        { CosFileURI: 'cos://b/3.sh', WhenRun: 'clusterAfter', RunOrder: 2 },
        { CosFileURI: 'cos://b/2.sh', WhenRun: 'clusterAfter', RunOrder: 1 },
        { CosFileURI: 'cos://b/1.sh', WhenRun: 'resourceAfter', RunOrder: 9 },
      ],
    },
    REGION,
    satisfiedPrerequisites,
  )
  assert.deepEqual(
    bootstrap.map((each) => each.name),
    ['1.sh', '2.sh', '3.sh'],
  )
})

test('a price inquiry for one zone understands both places where the zone can be given', async () => {
  const { Placement, VPCSettings, ResourceSpec, ...order } = base
  const nested = {
    ...order,
    Currency: 'CNY',
    VersionID: 1,
    MultiZoneSettings: [{ Placement, VPCSettings, ResourceSpec }],
  }
  const flat = { ...base, Currency: 'CNY' }
  const one = await readQuotation(nested, REGION, satisfiedPrerequisites)
  assert.deepEqual(await readQuotation(flat, REGION, satisfiedPrerequisites), one)
  assert.ok(one.price.original > 0)
})

async function codeOf(input: Members, codes: 'seed' | 'current' = 'seed'): Promise<string> {
  try {
    await readBlueprint(input as unknown as CreationInput, REGION, satisfiedPrerequisites)
    return ''
  } catch (problem) {
    if (!(problem instanceof Fault)) throw problem
    if (problem.code === 'NotSupported') return 'UnsupportedOperation'
    assert.equal(problem.code, 'ParametersRefused')
    const [refusal] = (problem as Fault<'ParametersRefused'>).facts.refusals
    if (refusal?.problem === 'missing') return 'MissingParameter'
    return spelled(refusal?.code ?? 'InvalidParameterValue', codes)
  }
}

/** Members that one rule reads together count as one. */
function overlaps(one: Members, other: Members): boolean {
  const together = [
    ['PayMode', 'TimeUnit', 'TimeSpan'],
    [
      'ProductId',
      'Software',
      'ResourceSpec',
      'SceneName',
      'CheckSecurity',
      'SupportHA',
      'ExtendFsField',
    ],
    ['VersionID', 'MultiZoneSettings', 'Placement', 'VPCSettings', 'ResourceSpec'],
    ['MetaType', 'MetaDBInfo', 'UnifyMetaInstanceId'],
    ['PayMode', 'ResourceSpec'],
    ['Placement', 'ResourceSpec'],
  ]
  const names = (members: Members) =>
    new Set(
      Object.keys(members).flatMap((name) => [
        name,
        ...together.filter((group) => group.includes(name)).flat(),
      ]),
    )
  const taken = names(one)
  return Object.keys(other).some((name) => taken.has(name))
}

function brief(members: Members): string {
  const text = JSON.stringify(members, (_, value: unknown) => value ?? 'nothing')
  return text.length > 90 ? `${text.slice(0, 90)}…` : text
}
