/** The smaller choices of CreateInstance, each with its legal values (reference: tencent-emr.md 2.1, 2.3 COSSettings). */
import type { Fault } from '../../../../domain/fault.ts'
import type { ClientStorage, ObjectVolume } from '../../../../domain/object-storage.ts'
import type { CreationInput, OrderInput } from './create-shape.ts'
import { example, objectExample } from './example.ts'
import { given, invalid, unsupportedValue } from '../refusal.ts'

export interface Options {
  /** Whether the master gets a public address. */
  readonly publicMaster: boolean
  /** Whether port 22 is opened; without effect on a given security group. */
  readonly remoteLogin: boolean
  readonly encrypted: boolean
}

export function readOptions(input: CreationInput): Options {
  const wan = given(input.NeedMasterWan) ?? 'NEED_MASTER_WAN'
  if (wan !== 'NEED_MASTER_WAN' && wan !== 'NOT_NEED_MASTER_WAN') {
    const rule = 'it must be NEED_MASTER_WAN or NOT_NEED_MASTER_WAN'
    throw refused('NeedMasterWan', { rule, value: wan, example: example.NeedMasterWan })
  }
  const port = input.RemoteLoginAtCreate ?? 0
  if (port !== 0 && port !== 22) {
    const rule = 'it must be 22, or 0 for none'
    throw refused('RemoteLoginAtCreate', { rule, value: port, example: 22 })
  }
  const encrypt = input.CbsEncrypt ?? 0
  if (encrypt !== 0 && encrypt !== 1)
    throw refused('CbsEncrypt', { rule: 'it must be 0 or 1', value: encrypt, example: 1 })
  return {
    publicMaster: wan === 'NEED_MASTER_WAN',
    remoteLogin: port === 22,
    encrypted: encrypt === 1,
  }
}

const LOG_PATH = /^cosn:\/\/([\w.-]{1,100})(\/[\x21-\x7e]{0,500})?$/

export function checkStorage(settings: CreationInput['COSSettings']): void {
  if (settings === undefined) return
  for (const member of ['CosSecretId', 'CosSecretKey'] as const) {
    if (given(settings[member]) !== undefined) continue
    const right = member === 'CosSecretId' ? 'AKIDEXAMPLE' : 'example-key'
    throw refused(`COSSettings.${member}`, { rule: 'it must not be empty', example: right })
  }
  const path = given(settings.LogOnCosPath)
  if (path === undefined || LOG_PATH.test(path)) return
  const rule = 'it must look like cosn://bucket/path'
  const right = example.LogOnCosPath
  throw refused('COSSettings.LogOnCosPath', { rule, value: path, example: right })
}

export type StorageSettings = NonNullable<CreationInput['COSSettings']>

export function logBucketOf({ LogOnCosPath: path }: StorageSettings): string | undefined {
  return /^cosn:\/\/([\w.-]+)/.exec(path ?? '')?.[1]
}

/** What the cluster does with them. */
export function clientStorageOf({ LogOnCosPath: path }: StorageSettings): ClientStorage {
  const logs = folderOf(given(path) ?? '')
  return logs ? { logs } : {}
}

/** Undefined for what does not look like `cosn://bucket/path`. */
export function folderOf(path: string): ObjectVolume | undefined {
  const [, bucket, folder = ''] = LOG_PATH.exec(path) ?? []
  if (bucket === undefined) return undefined
  const parts = folder.split('/').filter((part) => part !== '')
  return { bucket, prefix: parts.map((part) => `${part}/`).join('') }
}

export function refusedStorageKey(): Fault {
  const rule = 'object storage must accept it with its CosSecretId'
  return refused('COSSettings.CosSecretKey', { rule, example: 'example-key' })
}

export function checkRole(role: string | undefined): string {
  const name = given(role) ?? ''
  if (name === '' || /^[\w+=,.@-]{1,128}$/.test(name)) return name
  throw invalid({
    name: 'ApplicationRole',
    code: 'InvalidParameter',
    rule: 'it must be the name of a role: letters, digits and +=,.@_-',
    value: name,
    example: example.ApplicationRole,
  })
}

export function checkToken(token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined
  if (/^[\x21-\x7e]{1,64}$/.test(token)) return token
  throw invalid({
    name: 'ClientToken',
    code: 'InvalidParameter.InvalidClientToken',
    rule: 'it must have 1 to 64 printable ASCII characters',
    value: token,
    example: example.ClientToken,
  })
}

/** Parameters that came after the founding document and have no effect here yet: refused by name, never ignored. */
export function refuseLate(input: CreationInput): void {
  refuseLateOrder(input, input.MultiZone === true ? ZONES : ONE_ZONE)
  for (const name of LATE) {
    const value = input[name]
    if (isOpen(value)) continue
    throw unsupportedValue(name, { value })
  }
}

const LATE = [
  'CosBucket',
  'LoadBalancerId',
  'SgIP',
  'PartitionNumber',
  'WebUiVersion',
  'CbsSysEncrypt',
] as const
const LATE_ORDER = ['ExternalService', 'NeedCdbAudit'] as const

/** What clients send for what they do not ask for. */
function isOpen(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === ''
  if (Array.isArray(value)) return value.length === 0
  return value === undefined || value === false || value === 0
}

interface ZoneCount {
  readonly min: number
  readonly max: number
}

const ONE_ZONE: ZoneCount = { min: 0, max: 1 }
const ZONES: ZoneCount = { min: 2, max: 3 }

export function refuseLateOrder(input: OrderInput, zones = ONE_ZONE): void {
  const version = input.VersionID ?? 0
  if (version !== 0 && version !== 1)
    throw refused('VersionID', { rule: 'it must be 0 or 1', value: version, example: 0 })
  refuseZones(input, version, zones)
  for (const name of LATE_ORDER) {
    const value = input[name]
    if (isOpen(value)) continue
    throw unsupportedValue(name, { value })
  }
}

function refuseZones(input: OrderInput, version: number, { min, max }: ZoneCount): void {
  const settings = input.MultiZoneSettings ?? []
  if (settings.length < min) {
    const why = `it needs VersionID 1 and ${min} or ${max} MultiZoneSettings`
    throw unsupportedValue('MultiZone', { value: true, why })
  }
  if (version === 0 && settings.length > 0) {
    const value = `${settings.length} zones`
    throw unsupportedValue('MultiZoneSettings', { value, why: 'it needs VersionID 1' })
  }
  if (settings.length > max) {
    const why = max === 1 ? 'more than one zone needs MultiZone' : `${max} zones are the most`
    const instead = `give ${max === 1 ? 'one' : 'three'} of them`
    throw unsupportedValue('MultiZoneSettings', { value: `${settings.length} zones`, why, instead })
  }
  for (const member of ['Placement', 'VPCSettings', 'ResourceSpec'] as const) {
    const value = input[member]
    if (version !== 1 || value === undefined) continue
    const why = 'with VersionID 1 it is given in MultiZoneSettings'
    const instead = `give it there, as ${JSON.stringify({ [member]: objectExample[member] })}`
    throw unsupportedValue(member, { value, why, instead })
  }
}

function refused(
  name: string,
  it: { readonly rule: string; readonly value?: string | number; readonly example: unknown },
) {
  return invalid({ name, code: 'InvalidParameterValue', ...it })
}
