/**
 * The form of the catalogue's data files, as data. The tests hold every file to it; the running program imports only the
 * types, so that validating costs nothing at start-up. Every row says where its facts come from: `source` names a section
 * of the engineering reference or a public page, `evidence` how sure it is.
 */
import { Type, type Static } from '../../../shape/schema.ts'
import { closed, row } from '../../../shape/catalogue-row.ts'

const role = Type.Union([
  Type.Literal('master'),
  Type.Literal('core'),
  Type.Literal('task'),
  Type.Literal('common'),
  Type.Literal('router'),
])

export const productClass = Type.Union([
  Type.Literal('hadoop'),
  Type.Literal('clickhouse'),
  Type.Literal('druid'),
  Type.Literal('doris'),
  Type.Literal('kafka'),
  Type.Literal('starrocks'),
  Type.Literal('tke'),
  Type.Literal('serverless'),
  Type.Literal('ai'),
  Type.Literal('rss'),
  Type.Literal('other'),
])

const variant = Type.Union([
  Type.Literal('default'),
  Type.Literal('kudu'),
  Type.Literal('zookeeper'),
])

const window = Type.Union([Type.Literal('seed'), Type.Literal('current')])

const version = Type.String({ pattern: '^\\d[0-9A-Za-z.]*$' })
const componentName = Type.String({ pattern: '^[a-z][a-z0-9_.]*$' })
const amount = Type.Integer({ minimum: 0 })
const count = Type.Integer({ minimum: 0 })

const product = Type.Object(
  {
    id: Type.Integer({ minimum: 1 }),
    version: Type.String({ minLength: 3 }),
    class: productClass,
    seed: Type.Boolean(),
    windows: Type.Array(window),
    offline: Type.Boolean(),
    released: Type.Union([Type.String({ pattern: '^20\\d\\d\\.\\d\\d$' }), Type.Null()]),
    contents: Type.Union([
      Type.Literal('documented'),
      Type.Literal('inferred'),
      Type.Literal('unknown'),
    ]),
    components: Type.Record(componentName, version),
    mandatory: Type.Array(componentName),
    ...row,
  },
  closed,
)

export const productsFile = Type.Object(
  { source: Type.String(), products: Type.Array(product) },
  closed,
)

const process = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    number: Type.Integer({ minimum: 0 }),
    aliases: Type.Array(Type.String()),
    ha: Type.Array(role),
    single: Type.Array(role),
    evidence: row.evidence,
  },
  closed,
)

const component = Type.Object(
  {
    name: componentName,
    title: Type.String({ pattern: '^[A-Z][A-Z0-9]*$' }),
    aliases: Type.Array(componentName),
    number: Type.Integer({ minimum: 0 }),
    dependsOn: Type.Array(componentName),
    conflictsWith: Type.Array(componentName),
    metaDb: Type.Union([Type.Literal('create'), Type.Literal('later'), Type.Null()]),
    securityOnly: Type.Boolean(),
    clients: Type.Array(role),
    processes: Type.Array(process),
    parts: Type.Array(
      Type.Object(
        { name: Type.String(), number: Type.Integer(), processes: Type.Array(Type.Integer()) },
        closed,
      ),
    ),
    systemVersion: Type.Optional(version),
    ...row,
  },
  closed,
)

export const componentsFile = Type.Object(
  {
    source: Type.String(),
    bundles: Type.Array(
      Type.Object({ name: componentName, members: Type.Array(componentName), ...row }, closed),
    ),
    components: Type.Array(component),
  },
  closed,
)

const countRange = Type.Object(
  {
    min: count,
    max: count,
    parity: Type.Optional(Type.Union([Type.Literal('odd'), Type.Literal('even')])),
  },
  closed,
)

const nodeRule = Type.Object(
  {
    class: productClass,
    variant,
    ha: Type.Boolean(),
    counts: Type.Object(
      {
        common: countRange,
        master: countRange,
        core: countRange,
        task: countRange,
        router: countRange,
      },
      closed,
    ),
    ...row,
  },
  closed,
)

const scene = Type.Object(
  {
    name: Type.String({ minLength: 3 }),
    class: productClass,
    variant,
    zh: Type.String(),
    en: Type.String(),
    ...row,
  },
  closed,
)

export const nodeRulesFile = Type.Object(
  { source: Type.String(), scenes: Type.Array(scene), rules: Type.Array(nodeRule) },
  closed,
)

const payMode = Type.Union([Type.Literal('postpaid'), Type.Literal('prepaid')])

