/** Counts, machines and disks by the documents (reference: tencent-emr.md 2.3 NewResourceSpec, 2.4 rules 3 to 5, 3.5, 3.7). */
import {
  asRecord,
  integer,
  list,
  record,
  text,
  type CheckedRecord,
} from './checker-tencent-type.ts'
import { checkTags } from './checker-tencent-tag.ts'
import { families, machines, type ProductTable } from './valid-tencent.ts'
import type { Fields } from './verdict.ts'

export interface Shape {
  readonly kind: ProductTable['kind'] | undefined
  readonly ha: boolean
  readonly kudu: boolean
}

const ROLES = ['Master', 'Core', 'Task', 'Common'] as const
const RESOURCE =
  'Spec StorageType DiskType MemSize Cpu DiskSize RootSize MultiDisks Tags InstanceType LocalDiskNum DiskNum GpuDesc PartitionNumber HCCHpcClusterId'.split(
    ' ',
  )

export function checkNodes(request: Fields, read: CheckedRecord, shape: Shape): void {
  const members = ROLES.flatMap((role) => [`${role}ResourceSpec`, `${role}Count`])
  const spec = record(request, 'ResourceSpec', read, { needed: true, members })
  if (!spec) return
  const counts = Object.fromEntries(
    ROLES.map((role) => [role, integer(spec.fields, `${role}Count`, spec.read, false) ?? 0]),
  ) as Record<(typeof ROLES)[number], number>
  checkCounts(counts, read, shape)
  for (const role of ROLES) {
    const name = `${role}ResourceSpec`
    const inner = record(spec.fields, name, spec.read, {
      needed: counts[role] > 0,
      members: RESOURCE,
    })
    if (inner) checkResource(inner.fields, inner.read)
  }
}

type Counts = Readonly<Record<(typeof ROLES)[number], number>>

function checkCounts(
  counts: Counts,
  { notes: it }: CheckedRecord,
  { kind, ha, kudu }: Shape,
): void {
  const { Master, Core, Task, Common } = counts
  const wrong = (what: string) => it.wrong(`${what} with HA ${ha}`)
  if (Core > 20 || Task > 20) wrong(`${Core} core and ${Task} task nodes`)
  if (Object.values(counts).some((count) => count < 0)) wrong('a negative count')
  if (kind === 'hadoop' || kind === 'druid') {
    if (kudu && !ha) wrong('kudu')
    if (Master !== (ha ? (kudu ? 3 : 2) : 1)) wrong(`${Master} masters`)
    if (Core < (ha ? 3 : 2)) wrong(`${Core} core nodes`)
    if (ha ? Common < 3 : Common !== 0) wrong(`${Common} common nodes`)
    if (Common > 20) it.open('many common nodes')
  }
  if (kind === 'doris') {
    if (Master < (ha ? 3 : 1)) wrong(`${Master} masters`)
    if (Core < 3) wrong(`${Core} core nodes`)
    if (Task !== 0 || Common !== 0 || Master > (ha ? 3 : 1)) it.open('roles that no table has')
  }
  if (kind === 'kafka') {
    if (Core < (ha ? 2 : 1)) wrong(`${Core} core nodes`)
    if (ha ? Common < 3 : Common !== 0) wrong(`${Common} common nodes`)
    if (Task !== 0 || Master !== 0) it.open('roles that no table has')
  }
}

function checkResource(fields: Fields, read: CheckedRecord): void {
  const { notes: it } = read
  const type = text(fields, 'InstanceType', read, false)
  const named = type !== undefined && type.trim() !== ''
  if (type !== undefined) it.open('a machine by its type')
  const spec = text(fields, 'Spec', read, !named)
  const cpu = integer(fields, 'Cpu', read, !named)
  const memory = integer(fields, 'MemSize', read, !named)
  const number = integer(fields, 'StorageType', read, !named)
  // Documented with its values, and as without effect.
  if (number !== undefined && !STORAGE_TYPES.includes(number)) it.open(`StorageType ${number}`)
  const disk = text(fields, 'DiskType', read, !named)
  const size = integer(fields, 'DiskSize', read, !named)
  const root = integer(fields, 'RootSize', read, false)
  if (!named) checkMachine({ spec, cpu, memory }, read)
  checkDisk(disk, size, read)
  if (root !== undefined && (root < 50 || root > 1000)) it.wrong(`${read.at}RootSize is ${root}`)
  if (root !== undefined && root % 10 !== 0) it.open('a system disk between steps')
  for (const late of ['LocalDiskNum', 'DiskNum', 'GpuDesc', 'PartitionNumber', 'HCCHpcClusterId'])
    if (fields[late] !== undefined && fields[late] !== null) it.open(`${late} is given`)
  checkMore(fields, read, disk)
  checkTags(fields, read, 5)
}

