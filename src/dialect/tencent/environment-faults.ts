/**
 * How Tencent Cloud refuses what its environment does not have, does not have enough of, or cannot ask about: codes by kind of
 * resource and by dependency (reference: tencent-emr.md 2.9). Today's finer code is named where there is one; error-code.ts
 * knows what stood in its place.
 */
import type { DependencyName, FailureMode } from '../../domain/dependency.ts'
import type { Measure, ResourceKind } from '../../domain/environment.ts'
import type { Faults } from '../../domain/fault.ts'
import { listed } from '../../kernel/enumeration.ts'

export interface Coded {
  readonly code: string
  readonly message: string
}

interface Word {
  /** What of the request names it. */
  readonly parameter: string
  readonly noun: string
  readonly code: string
}

/** Exhaustive: a kind added to the core does not compile until it has a code here. */
const words: { readonly [kind in ResourceKind]: Word } = {
  region: word('Region', 'region', 'InvalidParameterValue'),
  zone: word('Placement.Zone', 'zone', 'InvalidParameter.InvalidZone'),
  network: word('VPCSettings.VpcId', 'VPC', 'InvalidParameter.InvalidVpcId'),
  subnet: word('VPCSettings.SubnetId', 'subnet', 'ResourceNotFound.SubnetNotFound'),
  'security-group': word('SgId', 'security group', 'InvalidParameter.InvalidSercurityGrpupId'),
  'key-pair': word('LoginSettings.PublicKeyId', 'key pair', 'InvalidParameter.InvalidLoginSetting'),
  bucket: word('COSSettings.LogOnCosPath', 'bucket', 'InvalidParameterValue'),
  project: word('Placement.ProjectId', 'project', 'InvalidParameter.InvalidProjectId'),
  'resource-group': word('ProjectId', 'project', 'InvalidParameter.InvalidProjectId'),
  'placement-group': word('DisasterRecoverGroupIds.0', 'placement group', 'InvalidParameter'),
  'container-cluster': word('EksClusterId', 'container cluster', 'InvalidParameterValue'),
  role: word('ApplicationRole', 'role', 'InvalidParameter.UngrantedRole'),
  tag: word('Tags', 'tag', 'ResourceNotFound.TagsNotFound'),
  coupon: word('PromotionOptionNo', 'voucher', 'InvalidParameterValue'),
  'encryption-key': word('CbsEncrypt', 'key', 'InternalError.KmsError'),
  catalog: word('Catalog', 'catalog', 'InvalidParameterValue'),
  'metadata-database': word(
    'UnifyMetaInstanceId',
    'metadata database',
    'InvalidParameter.InvalidUnifyMeta',
  ),
}

export function resourceMissing({ what, id, parameter, known }: Faults['ResourceMissing']): Coded {
  const { parameter: usual, noun, code } = words[what]
  const shown = what === 'tag' ? tagText(id) : id
  return {
    code,
    message: `The ${noun} \`${shown}\`${named(parameter ?? usual)} does not exist.${others(what, known)}`,
  }
}

/** A subnet of another zone does not match; whatever lies in another network is not the one that was meant. */
export function resourceMismatch(it: Faults['ResourceMismatch']): Coded {
  const { parameter, noun, code } = words[it.what]
  return {
    code: it.by === 'zone' ? 'InvalidParameter.ZoneResourceNotMatch' : code,
    message: `The ${noun} \`${it.id}\` specified in the parameter \`${it.parameter ?? parameter}\` lies in the ${words[it.by].noun} \`${it.actual}\`, not in \`${it.expected}\`.`,
  }
}

export function resourceUnfit({ what, id, problem, parameter }: Faults['ResourceUnfit']): Coded {
  const { parameter: usual, noun, code } = words[what]
  return {
    code: unfit[what] ?? code,
    message: `The ${noun} \`${id}\`${named(parameter ?? usual)} cannot be used: ${problem}.`,
  }
}

/** By which parameter; the service's own role is named by none. */
function named(parameter: string): string {
  return parameter === '' ? '' : ` specified in the parameter \`${parameter}\``
}

/** What would have been found. */
function others(what: ResourceKind, known: readonly string[] = []): string {
  if (known.length === 0) return ''
  return ` There are ${listed(what === 'tag' ? known.map(tagText) : known)}.`
}

