/**
 * A declared environment: YAML, one section for each cloud, laid over what that cloud has built in (`base: built-in`, the
 * default) or over nothing (`base: empty`). Everything wrong with it is reported at once, each with its line; a member that is not
 * declared here is refused. The form is described in docs/environment.md.
 */
import { parseBlock } from '../kernel/cidr.ts'
import {
  inconsistencies,
  environmentOf,
  isRegional,
  measures,
  resourceKey,
  tagId,
  type BuiltIn,
  type Environment,
  type Limit,
  type Measure,
  type ObjectStorageSource,
  type Resource,
  type ResourceKind,
} from '../domain/environment.ts'
import { objectName } from '../domain/object-name.ts'
import { readKubernetes, type DeclaredKubernetes } from './kubernetes-source.ts'
import { readObjectStorage } from './object-storage-source.ts'
import { declaredYaml, type DeclaredYaml, type Node } from './yaml.ts'
import { limits } from '../limits.ts'

/** Everything that is wrong with the file, one sentence each, beginning with the line. */
export class EnvironmentProblem extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'EnvironmentProblem'
    this.problems = problems
  }
}

export interface Declared {
  /** Of all clouds, by the API products that live in them. */
  readonly environments: ReadonlyMap<string, Environment>
  readonly kubernetes: DeclaredKubernetes
}

const KUBERNETES = 'kubernetes'

/** Throws EnvironmentProblem. */
export function readDeclared(
  text: string,
  builtIns: readonly BuiltIn[],
  mode: Environment['mode'],
): Declared {
  if (Buffer.byteLength(text) > limits.environmentFileBytes)
    throw new EnvironmentProblem([`the file is larger than ${limits.environmentFileBytes} bytes`])
  const yaml = declaredYaml(text)
  const sections = new Map<string, Section>()
  const names = [...builtIns.map((each) => each.name), KUBERNETES]
  let kubernetes: DeclaredKubernetes = {}
  const members = yaml.root ? yaml.members(yaml.root, names, 'the file') : []
  for (const { name, node } of members) {
    const builtIn = builtIns.find((each) => each.name === name)
    if (builtIn) sections.set(name, readSection(yaml, node, builtIn))
    if (name === KUBERNETES) kubernetes = readKubernetes(yaml, node)
  }
  const environments = builtIns.map((builtIn) => {
    const section = sections.get(builtIn.name) ?? nothing
    const environment = overlay(builtIn, section, mode)
    for (const { resource, problem } of inconsistencies(environment))
      yaml.note(section.lines.get(resource), problem)
    return [builtIn, environment] as const
  })
  const problems = yaml.problems()
  if (problems.length > 0) throw new EnvironmentProblem(problems)
  const byProduct = environments.flatMap(([{ products }, environment]) =>
    products.map((product) => [product, environment] as const),
  )
  return { environments: new Map(byProduct), kubernetes }
}

interface Section {
  readonly empty: boolean
  readonly publicAddresses: string | undefined
  readonly objectStorage: ObjectStorageSource | undefined
  readonly icebergRest: readonly string[]
  readonly hiveMetastores: readonly string[]
  readonly resources: readonly Resource[]
  readonly limits: readonly Limit[]
  readonly lines: ReadonlyMap<Resource, number>
}

const nothing: Section = {
  empty: false,
  publicAddresses: undefined,
  objectStorage: undefined,
  icebergRest: [],
  hiveMetastores: [],
  resources: [],
  limits: [],
  lines: new Map(),
}

