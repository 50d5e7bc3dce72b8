/**
 * What the clouds' Terraform providers have for a creation: the same values in the provider's names. What a resource has no argument for
 * is said in a comment, never left out silently. Names: alicloud `star_rocks_instance`; tencentcloud `emr_cluster`,
 * `serverless_hbase_instance`.
 */
import { isList, isObject, textOf, type Parameters, type Value } from '../value.ts'
import { quoted } from './literal.ts'
import type { CodeRequest } from './text.ts'

interface Resource {
  readonly provider: string
  readonly type: string
  /** Arguments that are not the parameter's name in small letters. */
  readonly names: Readonly<Record<string, string>>
  /** The same of members of blocks. */
  readonly inner?: Readonly<Record<string, string>>
  /** Arguments that are blocks; objects else are maps. */
  readonly blocks: readonly string[]
  /** Parameters that the resource has an argument for, from its own documents. */
  readonly known: readonly string[]
  /** Members of blocks that the resource has no argument for. */
  readonly without: readonly string[]
  readonly note: (origin: URL) => string
  readonly settings: (it: { region: string; origin: URL }) => readonly (readonly [string, Value])[]
  /** Arguments that the provider wants and the request has not. */
  readonly also?: Parameters
}

const GROUPS = ['FrontendNodeGroups', 'BackendNodeGroups', 'ObserverNodeGroups']

const resources: Readonly<Record<string, Resource>> = {
  CreateInstanceV1: {
    provider: 'alicloud',
    type: 'alicloud_star_rocks_instance',
    names: { ZoneId: 'cluster_zone_id', VSwitches: 'vswitches' },
    inner: { VswId: 'vswitch_id' },
    blocks: [...GROUPS, 'VSwitches'],
    known: [
      'InstanceName',
      'AdminPassword',
      'Version',
      'AutoRenew',
      'RunMode',
      'PackageType',
      'PayType',
      'VpcId',
      'PricingCycle',
      'VSwitches',
      'ZoneId',
      'OssAccessingRoleName',
      'Duration',
      'Tags',
      'ResourceGroupId',
      'PromotionOptionNo',
      'Encrypted',
      'KmsKeyId',
      ...GROUPS,
    ],
    without: ['nodeGroupName', 'description', 'Primary'],
    note: (origin) => `ALIBABA_CLOUD_ENDPOINT_STARROCKS=${origin.host} terraform apply`,
    settings: ({ region, origin }) => [
      ['region', region],
      ['protocol', origin.protocol.slice(0, -1).toUpperCase()],
      ['skip_region_validation', true],
    ],
  },
  CreateInstance: {
    provider: 'tencentcloud',
    type: 'tencentcloud_emr_cluster',
    names: { Software: 'softwares', Placement: 'placement_info', SupportHA: 'support_ha' },
    blocks: [
      'Placement',
      'ResourceSpec',
      'MasterResourceSpec',
      'CoreResourceSpec',
      'TaskResourceSpec',
      'CommonResourceSpec',
      'MultiDisks',
      'PreExecutedFileSettings',
    ],
    known: [
      'ProductId',
      'VPCSettings',
      'Software',
      'ResourceSpec',
      'SupportHA',
      'InstanceName',
      'PayMode',
      'Placement',
      'TimeSpan',
      'TimeUnit',
      'LoginSettings',
      'ExtendFsField',
      'SgId',
      'NeedMasterWan',
      'Tags',
      'AutoRenew',
      'SceneName',
      'PreExecutedFileSettings',
    ],
    note: (origin) =>
      `The provider asks emr.${DOMAIN} and tag.${DOMAIN}: let both names mean ${origin.hostname} (docs/operations.md).`,
    without: ['Tags', 'LocalDiskNum', 'DiskNum', 'GpuDesc', 'PartitionNumber', 'HCCHpcClusterId'],
    settings: tencentSettings,
    also: { display_strategy: 'clusterList' },
  },
  CreateSLInstance: {
    provider: 'tencentcloud',
    type: 'tencentcloud_serverless_hbase_instance',
    names: {},
    blocks: ['ZoneSettings', 'VPCSettings', 'Tags', 'PrePaySetting', 'Period'],
    without: [],
    known: [
      'InstanceName',
      'PayMode',
      'DiskType',
      'DiskSize',
      'NodeType',
      'ZoneSettings',
      'Tags',
      'PrePaySetting',
    ],
    note: (origin) =>
      `The provider asks emr.${DOMAIN} and tag.${DOMAIN}: let both names mean ${origin.hostname} (docs/operations.md).`,
    settings: tencentSettings,
  },
}

/** Set aside for tests (RFC 2606). */
const DOMAIN = 'emrys.test'

function tencentSettings({ region, origin }: { region: string; origin: URL }) {
  return [
    ['region', region],
    ['protocol', origin.protocol.slice(0, -1).toUpperCase()],
    ['domain', origin.port === '' ? DOMAIN : `${DOMAIN}:${origin.port}`],
  ] as const
}

