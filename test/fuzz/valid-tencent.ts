/**
 * Legal CreateInstance requests at random, from the documents' tables (reference: tencent-emr.md 2.1 to 2.6, 3.2, 3.3, 3.5, 3.7).
 * Ids of networks come from a small set that is used consistently, so that an open environment adopts them without conflict.
 */
import type { Dice } from './dice.ts'
import type { Fields } from './verdict.ts'

export interface ProductTable {
  readonly kind: 'hadoop' | 'clickhouse' | 'doris' | 'kafka' | 'druid'
  readonly mandatory: Readonly<Record<string, string>>
  readonly optional: Readonly<Record<string, string>>
  readonly kerberos: boolean
}

export const products: ReadonlyMap<number, ProductTable> = new Map<number, ProductTable>([
  [
    30,
    {
      kind: 'hadoop',
      mandatory: table('hdfs-2.8.5 yarn-2.8.5 zookeeper-3.6.1 knox-1.2.0 openldap-2.4.44'),
      optional: table(
        'hive-2.3.7 tez-0.9.2 hbase-1.4.9 flink-1.12.1 storm-1.2.3 hue-4.6.0 oozie-5.1.0 sqoop-1.4.7 flume-1.9.0 ganglia-3.7.2 alluxio-2.5.0 superset-0.35.2',
      ),
      kerberos: true,
    },
  ],
  [
    20,
    {
      kind: 'hadoop',
      mandatory: table('hdfs-2.8.5 yarn-2.8.5 zookeeper-3.6.1 knox-1.2.0'),
      optional: table('hive-2.3.7 hbase-1.4.9 flink-1.10.0 flume-1.9.0 ganglia-3.7.2 kudu-1.12.0'),
      kerberos: true,
    },
  ],
  [
    25,
    {
      kind: 'hadoop',
      mandatory: table('hdfs-3.1.2 yarn-3.1.2 zookeeper-3.6.1 knox-1.2.0'),
      optional: table('hive-3.1.1 tez-0.9.2 hbase-2.3.3 flink-1.10.0 sqoop-1.4.7 flume-1.9.0'),
      kerberos: true,
    },
  ],
  [
    13,
    {
      kind: 'druid',
      mandatory: table('hdfs-2.8.5 yarn-2.8.5 druid-0.17.0 zookeeper-3.5.5 knox-1.2.0'),
      optional: table('superset-0.35.2 ganglia-3.7.2'),
      kerberos: false,
    },
  ],
  [
    26,
    { kind: 'doris', mandatory: table('doris-0.13.0 knox-1.2.0'), optional: {}, kerberos: false },
  ],
  [
    27,
    {
      kind: 'kafka',
      mandatory: table('kafka-1.1.1 kafkamanager-2.0.0.2 knox-1.2.0 zookeeper-3.6.1'),
      optional: {},
      kerberos: false,
    },
  ],
])

/** Cores to the sizes of memory in GB that exist with them. */
export const machines: ReadonlyMap<number, readonly number[]> = new Map([
  [2, [4, 8]],
  [4, [8, 16]],
  [8, [16, 32]],
  [16, [32, 64]],
])
export const families = ['CVM.S2', 'CVM.S5'] as const
export const zones = ['ap-guangzhou-3', 'ap-guangzhou-4'] as const
export const months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36, 48, 60] as const
const NETWORKS = 40

export function networkIds(): readonly { vpc: string; subnet: string; zone: string }[] {
  return Array.from({ length: NETWORKS }, (_, at) =>
    zones.map((zone) => ({
      vpc: `vpc-fuzz${at}`,
      subnet: `subnet-fuzz${at}z${zone.at(-1)}`,
      zone,
    })),
  ).flat()
}

const networks = networkIds()

/** `serial` keeps names and tokens apart. */
export function validTencent(it: Dice, serial: string): Fields {
  const [id, product] = it.pick([...products])
  const optional = it.some(Object.entries(product.optional), it.below(4))
  const names = [...Object.entries(product.mandatory), ...optional]
  const kudu = optional.some(([name]) => name === 'kudu')
  const ha = kudu || (product.kind !== 'kafka' && it.chance(0.3))
  const place = it.pick(networks)
  const monthly = it.chance(0.2)
  return {
    ProductId: id,
    VPCSettings: { VpcId: place.vpc, SubnetId: place.subnet },
    Software: names.map(([name, version]) => (it.chance(0.2) ? name : `${name}-${version}`)),
    ResourceSpec: specOf(it, { kind: product.kind, ha, kudu }),
    SupportHA: ha ? 1 : 0,
    InstanceName: it.pick([`fuzz-${serial}`, `集群_${serial}`, `A${serial}-long-enough`]),
    PayMode: monthly ? 1 : 0,
    Placement: { Zone: place.zone, ...(it.chance(0.7) ? { ProjectId: it.pick([0, 0, 7]) } : {}) },
    TimeSpan: monthly ? it.pick(months) : 3600,
    TimeUnit: monthly ? 'm' : 's',
    LoginSettings: it.pick([
      { Password: 'Tencent@cloud123' },
      { PublicKeyId: 'skey-12345678' },
      { Password: 'aA1!aaaa', PublicKeyId: 'skey-abcdefgh' },
    ]),
    ...optionsOf(it, { serial, product, names: names.map(([name]) => name) }),
  }
}