const instanceFamily = Type.Object(
  {
    family: Type.String({ pattern: '^[A-Z]+[0-9]+$' }),
    spec: Type.String({ pattern: '^CVM\\.[A-Z]+[0-9]+$' }),
    type: Type.String({ minLength: 1 }),
    zh: Type.String({ minLength: 1 }),
    en: Type.String({ minLength: 1 }),
    deviceClass: Type.String({ pattern: '^VSELF_' }),
    cpuType: Type.String({ minLength: 1 }),
    payModes: Type.Array(payMode, { minItems: 1 }),
    zones: Type.Union([Type.Literal('all'), Type.Array(Type.String(), { minItems: 1 })]),
    sizes: Type.Array(Type.String(), { minItems: 1 }),
    localDisk: Type.Optional(
      Type.Object(
        {
          diskType: Type.String(),
          disks: Type.Record(
            Type.String(),
            Type.Object({ count: Type.Integer({ minimum: 1 }), sizeGb: count }, closed),
          ),
        },
        closed,
      ),
    ),
    ...row,
  },
  closed,
)

export const instanceTypesFile = Type.Object(
  {
    source: Type.String(),
    sizes: Type.Array(
      Type.Object(
        {
          size: Type.String(),
          cpu: Type.Integer({ minimum: 1 }),
          memoryMb: Type.Integer({ multipleOf: 1024 }),
        },
        closed,
      ),
    ),
    families: Type.Array(instanceFamily),
  },
  closed,
)

const sizeRange = Type.Object({ min: count, max: count, step: count }, closed)

const diskType = Type.Object(
  {
    diskType: Type.String({ pattern: '^[A-Z_]+$' }),
    storageType: Type.Integer({ minimum: 1 }),
    kind: Type.Union([Type.Literal('cloud'), Type.Literal('local')]),
    zh: Type.String(),
    en: Type.String(),
    data: Type.Union([sizeRange, Type.Null()]),
    ...row,
  },
  closed,
)

export const disksFile = Type.Object(
  {
    source: Type.String(),
    system: Type.Object({ min: count, max: count, step: count, defaultGb: count }, closed),
    maxDataDisks: count,
    types: Type.Array(diskType),
  },
  closed,
)

/** A price by the month and by the hour, in ten-thousandths of the currency. */
const rate = { month: amount, hour: amount }

export const pricesFile = Type.Object(
  {
    source: Type.String(),
    unit: Type.Literal('1/10000 CNY'),
    currency: Type.Literal('CNY'),
    prepaidMonths: Type.Array(Type.Integer({ minimum: 1 })),
    list: Type.Array(Type.Object({ instanceType: Type.String(), ...rate, ...row }, closed)),
    rules: Type.Object(
      {
        memoryFactors: Type.Array(Type.Object({ gbPerCpu: count, percent: count }, closed)),
        hoursPerMonth: count,
        hourStep: count,
        ...row,
      },
      closed,
    ),
    families: Type.Array(Type.Object({ family: Type.String(), cpuMonth: amount, ...row }, closed)),
    disks: Type.Array(Type.Object({ diskType: Type.String(), ...rate, ...row }, closed)),
    metaDb: Type.Object({ ...rate, memoryMb: count, volumeGb: count, ...row }, closed),
    payAsYouGoFreezeHours: count,
  },
  closed,
)

const zone = Type.Object(
  { id: Type.Integer(), name: Type.String(), zh: Type.String(), en: Type.String() },
  closed,
)

const region = Type.Object(
  {
    id: Type.Integer({ minimum: 1 }),
    name: Type.String({ pattern: '^[a-z]{2}-[a-z-]+$' }),
    zh: Type.String(),
    en: Type.String(),
    zones: Type.Array(zone, { minItems: 1 }),
    finance: Type.Boolean(),
    ...row,
  },
  closed,
)

export const regionsFile = Type.Object(
  { source: Type.String(), regions: Type.Array(region) },
  closed,
)

const status = Type.Object(
  { code: Type.Integer(), zh: Type.String(), en: Type.String(), ...row },
  closed,
)

export const statusesFile = Type.Object(
  { source: Type.String(), statuses: Type.Array(status) },
  closed,
)

export type Role = Static<typeof role>
export type ProductClass = Static<typeof productClass>
export type Variant = Static<typeof variant>
export type PurchaseWindow = Static<typeof window>
export type PayMode = Static<typeof payMode>
export type Product = Static<typeof product>
export type Process = Static<typeof process>
export type Component = Static<typeof component>
export type CountRange = Static<typeof countRange>
export type NodeRule = Static<typeof nodeRule>
export type Scene = Static<typeof scene>
export type InstanceFamily = Static<typeof instanceFamily>
export type DiskType = Static<typeof diskType>
export type SizeRange = Static<typeof sizeRange>
export type Prices = Static<typeof pricesFile>
export type Region = Static<typeof region>
export type Zone = Static<typeof zone>
export type ClusterStatus = Static<typeof status>
