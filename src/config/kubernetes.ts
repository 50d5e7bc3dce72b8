/** The settings of the Kubernetes substrate. */
import { parseBlock } from '../kernel/cidr.ts'
import type { Setting } from './setting.ts'

export interface KubernetesConfig {
  /** `in-cluster` for the account of the pod that the server runs in; empty: there is no such substrate. */
  readonly kubeconfig: string
  readonly context: string
  readonly namespacePrefix: string
  /** Those that somebody made; empty: it makes its own. */
  readonly namespaces: readonly string[]
  readonly storageClasses: Readonly<Record<string, string>>
  readonly zones: Readonly<Record<string, string>>
  readonly images: string
  readonly versions: Readonly<Record<string, string>>
  /** Undefined: nothing is reached from outside the cluster. */
  readonly publicServices: PublicServices | undefined
  /** Blocks that public addresses are reached from; empty: from everywhere. */
  readonly publicSources: readonly string[]
  /** Products of EMR whose clusters are reached from outside whatever was asked for. */
  readonly publicProducts: readonly string[]
  /** Blocks that the server itself connects from. */
  readonly ownAddresses: readonly string[]
}

type PublicServices =
  | { readonly by: 'load-balancer' }
  | { readonly by: 'node-port'; readonly host: string }

type Declare = (
  name: string,
  description: string,
  fallback: string,
  check: (text: string) => unknown,
) => Setting

export function kubernetesSettings(
  setting: Declare,
  anyText: (text: string) => string,
): readonly Setting[] {
  return [
    setting(
      'kubernetes.kubeconfig',
      'The kubeconfig of the Kubernetes that carries what the substrate kubernetes carries, or in-cluster for the account of the pod that the server runs in; empty: there is no such substrate.',
      '',
      anyText,
    ),
    setting(
      'kubernetes.context',
      'The context of that kubeconfig; empty takes its current one.',
      '',
      anyText,
    ),
    setting(
      'kubernetes.namespace-prefix',
      'What the names of namespaces begin with, of which each instance has its own.',
      'emrys-',
      namespacePrefix,
    ),
    setting(
      'kubernetes.namespaces',
      'Namespaces that somebody made for instances and clusters and for nothing else, as team-a,team-b: each holds one at a time, and no others are made or looked into. Empty: each gets one of its own.',
      '',
      namespaces,
    ),
    setting(
      'kubernetes.storage-classes',
      'The StorageClass for each performance level of disks, as pl1=fast,pl2=faster; that of * is for all others; localSSD and bigData name those of disks that stay on their machine. Levels without one are refused.',
      '',
      pairs,
    ),
    setting(
      'kubernetes.zones',
      'The value of the label topology.kubernetes.io/zone for each zone, as cn-hangzhou-i=rack-1; other zones are refused. Empty: zones have no effect.',
      '',
      pairs,
    ),
    setting(
      'kubernetes.images',
      "Where StarRocks' images come from: a registry's address with its path, before /fe-ubuntu:VERSION.",
      'starrocks',
      imagePath,
    ),
    ...outsideSettings(setting),
    setting(
      'kubernetes.versions',
      'What the operators of the cluster run for EMR clusters there, as kafka=4.2.0,clickhouse=25.8: they know few versions. A product without one is refused; one that is asked for in another version runs as this, and says so. starrocks=3.5.8 runs in all StarRocks instances, which without it run what was asked for.',
      '',
      pairs,
    ),
  ]
}