interface NodeCount {
  readonly kind: ProductTable['kind']
  readonly ha: boolean
  readonly kudu: boolean
}

function specOf(it: Dice, { kind, ha, kudu }: NodeCount): Fields {
  const task = kind === 'hadoop' || kind === 'druid' ? it.below(3) : 0
  const counts = {
    hadoop: {
      Master: ha ? (kudu ? 3 : 2) : 1,
      Core: it.between(ha ? 3 : 2, 6),
      Common: ha ? 3 : 0,
    },
    druid: { Master: ha ? 2 : 1, Core: it.between(ha ? 3 : 2, 5), Common: ha ? 3 : 0 },
    doris: { Master: ha ? 3 : 1, Core: it.between(3, 5), Common: 0 },
    kafka: { Master: 0, Core: it.between(1, 4), Common: 0 },
    clickhouse: { Master: 0, Core: 2, Common: 0 },
  }[kind]
  const all = Object.entries({ ...counts, Task: task }).filter(([, count]) => count > 0)
  return Object.fromEntries(
    all.flatMap(([role, count]): [string, unknown][] => [
      [`${role}Count`, count],
      [`${role}ResourceSpec`, resourceOf(it)],
    ]),
  )
}

function resourceOf(it: Dice): Fields {
  const [cpu, memories] = it.pick([...machines])
  const type = it.pick(['CLOUD_SSD', 'CLOUD_PREMIUM'])
  const other = type === 'CLOUD_SSD' ? 'CLOUD_PREMIUM' : 'CLOUD_SSD'
  const more = { DiskType: other, Volume: it.between(10, 100) * 10, Count: it.between(1, 5) }
  return {
    Spec: it.pick(families),
    StorageType: type === 'CLOUD_SSD' ? 4 : 5,
    DiskType: type,
    MemSize: it.pick(memories) * 1024,
    Cpu: cpu,
    DiskSize: it.between(10, 1600) * 10,
    ...(it.chance(0.6) ? { RootSize: it.between(5, 100) * 10 } : {}),
    ...(it.chance(0.2) ? { MultiDisks: [more] } : {}),
    ...(it.chance(0.1) ? { Tags: [{ TagKey: 'role', TagValue: 'x' }] } : {}),
  }
}

interface Ordered {
  readonly serial: string
  readonly product: ProductTable
  readonly names: readonly string[]
}

function optionsOf(it: Dice, { serial, product, names }: Ordered): Fields {
  const files = names.includes('hdfs')
    ? [{ serviceName: 'HDFS', classification: 'core-site.xml', properties: { a: 'b' } }]
    : []
  const options: Fields = {
    COSSettings: { CosSecretId: 'id', CosSecretKey: 'key', LogOnCosPath: 'cosn://bucket-1/logs' },
    SgId: 'sg-12345678',
    PreExecutedFileSettings: [
      {
        CosFileURI: it.pick(['cos://bucket/a.sh', 'https://bucket.cos.example.com/a.sh']),
        Args: ['x', '--y'],
        RunOrder: it.below(9),
        WhenRun: it.pick(['resourceAfter', 'clusterAfter']),
      },
    ],
    AutoRenew: it.below(2),
    ClientToken: `fuzz-${serial}`,
    NeedMasterWan: it.pick(['NEED_MASTER_WAN', 'NOT_NEED_MASTER_WAN']),
    RemoteLoginAtCreate: it.pick([0, 22]),
    CheckSecurity: product.kerberos ? it.pick([0, 1, 7]) : 0,
    ExtendFsField: JSON.stringify(files),
    Tags: it.some(['team', 'cost.center', 'a@b', '部门'], it.between(1, 4)).map((TagKey) => ({
      TagKey,
      TagValue: it.pick(['v', 'a=b', '1.2']),
    })),
    DisasterRecoverGroupIds: [it.pick(['ps-12345678', 'ps-abcdefgh'])],
    CbsEncrypt: it.below(2),
    MetaType: 'EMR_DEFAULT_META',
    ApplicationRole: 'analyst_role',
  }
  return Object.fromEntries(Object.entries(options).filter(() => it.chance(0.25)))
}

function table(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(' ').map((item) => {
      const at = item.lastIndexOf('-')
      return [item.slice(0, at), item.slice(at + 1)]
    }),
  )
}