function tagText(id: string): string {
  return id.split('=').map(decodeURIComponent).join(':')
}

const unfit: Partial<Record<ResourceKind, string>> = {
  'security-group': 'InternalError.SgError',
  'encryption-key': 'InternalError.KmsError',
  'placement-group': 'FailedOperation',
  role: 'InvalidParameter.UngrantedPolicy',
}

export function resourceFull({ what, id, wanted, free }: Faults['ResourceFull']): Coded {
  if (what === 'placement-group')
    return {
      code: 'FailedOperation',
      message: `The placement group \`${id}\` is full: ${wanted} nodes do not fit into ${free}.`,
    }
  return {
    code: 'InternalError.VpcError',
    message:
      what === 'public-address'
        ? `There are not enough public addresses: ${wanted} are needed, ${free} are free.`
        : `The subnet \`${id}\` is without enough free IPs: ${wanted} are needed, ${free} are free.`,
  }
}

/** Nothing left is sold out; something left, but too little, is insufficient. */
export function resourceShort({
  what,
  type,
  zone,
  wanted,
  available,
}: Faults['ResourceShort']): Coded {
  const place = zone === '' ? '' : ` in \`${zone}\``
  const rest = `${wanted} are needed, ${available} are left`
  if (what === 'placement')
    return resourceFull({ what: 'placement-group', id: type, wanted, free: available })
  const exhausted = ofPods[what]
  if (exhausted !== undefined)
    return { code: exhausted, message: `There are not enough ${shownType(what, type)}: ${rest}.` }
  const disk = what === 'disk' || what === 'storage'
  if (available > 0)
    return {
      code: `ResourceInsufficient.${disk ? 'DiskInsufficient' : 'InstanceInsufficient'}`,
      message: `There are not enough of ${shownType(what, type)}${place}: ${rest}.`,
    }
  const code = type === '' ? 'ResourcesSoldOut.' : `ResourcesSoldOut.${disk ? 'Cbs' : 'Cvm'}SoldOut`
  return { code, message: `${shownType(what, type)} is sold out${place}: ${rest}.` }
}

const ofPods: Partial<Record<Measure, string>> = {
  'pod-cpu': 'LimitExceeded.PodCpuLimitExceededAvailableCpu',
  'pod-memory': 'LimitExceeded.PodMemoryLimitExceededAvailableMemory',
}

export function quotaExceeded(it: Faults['QuotaExceeded']): Coded {
  return {
    code: 'InternalError.CheckQuotaErr',
    message: `The quota of ${shownType(it.what, it.type)} is ${it.limit}: ${it.used} are in use, ${it.wanted} more are needed.`,
  }
}

const nouns: { readonly [measure in Measure]: string } = {
  cluster: 'clusters',
  machine: 'CVM instances',
  disk: 'cloud disks',
  storage: 'GB of cloud disks',
  placement: 'places in the placement group',
  'pod-cpu': 'cores of the container cluster',
  'pod-memory': 'GiB of memory of the container cluster',
}

function shownType(what: Measure, type: string): string {
  return type === '' ? nouns[what] : `${nouns[what]} \`${type}\``
}

/** By what failed: the gateway before a service, or the service. Some services have one code for both. */
const failures: {
  readonly [name in DependencyName]: { readonly [mode in FailureMode]: string }
} = {
  account: both('AccountCgwError'),
  identity: { gateway: 'CamCgwError', service: 'CamError' },
  configuration: both('ConfigCgwError'),
  project: both('ProjectCgwError'),
  network: { gateway: 'VpcCgwError', service: 'VpcError' },
  'security-group': both('SgError'),
  compute: both('CvmError'),
  'block-storage': { gateway: 'CbsCgwError', service: 'CbsError' },
  'metadata-database': { gateway: 'CdbCgwError', service: 'CdbError' },
  'container-service': both('TKEError'),
  tag: both('TagError'),
  'key-management': both('KmsError'),
  trade: both('TradeCgwError'),
}

export function dependencyFailed({ dependency, mode }: Faults['DependencyFailed']): Coded {
  const name = failures[dependency][mode]
  return {
    code: `InternalError.${name}`,
    message: `An error occurred while calling another service API (${name}).`,
  }
}

function word(parameter: string, noun: string, code: string): Word {
  return { parameter, noun, code }
}

function both(code: string) {
  return { gateway: code, service: code }
}