/** The form of the file: a list for each kind of resource, with the members that its items take beside the id. */
const LISTS: Readonly<Record<string, { kind: ResourceKind; takes: readonly string[] }>> = {
  regions: { kind: 'region', takes: [] },
  zones: { kind: 'zone', takes: [] },
  networks: { kind: 'network', takes: ['cidr'] },
  subnets: { kind: 'subnet', takes: ['network', 'zone', 'cidr'] },
  'security-groups': { kind: 'security-group', takes: [] },
  'key-pairs': { kind: 'key-pair', takes: [] },
  buckets: { kind: 'bucket', takes: [] },
  projects: { kind: 'project', takes: [] },
  'resource-groups': { kind: 'resource-group', takes: [] },
  'placement-groups': { kind: 'placement-group', takes: ['capacity'] },
  'container-clusters': { kind: 'container-cluster', takes: ['network', 'nodes', 'cpu', 'memory'] },
  tags: { kind: 'tag', takes: ['key', 'value'] },
  coupons: { kind: 'coupon', takes: [] },
  'encryption-keys': { kind: 'encryption-key', takes: [] },
  catalogs: { kind: 'catalog', takes: ['location', 'rest'] },
  'metadata-databases': { kind: 'metadata-database', takes: ['network'] },
}

/** What must be said of a resource that is there. */
const REQUIRED: Partial<Record<ResourceKind, readonly string[]>> = {
  network: ['cidr'],
  subnet: ['network', 'zone', 'cidr'],
}

const COUNTS: ReadonlySet<string> = new Set(['capacity', 'nodes', 'cpu', 'memory'])
const RULES = { stock: 'stock', quotas: 'quota' } as const
const AMOUNT_MAX = 1_000_000_000_000

function readSection(yaml: DeclaredYaml, node: Node, builtIn: BuiltIn): Section {
  const own = ['base', 'public-addresses', 'object-storage']
  // Where a request names a catalog.
  if (builtIn.ids.catalog) own.push('iceberg-rest', 'hive-metastores')
  const known = [...own, ...Object.keys(LISTS), ...Object.keys(RULES)]
  const lines = new Map<Resource, number>()
  const found: Limit[] = []
  let empty = false
  let publicAddresses: string | undefined
  let objectStorage: ObjectStorageSource | undefined
  let icebergRest: readonly string[] = []
  let hiveMetastores: readonly string[] = []
  for (const { name, node: value } of yaml.members(node, known, builtIn.name)) {
    if (name === 'base') empty = readBase(yaml, value)
    else if (name === 'public-addresses') publicAddresses = readBlock(yaml, value, name)
    else if (name === 'object-storage') objectStorage = readObjectStorage(yaml, value)
    else if (name === 'iceberg-rest') icebergRest = readServers(yaml, value, restServers)
    else if (name === 'hive-metastores') hiveMetastores = readServers(yaml, value, metastores)
    else if (name === 'stock' || name === 'quotas')
      found.push(
        ...yaml
          .items(value, name)
          .flatMap((item) => readLimit(yaml, item, { rule: RULES[name], builtIn })),
      )
    else {
      for (const item of yaml.items(value, name)) {
        const resource = readResource(yaml, item, { list: name, builtIn })
        if (resource) lines.set(resource, yaml.lineOf(item))
      }
    }
  }
  noteTwins(yaml, lines)
  noteVolumes(yaml, objectStorage, [...lines.keys(), ...builtIn.resources])
  const resources = [...lines.keys()]
  const servers = { icebergRest, hiveMetastores }
  return { empty, publicAddresses, objectStorage, ...servers, resources, limits: found, lines }
}

/** Addresses that engines may ask. */
interface ServerList {
  readonly name: string
  readonly pattern: RegExp
  readonly form: string
}

const restServers: ServerList = {
  name: 'iceberg-rest',
  pattern: /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[\w.~-]+)*\/?$/,
  form: 'http://HOST:PORT or https://HOST/PATH',
}

const metastores: ServerList = {
  name: 'hive-metastores',
  pattern: /^thrift:\/\/[A-Za-z0-9.-]+:\d{1,5}$/,
  form: 'thrift://HOST:PORT',
}

const SERVERS_MAX = 20