/** How pods are reached. */
function outsideSettings(setting: Declare): readonly Setting[] {
  return [
    setting(
      'kubernetes.public-services',
      'How what gets a public address is reached: load-balancer, by services of that type; node-port=HOST, by ports that all machines of the cluster have, at this name or address. Empty: public addresses are refused.',
      '',
      publicServices,
    ),
    setting(
      'kubernetes.public-sources',
      'The blocks that public addresses are reached from, as 203.0.113.0/24: load balancers let in nobody else (loadBalancerSourceRanges), where those of the cluster can. Refused with node-port, which has no place for it. Empty: they are open to all.',
      '',
      blocks,
    ),
    setting(
      'kubernetes.public-products',
      'Products whose EMR clusters are all reached from outside, as kafka,clickhouse, though the API has public addresses for masters alone: kafka, clickhouse, zookeeper. Kafka and ZooKeeper ask nobody for a password: with load-balancer, kubernetes.public-sources has to say who may come.',
      '',
      names,
    ),
    setting(
      'kubernetes.own-addresses',
      'The blocks that this server connects to pods from, as 10.1.0.0/16,10.2.3.4/32: lists of addresses that may connect never leave them out. Not needed in a pod of the cluster; without either, such lists are refused.',
      '',
      blocks,
    ),
  ]
}

export function kubernetesOf(get: <T>(name: string) => T): KubernetesConfig {
  const text = (name: string) => get<string | undefined>(name) ?? ''
  const texts = (name: string) => get<readonly string[] | undefined>(name) ?? []
  return {
    kubeconfig: text('kubernetes.kubeconfig'),
    context: text('kubernetes.context'),
    namespacePrefix: get('kubernetes.namespace-prefix'),
    storageClasses: get('kubernetes.storage-classes'),
    zones: get('kubernetes.zones'),
    images: get('kubernetes.images'),
    namespaces: texts('kubernetes.namespaces'),
    versions: get('kubernetes.versions'),
    publicServices: get<PublicServices | undefined>('kubernetes.public-services'),
    publicSources: texts('kubernetes.public-sources'),
    publicProducts: texts('kubernetes.public-products'),
    ownAddresses: texts('kubernetes.own-addresses'),
  }
}

const PREFIX = /^[a-z][a-z0-9-]{0,30}$/
const IMAGE_PATH = /^[a-z0-9][a-z0-9._:/-]{0,200}$/
const PAIR = /^([^=,\s]+)=([^=,\s]+)$/

function namespacePrefix(text: string): string {
  if (PREFIX.test(text)) return text
  throw new Error('it must begin with a letter, and have lower-case letters, digits and hyphens')
}

function imagePath(text: string): string {
  if (IMAGE_PATH.test(text)) return text.replace(/\/$/, '')
  throw new Error('it must be the address of a registry with its path')
}

const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

function namespaces(text: string): readonly string[] {
  const all = text.split(',').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]))
  if (new Set(all).size < all.length || all.some((item) => !NAMESPACE.test(item)))
    throw new Error('it must be names of namespaces, as team-a,team-b')
  return all
}

const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/

function publicServices(text: string): PublicServices | undefined {
  if (text === '') return undefined
  if (text === 'load-balancer') return { by: 'load-balancer' }
  const [, host = ''] = /^node-port=(.+)$/.exec(text) ?? []
  if (!HOST.test(host)) throw new Error('it must be load-balancer, or node-port=HOST')
  return { by: 'node-port', host }
}

function names(text: string): readonly string[] {
  const all = text.split(',').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]))
  if (all.some((item) => !/^[a-z]+$/.test(item)))
    throw new Error('it must be names of products, as kafka,clickhouse')
  return all
}

function blocks(text: string): readonly string[] {
  const all = text.split(',').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]))
  if (all.some((item) => !parseBlock(item)))
    throw new Error('it must be blocks of addresses as 10.1.0.0/16')
  return all
}

function pairs(text: string): Readonly<Record<string, string>> {
  const items = text.split(',').filter((item) => item.trim() !== '')
  return Object.fromEntries(
    items.map((item) => {
      const [, name = '', value = ''] = PAIR.exec(item.trim()) ?? []
      if (name === '') throw new Error('it must be pairs as pl1=fast,pl2=faster')
      return [name, value]
    }),
  )
}
