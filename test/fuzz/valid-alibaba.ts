/**
 * Legal CreateInstanceV1 requests at random, from the documents' tables (reference: alibaba-starrocks.md 4.1 to 4.3). Ids of
 * networks come from a small set that is used consistently, so that an open environment adopts them without conflict.
 */
import type { Dice } from './dice.ts'
import type { Fields } from './verdict.ts'

export const sizes = [8, 16, 32, 64] as const
const NETWORKS = 40
const PRIMARY = 'cn-hangzhou-i'
const SECOND = 'cn-hangzhou-j'

export interface Network {
  readonly vpc: string
  readonly switches: Readonly<Record<string, string>>
}

export const networks: readonly Network[] = Array.from({ length: NETWORKS }, (_, at) => ({
  vpc: `vpc-fuzz${at}`,
  switches: { [PRIMARY]: `vsw-fuzz${at}i`, [SECOND]: `vsw-fuzz${at}j` },
}))

/** `serial` keeps names and tokens apart. */
export function validAlibaba(it: Dice, serial: string): Fields {
  const { vpc, switches } = it.pick(networks)
  const shared = it.chance(0.7)
  const monthly = it.chance(0.2)
  const camel = it.chance(0.8)
  const frontend = groupOf(it, { cu: it.pick(sizes), nodes: it.pick([1, 3, 5]), disks: 1 })
  const observer = { ...frontend, residentNodeNumber: 1, zoneId: 'cn-hangzhou-h' }
  const backend = groupOf(it, {
    cu: it.pick(sizes),
    nodes: it.between(3, 6),
    disks: it.between(1, 4),
  })
  const spelled = (group: Fields) => (camel ? group : pascal(group))
  return {
    RegionId: 'cn-hangzhou',
    InstanceName: it.pick([`fuzz_${serial}`, `实例-${serial}`]),
    AdminPassword: it.pick(['1qaz@QAZ', 'Founding#2026', 'abcDEF123_+-']),
    Version: it.pick(['3.3', '3.2', '3']),
    RunMode: shared ? 'shared_data' : 'shared_nothing',
    PackageType: 'official',
    PayType: monthly ? it.pick(['prePaid', 'PrePaid']) : it.pick(['postPaid', 'postpaid']),
    ...(monthly ? { PricingCycle: 'Month', Duration: it.pick([1, 2, 3, 6, 12]) } : {}),
    VpcId: vpc,
    ZoneId: PRIMARY,
    VSwitches: it.pick([
      [{ VswId: switches[PRIMARY], ZoneId: PRIMARY }],
      [
        { VswId: switches[SECOND], ZoneId: SECOND },
        { VswId: switches[PRIMARY], ZoneId: PRIMARY },
      ],
    ]),
    FrontendNodeGroups: [spelled(frontend)],
    BackendNodeGroups: [spelled(backend)],
    ...(shared && it.chance(0.2) ? { ObserverNodeGroups: [spelled(observer)] } : {}),
    ...optionsOf(it, serial),
  }
}

interface GroupSize {
  readonly cu: number
  readonly nodes: number
  readonly disks: number
}

function groupOf(it: Dice, { cu, nodes, disks }: GroupSize): Fields {
  return {
    cu: it.chance(0.1) ? String(cu) : cu,
    storageSize: it.between(2, 20) * 100,
    storagePerformanceLevel: it.pick(['pl1', 'PL1']),
    diskNumber: disks,
    residentNodeNumber: nodes,
    specType: 'standard',
    zoneId: PRIMARY,
    ...(it.chance(0.2) ? { localStorageInstanceType: 'null' } : {}),
  }
}

function optionsOf(it: Dice, serial: string): Fields {
  const options: Fields = {
    AutoRenew: it.chance(0.5),
    AutoPay: true,
    OssAccessingRoleName: 'AliyunEMRStarRocksAccessingOSSRole',
    ResourceGroupId: 'rg-fuzz1',
    ClientToken: `fuzz-${serial}`,
    Encrypted: it.pick([true, false, 'true', 'false']),
    KmsKeyId: 'key-fuzz',
    PromotionOptionNo: '123',
    GatewayType: it.pick(['Slb', 'slb', 'Privatezone']),
    AgentNodeGroup: { cu: it.between(1, 2) },
    Tags: it.some(['k1', 'team', '部门'], it.between(1, 3)).map((Key) => ({ Key, Value: 'v' })),
  }
  const kept = Object.fromEntries(Object.entries(options).filter(() => it.chance(0.3)))
  const encrypted = String(kept['Encrypted']) === 'true' ? { KmsKeyId: 'key-fuzz' } : {}
  const principal = {
    LinkedRamUserName: 'a.user',
    PrincipalType: it.pick(['RS', 'RR']),
    RamUserId: '123',
  }
  const lake = { DlfCatalogName: 'lake', DlfCatalogType: it.pick(['paimon', 'iceberg']) }
  return {
    ...kept,
    ...encrypted,
    ...(it.chance(0.1) ? principal : {}),
    ...(it.chance(0.1) ? lake : {}),
  }
}

/** As some clients write the members of node groups. */
function pascal(group: Fields): Fields {
  return Object.fromEntries(
    Object.entries(group).map(([name, value]) => [
      `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      value,
    ]),
  )
}