/** Undefined for an action that no resource is made by. */
export function terraform(it: CodeRequest): string | undefined {
  const resource = Object.hasOwn(resources, it.action) ? resources[it.action] : undefined
  if (!resource) return undefined
  const origin = new URL(it.origin)
  const { known, also = {}, provider, type } = resource
  const taken = Object.entries(it.parameters).filter(([name]) => known.includes(name))
  const left = Object.keys(it.parameters).filter(
    (name) => !known.includes(name) && name !== 'RegionId',
  )
  const settings = resource.settings({ region: it.region, origin })
  const lines = [
    `# ${resource.note(origin)}`,
    ...left.map((name) => `# ${name} has no argument of its own in this resource.`),
    `provider "${provider}" {`,
    ...settings.map(([name, value]) => `  ${name} = ${written(value)}`),
    '}',
    '',
    `resource "${type}" "example" {`,
    ...Object.entries(also).map(([name, value]) => `  ${name} = ${written(value)}`),
    ...taken.flatMap(([name, value]) => argument(resource, name, value, '  ')),
    '}',
    '',
  ]
  return aligned(lines.flatMap((line) => line.split('\n'))).join('\n')
}

/** As `terraform fmt` writes it: the values of arguments that follow each other on one line each stand below each other. */
function aligned(lines: readonly string[]): readonly string[] {
  const parts = lines.map((line) => /^(\s*(?:[\w-]+|"(?:[^"\\]|\\.)*")) = (.*[^{[])$/.exec(line))
  const result: string[] = []
  for (let from = 0; from < lines.length;) {
    let to = from
    while (parts[to]) to++
    const run = parts.slice(from, to)
    const width = Math.max(0, ...run.map((part) => part?.[1]?.length ?? 0))
    for (const part of run) result.push(`${part?.[1]?.padEnd(width)} = ${part?.[2]}`)
    if (to < lines.length) result.push(lines[to] ?? '')
    from = to + 1
  }
  return result
}

function argument(resource: Resource, name: string, value: Value, indent: string): string[] {
  const isInner = indent !== '  '
  const key = (isInner ? resource.inner : resource.names)?.[name] ?? snakeCase(name)
  const isBlock = resource.blocks.includes(name)
  if (isInner && resource.without.includes(name))
    return [`${indent}# ${name} has no argument of its own here.`]
  if (name === 'InstanceType' && typeof value === 'string') return machine(value, indent)
  if (isBlock && isList(value))
    return value.flatMap((item) => argument(resource, name, item, indent))
  if (isBlock && isObject(value))
    return [
      `${indent}${key} {`,
      ...Object.entries(value).flatMap(([member, each]) =>
        argument(resource, member, each, `${indent}  `),
      ),
      `${indent}}`,
    ]
  if (name === 'Tags' && isList(value)) return [`${indent}${key} = ${map(tagsOf(value), indent)}`]
  if (isObject(value)) {
    const members = Object.entries(value).map(
      ([member, each]) => [snakeCase(member), each] as const,
    )
    return [`${indent}${key} = ${map(members, indent)}`]
  }
  return [`${indent}${key} = ${written(value)}`]
}

const CORES: Readonly<Record<string, number>> = { SMALL: 1, MEDIUM: 2, LARGE: 4, XLARGE: 4 }

/** The resource names a machine by its family, cores and memory, all of which its type says: `S5.2XLARGE32`. */
export function machineOf(type: string) {
  const [, family, times, size = '', gib] =
    /^(\w+)\.(\d*)(SMALL|MEDIUM|LARGE|XLARGE)(\d+)$/.exec(type) ?? []
  const cores = (CORES[size] ?? 0) * Number(times || 1)
  return family === undefined
    ? undefined
    : { spec: `CVM.${family}`, cpu: cores, mem_size: Number(gib) * 1024 }
}

function machine(type: string, indent: string): string[] {
  const found = machineOf(type)
  if (!found) return [`${indent}# InstanceType ${type} has no argument of its own here.`]
  return Object.entries(found).map(([name, value]) => `${indent}${name} = ${written(value)}`)
}

/** Of a list of pairs, however the cloud names their parts. */
function tagsOf(tags: readonly Value[]): readonly (readonly [string, Value])[] {
  return tags.flatMap((tag) => {
    if (!isObject(tag)) return []
    const name = tag['Key'] ?? tag['TagKey'] ?? ''
    return [[quotedTemplate(textOf(name)), tag['Value'] ?? tag['TagValue'] ?? ''] as const]
  })
}

function map(members: readonly (readonly [string, Value])[], indent: string): string {
  const lines = members.map(([name, value]) => `${indent}  ${name} = ${written(value)}`)
  return `{\n${lines.join('\n')}\n${indent}}`
}

function written(value: Value): string {
  if (typeof value === 'string') return quotedTemplate(value)
  if (isList(value)) return `[${value.map(written).join(', ')}]`
  if (isObject(value)) return map(Object.entries(value), '  ')
  return String(value)
}

/** In a text of HCL, `${` and `%{` begin an expression. */
function quotedTemplate(text: string): string {
  return quoted(text).replaceAll(/[$%](?=\{)/g, (mark) => mark + mark)
}

/** `OssAccessingRoleName` is `oss_accessing_role_name`, `VPCSettings` is `vpc_settings`. */
function snakeCase(name: string): string {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
}
