/** Requests to CreateInstanceV1 that break one rule each beyond the type and presence of members (reference: alibaba-starrocks.md 4.2, 4.3). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBody } from '../support/http/alibaba-client.ts'
import type { Breach, Request } from './refusal.ts'

/** Without what would be refused for another reason. */
export const plainInstance: Request = {
  ObserverNodeGroups: null,
  PromotionOptionNo: null,
  KmsKeyId: null,
}

const group = { cu: 8, storageSize: 200, residentNodeNumber: 3, diskNumber: 1 }
const monthly = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }
const observer = { ...group, storageSize: 100, residentNodeNumber: 1, zoneId: 'cn-hangzhou-h' }
const principal = { LinkedRamUserName: 'a', PrincipalType: 'RS', RamUserId: '1' }
const backend = (members: Request) => ({ BackendNodeGroups: [{ ...group, ...members }] })
const frontend = (members: Request) => ({ FrontendNodeGroups: [{ ...group, ...members }] })
const observed = (members: Request) => ({ ObserverNodeGroups: [{ ...observer, ...members }] })
const long = 'x'.repeat(300)

/** Parameter, and what is wrong with it. */
const broken: readonly (readonly [name: string, members: Request])[] = [
  ['RegionId', { RegionId: 'cn-atlantis' }],
  ['InstanceName', { InstanceName: 'a b' }],
  ['AdminPassword', { AdminPassword: 'onlyletters' }],
  ['Version', { Version: '3.1' }],
  ['RunMode', { RunMode: 'lakehouse' }],
  ['PackageType', { PackageType: 'free' }],
  ['PayType', { PayType: 'later' }],
  ['VpcId', { VpcId: 'net' }],
  ['PricingCycle', { ...monthly, PricingCycle: null }],
  ['PricingCycle', { ...monthly, PricingCycle: 'Week' }],
  ['PricingCycle', { PricingCycle: long }],
  ['VSwitches', { VSwitches: Array.from({ length: 11 }, () => ({ VswId: 'vsw-1' })) }],
  ['VSwitches.0.VswId', { VSwitches: [{ VswId: 'switch' }] }],
  ['VSwitches.0.ZoneId', { VSwitches: [{ VswId: 'vsw-1', ZoneId: 'cn-atlantis-z' }] }],
  ['ZoneId', { VSwitches: [{ VswId: 'vsw-1', ZoneId: 'cn-hangzhou-j' }] }],
  ['ZoneId', { ZoneId: 'cn-beijing-h', FrontendNodeGroups: null, BackendNodeGroups: null }],
  ['OssAccessingRoleName', { OssAccessingRoleName: 'no role!' }],
  ['Duration', { ...monthly, Duration: 7 }],
  ['Duration', { ...monthly, Duration: 0 }],
  ['Duration', { Duration: -1 }],
  ['Tags', { Tags: Array.from({ length: 21 }, (_, at) => ({ Key: `k${at}` })) }],
  ['Tags.0.Key', { Tags: [{ Key: 'aliyun-x' }] }],
  ['Tags.0.Value', { Tags: [{ Key: 'k', Value: long }] }],
  ['Tags.1.Key', { Tags: [{ Key: 'k' }, { Key: 'k' }] }],
  ['ResourceGroupId', { ResourceGroupId: 'group' }],
  ['ClientToken', { ClientToken: 'x'.repeat(65) }],
  ['PromotionOptionNo', { PromotionOptionNo: long }],
  ['KmsKeyId', { Encrypted: true }],
  ['KmsKeyId', { KmsKeyId: long }],
  ['GatewayType', { GatewayType: 'tunnel' }],
  ['AgentNodeGroup.cu', { AgentNodeGroup: { cu: 3 } }],
  [
    'AgentNodeGroup',
    {
      PackageType: 'trial',
      AgentNodeGroup: { cu: 2 },
      FrontendNodeGroups: null,
      BackendNodeGroups: null,
    },
  ],
  ['LinkedRamUserName', { ...principal, LinkedRamUserName: null }],
  ['PrincipalType', { ...principal, PrincipalType: null }],
  ['PrincipalType', { ...principal, PrincipalType: 'XX' }],
  ['RamUserId', { ...principal, RamUserId: null }],
  ['DlfCatalogName', { DlfCatalogType: 'paimon' }],
  ['DlfCatalogType', { DlfCatalogName: 'l', DlfCatalogType: 'hudi' }],
  ['EnableMultiAz', { EnableMultiAz: true, RunMode: 'shared_nothing' }],
  [
    'EnableMultiAz',
    {
      EnableMultiAz: true,
      PackageType: 'trial',
      FrontendNodeGroups: null,
      BackendNodeGroups: null,
    },
  ],
  ['ObserverNodeGroups', { ...observed({}), RunMode: 'shared_nothing' }],
  ['ObserverNodeGroups.0.cu', observed({ cu: 16 })],
  ['ObserverNodeGroups.0.storageSize', observed({ storageSize: 300 })],
  ['ObserverNodeGroups.0.zoneId', observed({ zoneId: 'cn-hangzhou-i' })],
  ['FrontendNodeGroups', { FrontendNodeGroups: [group, { ...group, nodeGroupName: 'b' }] }],
  ['FrontendNodeGroups.0.cu', frontend({ cu: 9 })],
  ['FrontendNodeGroups.0.residentNodeNumber', frontend({ residentNodeNumber: 2 })],
  ['FrontendNodeGroups.0.residentNodeNumber', frontend({ residentNodeNumber: 99 })],
  ['FrontendNodeGroups.0.storagePerformanceLevel', frontend({ storagePerformanceLevel: 'pl3' })],
  ['FrontendNodeGroups.0.diskNumber', frontend({ diskNumber: 2 })],
  ['FrontendNodeGroups.0.specType', frontend({ specType: 'bigData' })],
  ['FrontendNodeGroups.0.zoneId', frontend({ zoneId: 'cn-hangzhou-j' })],
  ['FrontendNodeGroups.0.nodeGroupName', frontend({ nodeGroupName: long })],
  ['BackendNodeGroups.0.cu', backend({ cu: 9 })],
  ['BackendNodeGroups.0.storageSize', backend({ storageSize: 1 })],
  ['BackendNodeGroups.0.residentNodeNumber', backend({ residentNodeNumber: 1000 })],
  ['BackendNodeGroups.0.storagePerformanceLevel', backend({ storagePerformanceLevel: 'pl9' })],
  ['BackendNodeGroups.0.diskNumber', backend({ diskNumber: 11 })],
  ['BackendNodeGroups.0.specType', backend({ specType: 'huge' })],
  ['BackendNodeGroups.0.zoneId', backend({ zoneId: 'cn-hangzhou-j' })],
  ['BackendNodeGroups.0.description', backend({ description: long })],
  [
    'BackendNodeGroups.1.nodeGroupName',
    {
      BackendNodeGroups: [
        { ...group, nodeGroupName: 'a' },
        { ...group, nodeGroupName: 'a' },
      ],
    },
  ],
  [
    'BackendNodeGroups.1.specType',
    { BackendNodeGroups: [group, { ...group, specType: 'ramEnhanced' }] },
  ],
  ['BackendNodeGroups.0.localStorageInstanceType', backend({ specType: 'localSSD', cu: 16 })],
  [
    'BackendNodeGroups.0.cu',
    backend({
      specType: 'localSSD',
      localStorageInstanceType: 'local_ssd_2g_4xlarge',
      cu: 8,
      storageSize: 0,
      diskNumber: 0,
    }),
  ],
]

export const alibabaContradictions: readonly Breach[] = broken.map(([name, members]) => ({
  title: `${name} of ${JSON.stringify(members).slice(0, 80)}`,
  request: createBody({ ...plainInstance, ...members }),
  name,
}))

const CATALOGUE = join(import.meta.dirname, '../../src/dialect/alibaba/catalogue')

/** What the catalogue's sentences about a creation begin with, as they stand in its source. */
export function alibabaSources(): readonly string[] {
  const sources = ['instance-shape.ts', 'node-group.ts', 'version.ts'].map((file) =>
    readFileSync(join(CATALOGUE, file), 'utf8'),
  )
  const literals = sources.flatMap((text) => [
    ...text.matchAll(/(?:notIn|notWithin|required)\(\s*['`]([A-Z][\w -]*)/g),
    ...text.matchAll(/what(?: =|:) ['`]([A-Z][\w -]*)/g),
    ...text.matchAll(/\['([A-Z][\w -]*)', '/g),
  ])
  return [...new Set(literals.map(([, what = '']) => what.trim()))]
}