function readServers(
  yaml: DeclaredYaml,
  node: Node,
  { name, pattern, form }: ServerList,
): readonly string[] {
  const items = yaml.items(node, name)
  if (items.length > SERVERS_MAX) yaml.note(node, `${name} has at most ${SERVERS_MAX} servers`)
  return items.flatMap((item) => {
    const text = yaml.text(item, `an item of ${name}`)
    if (text === undefined) return []
    if (pattern.test(text) && text.length <= 512) return [text]
    yaml.note(item, `a server of ${name} must look like ${form}`)
    return []
  })
}

/** What engines keep for themselves lies in no bucket that roles have rights in. */
function noteVolumes(
  yaml: DeclaredYaml,
  source: ObjectStorageSource | undefined,
  resources: readonly Resource[],
): void {
  if (source?.kind !== 'endpoint' || !source.volumes) return
  const { bucket } = source.volumes
  if (resources.some(({ kind, id }) => kind === 'bucket' && id === bucket))
    yaml.note(
      undefined,
      `the bucket ${bucket} is the clients', and cannot hold the volumes of object-storage`,
    )
}

function readBase(yaml: DeclaredYaml, node: Node): boolean {
  const base = yaml.text(node, 'base')
  if (base !== undefined && base !== 'built-in' && base !== 'empty')
    yaml.note(node, 'base must be built-in or empty')
  return base === 'empty'
}

function readBlock(yaml: DeclaredYaml, node: Node, what: string): string | undefined {
  const text = yaml.text(node, what)
  const block = text === undefined ? undefined : parseBlock(text)
  if (text !== undefined && (!block || block.size < 8)) {
    yaml.note(node, `${what} must be a block of at least 8 addresses, such as 10.0.0.0/16`)
    return undefined
  }
  return text
}

interface Place {
  readonly list: string
  readonly builtIn: BuiltIn
}

function readResource(
  yaml: DeclaredYaml,
  item: Node,
  { list, builtIn }: Place,
): Resource | undefined {
  const form = LISTS[list]
  if (!form) return undefined
  const { kind, takes } = form
  const own = kind === 'tag' ? takes : ['id', ...takes]
  const known = [...own, ...(isRegional(kind) ? ['region'] : []), 'name', 'absent', 'problem']
  const values = readMembers(yaml, item, { known, list })
  const id = kind === 'tag' ? pairOf(values) : values['id']
  const required = [
    ...(kind === 'tag' ? ['key', 'value'] : ['id']),
    ...(isRegional(kind) ? ['region'] : []),
    ...(values['absent'] === true ? [] : (REQUIRED[kind] ?? [])),
  ]
  const left = required.filter((name) => values[name] === undefined)
  if (left.length > 0) {
    yaml.note(item, `an item of ${list} needs ${left.join(' and ')}`)
    return undefined
  }
  const { key: _key, value: _value, region = '', ...rest } = values
  const resource = { ...rest, kind, id, region } as unknown as Resource
  judge(yaml, item, { resource, builtIn })
  return resource
}

type Values = Readonly<Record<string, unknown>>

function pairOf({ key, value }: Values): string {
  return tagId(String(key), String(value))
}

function readMembers(
  yaml: DeclaredYaml,
  item: Node,
  { known, list }: { readonly known: readonly string[]; readonly list: string },
): Values {
  const values: Record<string, unknown> = {}
  for (const { name, node } of yaml.members(item, known, `an item of ${list}`)) {
    if (name === 'cidr') values[name] = readBlock(yaml, node, name)
    else if (COUNTS.has(name)) values[name] = yaml.whole(node, name, { min: 0, max: AMOUNT_MAX })
    else if (name === 'absent') values[name] = yaml.flag(node, name)
    else if (name === 'location') values[name] = readLocation(yaml, node)
    else values[name] = yaml.text(node, name)
  }
  return values
}

function readLocation(yaml: DeclaredYaml, node: Node): string | undefined {
  const text = yaml.text(node, 'location')
  const name = text === undefined ? undefined : objectName(text)
  if (name && 'problem' in name) yaml.note(node, `location ${name.problem}`)
  return text
}