interface Machine {
  readonly spec: string | undefined
  readonly cpu: number | undefined
  readonly memory: number | undefined
}

function checkMachine({ spec, cpu, memory }: Machine, { notes: it, at }: CheckedRecord): void {
  if (spec === undefined || cpu === undefined || memory === undefined) return
  const ours = families.some((each) => each === spec)
  const bare = spec
    .trim()
    .replace(/^CVM\./i, '')
    .toUpperCase()
  const documented = ['S2', 'S5', 'S6', 'SA2', 'SA5', 'M2', 'C2', 'I2', 'D1'].includes(bare)
  if (!ours && !documented) return it.wrong(`${at}Spec is ${spec}`)
  if (!ours) return it.open(`${at}Spec is ${spec}`)
  const large = [24, 32].includes(cpu)
  if (large) it.open('a very large machine')
  else if (machines.get(cpu)?.some((gib) => gib * 1024 === memory) !== true)
    it.wrong(`${at}${cpu} cores with ${memory} MB`)
}

const STORAGE_TYPES = [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]
const DISKS =
  'LOCAL_BASIC CLOUD_BASIC LOCAL_SSD CLOUD_SSD CLOUD_PREMIUM CLOUD_HSSD CLOUD_THROUGHPUT CLOUD_TSSD CLOUD_BSSD CLOUD_BIGDATA CLOUD_HIGHIO REMOTE_SSD'.split(
    ' ',
  )

function checkDisk(type: string | undefined, size: number | undefined, read: CheckedRecord): void {
  const { notes: it, at } = read
  if (type !== undefined && !DISKS.includes(type)) {
    if (DISKS.includes(type.trim()) || type.trim() === '') it.open(`${at}DiskType is ${type}`)
    else it.wrong(`${at}DiskType is ${type}`)
  }
  if (type !== undefined && type !== 'CLOUD_SSD' && type !== 'CLOUD_PREMIUM')
    it.open('another disk')
  if (size === undefined) return
  if (size < 10 || size % 10 !== 0) it.wrong(`${at}a disk of ${size}`)
  // 32 000 is a later maximum of some types.
  if (size > 16_000) {
    if (size > 32_000 || type === 'CLOUD_SSD' || type === 'CLOUD_PREMIUM')
      it.wrong(`${at}a disk of ${size}`)
    else it.open(`a disk of ${size}`)
  }
  // 100 in one source, 20 in a later one.
  if (type === 'CLOUD_SSD' && size < 100) it.open(`a small SSD of ${size}`)
}

function checkMore(fields: Fields, read: CheckedRecord, base: string | undefined): void {
  const { notes: it, at } = read
  const disks = list(fields, 'MultiDisks', read, false) ?? []
  const seen = new Set<string>()
  let total = 1
  for (const [index, each] of disks.entries()) {
    const members = ['DiskType', 'Volume', 'Count']
    const inner = asRecord(each, `${at}MultiDisks.${index}`, { read, members })
    if (!inner) {
      it.wrong(`${at}MultiDisks.${index} is no disk`)
      continue
    }
    const type = text(inner.fields, 'DiskType', inner.read, false)
    const size = integer(inner.fields, 'Volume', inner.read, false)
    const count = integer(inner.fields, 'Count', inner.read, false)
    if (type === undefined || size === undefined || count === undefined)
      it.open('a disk that is not whole')
    checkDisk(type, size, inner.read)
    if (count !== undefined && count < 1) it.wrong(`${inner.read.at}Count is ${count}`)
    total += Math.max(1, count ?? 1)
    if (type !== undefined && seen.has(type)) it.wrong(`${at}${type} twice`)
    if (type === base) it.open('the same type as the first disk')
    seen.add(type ?? '')
  }
  if (total > 15) it.wrong(`${at}${total} data disks`)
}
