/**
 * The form of the catalogue's data files, as data. The tests hold every file to it; the running program imports only the
 * types, so that validating costs nothing at start-up. Every row says where its facts come from: `source` names a section
 * of the engineering reference or a public page, `evidence` how sure it is.
 */
import { Type, type Static } from '../../../shape/schema.ts'
import { closed, row } from '../../../shape/catalogue-row.ts'

const count = Type.Integer({ minimum: 0 })
/** Millionths of the currency. */
const amount = Type.Integer({ minimum: 0 })

export const component = Type.Union([
  Type.Literal('FE'),
  Type.Literal('BE'),
  Type.Literal('CN'),
  Type.Literal('OBSERVER'),
  Type.Literal('AGENT'),
])
export const packageType = Type.Union([Type.Literal('trial'), Type.Literal('official')])
export const architecture = Type.Union([Type.Literal('onEci'), Type.Literal('onEcs')])
const specTypeName = Type.Union([
  Type.Literal('standard'),
  Type.Literal('ramEnhanced'),
  Type.Literal('networkEnhanced'),
  Type.Literal('localSSD'),
  Type.Literal('bigData'),
])
const level = Type.Union([
  Type.Literal('pl0'),
  Type.Literal('pl1'),
  Type.Literal('pl2'),
  Type.Literal('pl3'),
])
const range = { min: count, max: count, step: Type.Integer({ minimum: 1 }), default: count }

const zone = Type.Object(
  { id: Type.String(), trial: Type.Boolean(), specTypes: Type.Array(specTypeName) },
  closed,
)

const region = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z]{2}-[a-z]+(-\\d)?$' }),
    name: Type.String(),
    description: Type.String(),
    descriptionEn: Type.String(),
    zones: Type.Array(zone, { minItems: 1 }),
    ...row,
  },
  closed,
)

export const regionsFile = Type.Object(
  { source: Type.String(), regions: Type.Array(region) },
  closed,
)

const yearMonth = Type.String({ pattern: '^20\\d\\d-\\d\\d$' })

const majorVersion = Type.Object(
  {
    major: Type.String({ pattern: '^\\d\\.\\d$' }),
    ga: yearMonth,
    eos: yearMonth,
    onSale: Type.Boolean(),
    lts: Type.Boolean(),
    minors: Type.Array(
      Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+-\\d+\\.\\d+-\\d+\\.\\d+\\.\\d+$' }),
      {
        minItems: 1,
      },
    ),
    ...row,
  },
  closed,
)

export const versionsFile = Type.Object(
  {
    source: Type.String(),
    default: Type.String(),
    aliases: Type.Record(Type.String(), Type.String()),
    majors: Type.Array(majorVersion),
  },
  closed,
)

const configurationItem = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    type: Type.Union([Type.Literal('FE'), Type.Literal('BE')]),
    valueType: Type.Union([
      Type.Literal('BOOLEAN'),
      Type.Literal('INT'),
      Type.Literal('LONG'),
      Type.Literal('DOUBLE'),
      Type.Literal('STRING'),
    ]),
    default: Type.String(),
    min: Type.Optional(Type.Integer()),
    max: Type.Optional(Type.Integer()),
    allowed: Type.Optional(Type.Array(Type.String())),
    /** Whether it is in force after a restart only. */
    restart: Type.Boolean(),
    /** Whether another value has an effect. */
    modifiable: Type.Boolean(),
    unit: Type.String(),
    description: Type.String({ minLength: 1 }),
    ...row,
  },
  closed,
)

export const configurationItemsFile = Type.Object(
  { source: Type.String(), items: Type.Array(configurationItem) },
  closed,
)

const cuSizeRow = Type.Object(
  { component, packageType, architecture, cu: Type.Array(Type.Integer({ minimum: 1 })), ...row },
  closed,
)

const nodeCount = Type.Object(
  { component, packageType, ...range, strictMin: Type.Optional(count), ...row },
  closed,
)

const storage = Type.Object(
  {
    component,
    level,
    ...range,
    isDefault: Type.Boolean(),
    desc: Type.String(),
    iops: count,
    throughputMb: count,
    ...row,
  },
  closed,
)

const frontendDefault = Type.Object({ cu: count, nodeNumber: count, storageSize: count }, closed)

export const nodeGroupsFile = Type.Object(
  {
    source: Type.String(),
    cuSizes: Type.Array(cuSizeRow),
    counts: Type.Array(nodeCount),
    storage: Type.Array(storage),
    diskNumber: Type.Object({ ...range, ...row }, closed),
    groups: Type.Object({ observerMax: count, backendMax: count, ...row }, closed),
    compactionServiceCu: Type.Object({ ...range, ...row }, closed),
    frontendDefaults: Type.Object({ ha: frontendDefault, normal: frontendDefault, ...row }, closed),
  },
  closed,
)

const specType = Type.Object(
  {
    name: specTypeName,
    display: Type.String(),
    memoryCpuRatio: count,
    architecture,
    components: Type.Array(component),
    packageTypes: Type.Array(packageType),
    ...row,
  },
  closed,
)

const localType = Type.Object(
  {
    instanceType: Type.String({ pattern: '^local_(ssd|hdd)_' }),
    specType: specTypeName,
    ecsInstanceType: Type.String({ pattern: '^ecs\\.' }),
    cpu: count,
    memoryGb: count,
    diskNumber: count,
    storageSize: count,
    display: Type.String(),
    isDefault: Type.Boolean(),
    ...row,
  },
  closed,
)

export const instanceTypesFile = Type.Object(
  { source: Type.String(), specTypes: Type.Array(specType), localTypes: Type.Array(localType) },
  closed,
)

const rate = { month: amount, hour: amount, ...row }

const priceTable = Type.Object(
  {
    cu: Type.Array(Type.Object({ specType: specTypeName, ...rate }, closed)),
    disk: Type.Array(Type.Object({ level, ...rate }, closed)),
    localType: Type.Array(Type.Object({ instanceType: Type.String(), ...rate }, closed)),
    multiZoneCu: Type.Object(rate, closed),
  },
  closed,
)

const pricingCycle = Type.Union([Type.Literal('Month'), Type.Literal('Year')])

export const pricesFile = Type.Object(
  {
    source: Type.String(),
    unit: Type.Literal('1/1000000 of the currency'),
    cycles: Type.Array(
      Type.Object({ pricingCycle, months: count, durations: Type.Array(count), ...row }, closed),
    ),
    tables: Type.Object({ USD: priceTable, CNY: priceTable }, closed),
  },
  closed,
)

export type Component = Static<typeof component>
export type PackageType = Static<typeof packageType>
export type Architecture = Static<typeof architecture>
export type SpecTypeName = Static<typeof specTypeName>
export type Level = Static<typeof level>
export type Region = Static<typeof region>
export type Zone = Static<typeof zone>
export type MajorVersion = Static<typeof majorVersion>
export type ConfigurationItem = Static<typeof configurationItem>
export type NodeGroupData = Static<typeof nodeGroupsFile>
export type SpecType = Static<typeof specType>
export type LocalType = Static<typeof localType>
export type PricingCycle = Static<typeof pricingCycle>
export type PriceData = Static<typeof pricesFile>
export type Currency = keyof PriceData['tables']