/** Whether the id has the form of its kind and the region is one of the cloud's. */
function judge(
  yaml: DeclaredYaml,
  item: Node,
  { resource, builtIn }: { readonly resource: Resource; readonly builtIn: BuiltIn },
): void {
  const { kind, id, region } = resource
  const form = builtIn.ids[kind]
  if (form && !form.pattern.test(id))
    yaml.note(item, `${kind} ${id} could never be requested: ids look like ${form.looks}`)
  if (isRegional(kind) && !hasPlace(builtIn, 'region', region))
    yaml.note(item, `${region} is not a region of ${builtIn.name}`)
  else if (kind === 'region' && !hasPlace(builtIn, 'region', id))
    yaml.note(item, `${id} is not a region of ${builtIn.name}`)
  else if (kind === 'zone' && !hasPlace(builtIn, 'zone', id, region))
    yaml.note(item, `${id} is not a zone of ${region}`)
}

/** Places that the cloud does not have cannot be declared: its catalogue knows nothing of what they sell. */
function hasPlace(
  { resources }: BuiltIn,
  kind: ResourceKind,
  id: string,
  region?: string,
): boolean {
  return resources.some(
    (each) =>
      each.kind === kind && each.id === id && (region === undefined || each.region === region),
  )
}

function readLimit(
  yaml: DeclaredYaml,
  item: Node,
  { rule, builtIn }: { readonly rule: Limit['rule']; readonly builtIn: BuiltIn },
): readonly Limit[] {
  const what = rule === 'stock' ? 'an item of stock' : 'an item of quotas'
  const known = ['of', 'type', 'region', 'zone', 'charge', 'amount']
  const values: Record<string, string> = {}
  let most: number | undefined
  const members = yaml.members(item, known, what)
  for (const { name, node } of members) {
    if (name === 'amount') most = yaml.whole(node, name, { min: 0, max: AMOUNT_MAX })
    else values[name] = yaml.text(node, name) ?? ''
  }
  const { of, charge, ...where } = values
  const measure = measures.find((each) => each === of)
  if (!measure) yaml.note(item, `${what} must say of what: one of ${measures.join(', ')}`)
  if (!members.some(({ name }) => name === 'amount')) yaml.note(item, `${what} needs amount`)
  if (charge !== undefined && charge !== 'postpaid' && charge !== 'prepaid')
    yaml.note(item, 'charge must be postpaid or prepaid')
  for (const kind of ['region', 'zone'] as const) {
    const id = where[kind]
    if (id !== undefined && !hasPlace(builtIn, kind, id))
      yaml.note(item, `${id} is not a ${kind} of ${builtIn.name}`)
  }
  if (!measure || most === undefined) return []
  return [
    { rule, measure: measure satisfies Measure, ...where, ...(charge ? { charge } : {}), most },
  ]
}

function noteTwins(yaml: DeclaredYaml, lines: ReadonlyMap<Resource, number>): void {
  const seen = new Map<string, number>()
  for (const [{ kind, id, region }, line] of lines) {
    const key = resourceKey(kind, id, region)
    const earlier = seen.get(key)
    if (earlier !== undefined)
      yaml.note(line, `${kind} ${id} is declared on line ${earlier} already`)
    seen.set(key, line)
  }
}

/** Declared resources replace built-in ones of the same id; the first limit that is exceeded is reported, declared ones first. */
function overlay(builtIn: BuiltIn, section: Section, mode: Environment['mode']): Environment {
  return environmentOf({
    name: builtIn.name,
    mode,
    resources: [...(section.empty ? [] : builtIn.resources), ...section.resources],
    limits: [...section.limits, ...(section.empty ? [] : builtIn.limits)],
    publicAddresses: section.publicAddresses ?? builtIn.publicAddresses,
    ...(section.objectStorage && { objectStorage: section.objectStorage }),
    ...(section.icebergRest.length === 0 ? {} : { icebergRest: section.icebergRest }),
    ...(section.hiveMetastores.length === 0 ? {} : { hiveMetastores: section.hiveMetastores }),
  })
}
