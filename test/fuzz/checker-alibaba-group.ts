/** Node groups by the documents (reference: alibaba-starrocks.md 4.2; 4.3 X4 to X8; 10 C1 to C4). */
import { fieldsOf, integer, list, text, type CheckedRecord } from './checker-alibaba-type.ts'
import { sizes } from './valid-alibaba.ts'
import { isObject } from './verdict.ts'

export interface Instance {
  readonly zone: string | undefined
  readonly mode: string | undefined
  readonly official: boolean
}

interface Sizes {
  readonly cu: number | undefined
  readonly size: number | undefined
}

export function checkGroups(read: CheckedRecord, instance: Instance): void {
  const [frontend] = groups(read, 'FrontendNodeGroups', { ...instance, kind: 'fe' })
  groups(read, 'BackendNodeGroups', { ...instance, kind: 'be' })
  const observers = groups(read, 'ObserverNodeGroups', { ...instance, kind: 'observer' })
  const { notes: it } = read
  if (observers.length > 0 && instance.mode === 'shared_nothing')
    it.wrong('observers without separate storage')
  for (const { cu, size } of observers) {
    if (!frontend) it.open('observers of unknown frontends')
    if (cu !== undefined && frontend?.cu !== undefined && cu !== frontend.cu)
      it.wrong('observers of another size')
    if (size !== undefined && frontend?.size !== undefined && size !== frontend.size)
      it.wrong('observers with other disks')
  }
}

interface Kind extends Instance {
  readonly kind: 'fe' | 'be' | 'observer'
}

function groups(read: CheckedRecord, name: string, kind: Kind): readonly Sizes[] {
  const all = list(read, name, false)
  if (all === undefined || all.length === 0) {
    if (kind.kind !== 'observer') read.notes.open(`no ${name}`)
    return []
  }
  if (all.length > 1) read.notes.open(`several ${name}`)
  return all.map((each, index) => {
    if (!isObject(each)) {
      if (typeof each === 'string') read.notes.open('a group as text')
      else read.notes.wrong(`${name}.${index} is no object`)
      return { cu: undefined, size: undefined }
    }
    return checkGroup(fieldsOf(each, `${name}.${index}.`, read.notes), kind)
  })
}

function checkGroup(read: CheckedRecord, kind: Kind): Sizes {
  const { notes: it } = read
  const spec = text(read, 'specType', false) ?? 'standard'
  const local = spec === 'localSSD' || spec === 'bigData'
  checkSpec(read, kind, spec)
  const cu = number(read, 'cu')
  if (cu !== undefined && !local && !sizes.some((each) => each === cu)) {
    if (kind.official && ![2, 4, 8].includes(cu)) it.wrong(`${read.at}cu is ${cu}`)
    else it.open(`${read.at}cu is ${cu}`)
  }
  const size = checkDisks(read, kind, local)
  checkNumber(read, kind)
  const zone = text(read, 'zoneId', false)
  if (zone === undefined) it.open(`${read.at} no zone`)
  else if (kind.kind === 'observer') {
    if (zone === kind.zone) it.wrong('observers in the primary zone')
    else if (zone !== 'cn-hangzhou-h') it.open('observers elsewhere')
  } else if (kind.zone !== undefined && zone !== kind.zone)
    it.wrong(`${read.at} not in the primary zone`)
  for (const name of ['nodeGroupName', 'description'])
    if (text(read, name, false) !== undefined) it.open(`${name} is given`)
  return { cu, size }
}

/** 0 is what some clients send for a number that was not set. */
function number(read: CheckedRecord, name: string): number | undefined {
  const value = integer(read, name, false)
  if (value === undefined) {
    read.notes.open(`${read.at}${name} is left open`)
    return undefined
  }
  if (value === 0) return void read.notes.open(`${read.at}${name} is 0`)
  if (value < 0) read.notes.wrong(`${read.at}${name} is ${value}`)
  return value
}

const SPECS = ['standard', 'localSSD', 'bigData', 'ramEnhanced', 'networkEnhanced']

function checkSpec(read: CheckedRecord, { kind }: Kind, spec: string): void {
  const { notes: it } = read
  const machine = text(read, 'localStorageInstanceType', false)
  if (machine !== undefined && machine !== 'null') it.open('a machine type')
  if (spec === 'standard') return
  if (SPECS.includes(spec) && kind === 'be') {
    it.open(`spec ${spec}`)
    const named = machine !== undefined && machine !== 'null'
    if ((spec === 'localSSD' || spec === 'bigData') && !named) it.wrong(`${spec} without a machine`)
    return
  }
  if (
    spec === 'null' ||
    SPECS.some((each) => each.toLowerCase() === spec.toLowerCase() && each !== spec)
  )
    it.open(`spec ${spec}`)
  else it.wrong(`${read.at}specType is ${spec.slice(0, 40)}`)
}

function checkDisks(read: CheckedRecord, { kind }: Kind, local: boolean): number | undefined {
  const { notes: it } = read
  const level = text(read, 'storagePerformanceLevel', false)?.toLowerCase()
  const size = number(read, 'storageSize')
  const disks = number(read, 'diskNumber')
  if (local) return size
  const levels = kind === 'be' ? ['pl0', 'pl1', 'pl2', 'pl3'] : ['pl1']
  if (level === undefined || level === 'null') it.open('no level')
  else if (!levels.includes(level)) it.wrong(`${read.at}level ${level.slice(0, 40)}`)
  else if (level === 'pl2' || level === 'pl3') it.open('a minimum that sources differ about')
  const most = kind === 'be' ? 65_000 : 5000
  if (size !== undefined) {
    if (size < 100 || size > most) {
      if (size > most && kind !== 'be' && size <= 65_000) it.open(`${size} GiB`)
      else if (level === 'pl0' && size >= 40) it.open(`${size} GiB`)
      else it.wrong(`${read.at}${size} GiB`)
    } else if (size % 100 !== 0 || size < 200) it.open(`${size} GiB`)
  }
  if (disks !== undefined && disks > (kind === 'be' ? 10 : 1)) {
    if (kind === 'be' || disks > 1) it.wrong(`${read.at}${disks} disks`)
  }
  return size
}

function checkNumber(read: CheckedRecord, { kind, mode }: Kind): void {
  const { notes: it } = read
  const nodes = number(read, 'residentNodeNumber')
  if (nodes === undefined) return
  if (kind === 'be') {
    if (nodes > (mode === 'shared_nothing' ? 50 : 100)) it.wrong(`${read.at}${nodes} nodes`)
    else if (nodes < 3) it.open(`${nodes} nodes`)
    return
  }
  if (nodes > 11) it.wrong(`${read.at}${nodes} nodes`)
  else if (nodes % 2 === 0) {
    if (kind === 'fe') it.wrong(`${read.at}${nodes} nodes`)
    else it.open(`${nodes} observers`)
  }
}
