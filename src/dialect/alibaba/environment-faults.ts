/**
 * How the product refuses what its environment does not have: sentences for its list of invalid parameters, after the one that
 * is documented (`instance not exists`). What runs out is usually reported later, by the instance that fails
 * (reference: alibaba-starrocks.md 4.3 X10, X15, 7).
 */
import type { Measure, ResourceKind } from '../../domain/environment.ts'
import type { Faults, Located } from '../../domain/fault.ts'

/** Exhaustive: a kind added to the core does not compile until it has a word here. */
const words: { readonly [kind in ResourceKind]: string } = {
  region: 'region',
  zone: 'zone',
  network: 'vpc',
  subnet: 'vSwitch',
  'security-group': 'security group',
  'key-pair': 'key pair',
  bucket: 'bucket',
  project: 'resource group',
  'resource-group': 'resource group',
  'placement-group': 'deployment set',
  'container-cluster': 'container cluster',
  role: 'role',
  tag: 'tag',
  coupon: 'promotion option',
  'encryption-key': 'kms key',
  catalog: 'dlf catalog',
  'metadata-database': 'metadata database',
}

const measures: { readonly [measure in Measure]: string } = {
  cluster: 'instances',
  machine: 'CUs',
  disk: 'disks',
  storage: 'GiB of storage',
  placement: 'places',
  'pod-cpu': 'cores',
  'pod-memory': 'GiB of memory',
}

/** What an instance's history says when there was not enough of something for it (6.6). */
export const shortageDetail = '库存不足，操作失败，已退款'

/** Which parameter it is, and another value, for refusals that know it. */
export function placed({
  parameter,
  id,
  known = [],
  expected,
}: Located & { readonly id: string; readonly expected?: string }): readonly string[] {
  if (parameter === undefined) return []
  const right = known[0] ?? `one in ${expected ?? 'the environment'}`
  return [`${parameter} is ${id}, for example ${right}`]
}

export function resourceMissing({ what, id }: Faults['ResourceMissing']): string {
  return `${words[what]} ${id} not exists`
}

export function resourceMismatch(it: Faults['ResourceMismatch']): string {
  return `${words[it.what]} ${it.id} is in ${words[it.by]} ${it.actual}, not in ${it.expected}`
}

export function resourceUnfit({ what, id, problem }: Faults['ResourceUnfit']): string {
  return `${words[what]} ${id} cannot be used: ${problem}`
}

export function resourceFull({ what, id, wanted, free }: Faults['ResourceFull']): string {
  const noun = what === 'public-address' ? 'public address pool' : words[what]
  return `${noun} ${id} has ${free} free, ${wanted} are needed`
}

export function resourceShort(it: Faults['ResourceShort']): string {
  return `${it.available} ${measures[it.what]} in stock, ${it.wanted} are needed`
}

export function quotaExceeded(it: Faults['QuotaExceeded']): string {
  return `Quota of ${measures[it.what]} is ${it.limit}, ${it.used} are in use, ${it.wanted} more are needed`
}
