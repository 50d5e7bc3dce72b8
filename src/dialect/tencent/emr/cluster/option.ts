/** The smaller choices of CreateInstance, each with its legal values (reference: tencent-emr.md 2.1, 2.3 COSSettings). */
import type { CreationInput, OrderInput } from './create-shape.ts'
import { given, invalid, unsupported } from '../refusal.ts'

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
    throw value('NeedMasterWan', 'it must be NEED_MASTER_WAN or NOT_NEED_MASTER_WAN', wan)
  }
  const port = input.RemoteLoginAtCreate ?? 0
  if (port !== 0 && port !== 22) {
    throw value('RemoteLoginAtCreate', 'it must be 22, or 0 for none', port)
  }
  const encrypt = input.CbsEncrypt ?? 0
  if (encrypt !== 0 && encrypt !== 1) throw value('CbsEncrypt', 'it must be 0 or 1', encrypt)
  return {
    publicMaster: wan === 'NEED_MASTER_WAN',
    remoteLogin: port === 22,
    encrypted: encrypt === 1,
  }
}

export function checkStorage(settings: CreationInput['COSSettings']): void {
  if (settings === undefined) return
  for (const member of ['CosSecretId', 'CosSecretKey'] as const) {
    if (given(settings[member]) !== undefined) continue
    const name = `COSSettings.${member}`
    throw invalid({ name, code: 'InvalidParameterValue', rule: 'it must not be empty' })
  }
  const path = given(settings.LogOnCosPath)
  if (path === undefined || /^cosn:\/\/[\w.-]{1,100}(\/[\x21-\x7e]{0,500})?$/.test(path)) return
  throw value('COSSettings.LogOnCosPath', 'it must look like cosn://bucket/path', path)
}

export function checkRole(role: string | undefined): string {
  const name = given(role) ?? ''
  if (name === '' || /^[\w+=,.@-]{1,128}$/.test(name)) return name
  throw invalid({
    name: 'ApplicationRole',
    code: 'InvalidParameter',
    rule: 'it must be the name of a role: letters, digits and +=,.@_-',
    value: name,
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
  })
}

/** Parameters that came after the founding document and have no effect here yet: refused by name, never ignored. */
export function refuseLate(input: CreationInput): void {
  refuseLateOrder(input)
  if (input.MultiZone === true) throw unsupported('MultiZone')
  if (given(input.CosBucket) !== undefined) throw unsupported('CosBucket')
  if ((input.NodeMarks ?? []).length > 0) throw unsupported('NodeMarks')
  if (given(input.LoadBalancerId) !== undefined) throw unsupported('LoadBalancerId')
  if (given(input.SgIP) !== undefined) throw unsupported('SgIP')
  if ((input.PartitionNumber ?? 0) !== 0) throw unsupported('PartitionNumber')
  if ((input.WebUiVersion ?? 0) !== 0) throw unsupported('WebUiVersion')
  if ((input.CbsSysEncrypt ?? 0) !== 0) throw unsupported('CbsSysEncrypt')
}

export function refuseLateOrder(input: OrderInput): void {
  const version = input.VersionID ?? 0
  if (version !== 0 && version !== 1) throw value('VersionID', 'it must be 0 or 1', version)
  const settings = input.MultiZoneSettings ?? []
  if (version === 0 && settings.length > 0) {
    throw unsupported('MultiZoneSettings', 'it needs VersionID 1')
  }
  if (settings.length > 1) throw unsupported('MultiZoneSettings', 'only one zone is possible yet')
  const doubled = (['Placement', 'VPCSettings', 'ResourceSpec'] as const).find(
    (member) => version === 1 && input[member] !== undefined,
  )
  if (doubled !== undefined) {
    throw unsupported(doubled, 'with VersionID 1 it is given in MultiZoneSettings')
  }
  if ((input.ExternalService ?? []).length > 0) throw unsupported('ExternalService')
  if ((input.NeedCdbAudit ?? 0) !== 0) throw unsupported('NeedCdbAudit')
}

function value(name: string, rule: string, it: string | number) {
  return invalid({ name, code: 'InvalidParameterValue', rule, value: it })
}
