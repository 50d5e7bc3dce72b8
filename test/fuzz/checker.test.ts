/** The checkers themselves: they pass what is legal and find what is broken, or the fuzzer would prove nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBody } from '../support/http/alibaba-client.ts'
import { machine, sampleCreateRequest } from '../support/http/tencent-client.ts'
import { judgeAlibaba } from './checker-alibaba.ts'
import { judgeTencent } from './checker-tencent.ts'
import { dice } from './dice.ts'
import { validAlibaba } from './valid-alibaba.ts'
import { validTencent } from './valid-tencent.ts'
import type { Fields } from './verdict.ts'

const sample = sampleCreateRequest()
const nodes = (members: Fields) => ({ ResourceSpec: { ...sample.ResourceSpec, ...members } })
const core = (members: Fields) => nodes({ CoreResourceSpec: { ...machine(4, 8), ...members } })
const script = (members: Fields) => ({
  PreExecutedFileSettings: [{ CosFileURI: 'cos://b/a.sh', ...members }],
})

const BROKEN_TENCENT: readonly Fields[] = [
  { Surprise: 1 },
  { ProductId: 5 },
  { ProductId: 'thirty' },
  { InstanceName: undefined },
  { InstanceName: 'short' },
  { InstanceName: 'with space' },
  { PayMode: 2 },
  { TimeUnit: 'm' },
  { TimeSpan: 3601 },
  { PayMode: 1, TimeUnit: 'm', TimeSpan: 13 },
  { SupportHA: 2 },
  { SupportHA: 1 },
  { LoginSettings: {} },
  { LoginSettings: { Password: 'tencent@cloud123' } },
  { LoginSettings: { PublicKeyId: 'key' } },
  { Placement: { Zone: 'ap-shanghai-2' } },
  { Placement: { Zone: 'ap-guangzhou-3', ProjectId: -1 } },
  { VPCSettings: { VpcId: 'net', SubnetId: 'subnet-1' } },
  { VPCSettings: { VpcId: 'vpc-fuzz1', SubnetId: 'subnet-fuzz2z3' } },
  { VPCSettings: { VpcId: 'vpc-fuzz1', SubnetId: 'subnet-fuzz1z4' } },
  { SgId: 'sg-1' },
  { Software: [] },
  { Software: ['hdfs', 'yarn'] },
  { Software: [...sample.Software, 'teleport'] },
  { Software: [...sample.Software, 'hive-9.9.9'] },
  { Software: [...sample.Software, 'hdfs'] },
  nodes({ MasterCount: 2 }),
  nodes({ CoreCount: 1 }),
  nodes({ CoreCount: 21 }),
  nodes({ CommonCount: 1 }),
  nodes({ CoreResourceSpec: undefined }),
  core({ Cpu: 5 }),
  core({ Spec: 'CVM.X9' }),
  core({ DiskType: 'FLOPPY' }),
  core({ DiskSize: 105 }),
  core({ RootSize: 40 }),
  core({ MultiDisks: [{ DiskType: 'CLOUD_SSD', Volume: 100, Count: 15 }] }),
  core({ Tags: [{ TagKey: 'qcloud', TagValue: '' }] }),
  { AutoRenew: 2 },
  { CbsEncrypt: 2 },
  { NeedMasterWan: 'YES' },
  { RemoteLoginAtCreate: 80 },
  { ClientToken: 'x'.repeat(65) },
  { DisasterRecoverGroupIds: ['ps-12345678', 'ps-12345679'] },
  { COSSettings: { CosSecretId: 'id' } },
  { COSSettings: { CosSecretId: 'i', CosSecretKey: 'k', LogOnCosPath: '/logs' } },
  { MetaType: 'OTHER' },
  { MetaType: 'EMR_EXIST_META' },
  { MetaType: 'USER_CUSTOM_META', MetaDBInfo: { MetaDataJdbcUrl: 'jdbc:oracle:x' } },
  { ExtendFsField: '{}' },
  { ExtendFsField: '[{"serviceName":"HIVE","classification":"x","properties":{"a":"b"}}]' },
  { Tags: [1, 2].map(() => ({ TagKey: 'a', TagValue: 'b' })) },
  { Tags: Array.from({ length: 6 }, (_, at) => ({ TagKey: `k${at}`, TagValue: '' })) },
  script({ CosFileURI: 'ftp://x/y' }),
  script({ WhenRun: 'never' }),
  script({ Args: ['with space'] }),
]

const group = {
  cu: 8,
  storageSize: 200,
  storagePerformanceLevel: 'pl1',
  diskNumber: 1,
  residentNodeNumber: 3,
  specType: 'standard',
  zoneId: 'cn-hangzhou-i',
}
const frontend = (members: Fields) => ({ FrontendNodeGroups: [{ ...group, ...members }] })
const backend = (members: Fields) => ({ BackendNodeGroups: [{ ...group, ...members }] })

const BROKEN_ALIBABA: readonly Fields[] = [
  { RegionId: 'nowhere' },
  { InstanceName: null },
  { InstanceName: 'a b' },
  { AdminPassword: 'onlyletters' },
  { Version: 'newest' },
  { RunMode: 'shared' },
  { PackageType: 'large' },
  { PayType: 'later' },
  { PayType: 'prePaid', PricingCycle: null },
  { PayType: 'prePaid', PricingCycle: 'Week', Duration: 1 },
  { PayType: 'prePaid', PricingCycle: 'Month', Duration: 61 },
  { VpcId: 'net' },
  { ZoneId: 'cn-beijing-h' },
  { VSwitches: [{ VswId: 'vsw-1', ZoneId: 'cn-hangzhou-j' }] },
  { VSwitches: [{ VswId: 'vsw-1', ZoneId: 'z' }] },
  { VSwitches: 5 },
  { Encrypted: true, KmsKeyId: null },
  { Encrypted: 'maybe' },
  { AutoPay: 'yes' },
  { ClientToken: 'ключ' },
  { GatewayType: 'tunnel' },
  { PrincipalType: 'RS' },
  { DlfCatalogType: 'hudi' },
  { DlfCatalogType: 'paimon' },
  { Tags: [{ Key: 'a' }, { Key: 'a' }] },
  { Tags: [{ Key: 'aliyun-x' }] },
  frontend({ cu: 9 }),
  frontend({ residentNodeNumber: 2 }),
  frontend({ storagePerformanceLevel: 'pl2' }),
  frontend({ diskNumber: 2 }),
  frontend({ specType: 'bigData' }),
  frontend({ zoneId: 'cn-hangzhou-j' }),
  backend({ residentNodeNumber: 101 }),
  backend({ storageSize: 65_100 }),
  backend({ diskNumber: 11 }),
  backend({ specType: 'huge' }),
  backend({ specType: 'localSSD' }),
  { RunMode: 'shared_nothing' },
  { ObserverNodeGroups: [{ ...group, cu: 16, zoneId: 'cn-hangzhou-h' }] },
  { ObserverNodeGroups: [{ ...group, storageSize: 100 }] },
]

test('what the generators make is legal', () => {
  for (let at = 0; at < 500; at++) {
    const it = dice(`legal-${at}`)
    const one = judgeTencent(validTencent(it, `serial${at}`))
    assert.deepEqual(one, { says: 'valid', why: [] }, `tencent ${at}`)
    const other = judgeAlibaba(validAlibaba(it, `serial${at}`))
    assert.deepEqual(other, { says: 'valid', why: [] }, `alibaba ${at}`)
  }
})

test('what is broken is found', () => {
  assert.notEqual(judgeTencent(sample).says, 'invalid')
  for (const members of BROKEN_TENCENT) {
    const request: unknown = JSON.parse(JSON.stringify({ ...sample, ...members }))
    assert.equal(judgeTencent(request).says, 'invalid', JSON.stringify(members))
  }
  const body = createBody({ FrontendNodeGroups: [group], BackendNodeGroups: [group] })
  const observer = { ...group, zoneId: 'cn-hangzhou-h' }
  const whole = { ...body, ObserverNodeGroups: [observer] }
  assert.notEqual(judgeAlibaba(whole).says, 'invalid')
  for (const members of BROKEN_ALIBABA)
    assert.equal(judgeAlibaba({ ...whole, ...members }).says, 'invalid', JSON.stringify(members))
})
