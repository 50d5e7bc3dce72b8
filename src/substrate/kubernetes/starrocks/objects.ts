/**
 * The objects of a StarRocks instance, as a pure function of what is wanted: what is applied to Kubernetes, in the order in which
 * it is applied. StatefulSets, services, claims and pods are made of the custom resource by StarRocks' operator; what it has no place for
 * has sets of our own (own-set.ts).
 */
import type { NodeGroup } from '../../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import { ownLabels, type Installation } from '../ownership.ts'
import type { KubernetesObject } from '../resource.ts'
import { configurationName, configurationText, settingsOf, type RunMode } from './configuration.ts'
import { STORAGE_SECRET, volumeData, type StorageVolume } from './storage-volume.ts'
import { publicService } from '../public-service.ts'
import { ingressOf, publicEntry, type Exposed, type ExposureProvision } from './exposure.ts'
import { encryptionMount, keyStoreSecret, TLS_SECRET, type KeptKeyStore } from './encryption.ts'
import { localClassOf, storageClassOf } from '../provision.ts'
import { ownSet } from './own-set.ts'
import {
  ADMIN_SECRET,
  annotations,
  environmentOf,
  FORMER,
  isEncrypted,
  OWNER,
  PASSWORD,
  podPlacement,
  type PlacedGroup,
} from './pod.ts'
import { isOwnSet, partOf, RESOURCE, volumesOf, type Part } from './part.ts'

/** The password of an instance, and the one before it, which its engine may still have. */
export interface Passwords {
  readonly password: string
  readonly former?: string
}

/** What the administrator of the Kubernetes cluster has for us. */
export interface Provision {
  /** The StorageClass for each performance level of disks; that of `*` for the others. */
  readonly storageClasses: Readonly<Record<string, string>>
  /** The value of `topology.kubernetes.io/zone` for a zone; pods of zones that are not named run anywhere. */
  readonly zones: Readonly<Record<string, string>>
  /** The same as `storageClasses` for instances whose disks are encrypted; absent: none can be. */
  readonly encryptedStorageClasses?: Readonly<Record<string, string>>
  /** The labels of the machines that stand in a subnet; pods of subnets that are not named run anywhere. */
  readonly subnets?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Likewise of those that a type of machines asks for. */
  readonly machines?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Where StarRocks' images come from: `starrocks` for those that its project publishes. */
  readonly images: string
  /** By product: `starrocks` is the version that runs in all instances, whichever was asked for. */
  readonly versions?: Readonly<Record<string, string>>
  /** How instances are reached, where anything of it is provided for. */
  readonly exposure?: ExposureProvision
}

export interface InstanceObjects {
  readonly installation: Installation
  readonly provision: Provision
  readonly id: string
  readonly namespace: string
  readonly name: string
  readonly spec: ClusterSpec
  readonly passwords: Passwords
  /** Where the data of compute nodes lie. */
  readonly volume?: StorageVolume
  readonly exposed?: readonly Exposed[]
  /** Of front ends, where they offer TLS. */
  readonly keyStore?: KeptKeyStore
  /** By group. */
  readonly sets: ReadonlyMap<string, SetSpec>
  readonly generation: number
}

/** Of the StatefulSet of a group. */
export interface SetSpec {
  readonly set: string
  readonly replicas: number
  /** Replaced pods tell by it what they were made from. */
  readonly template: string
}

function runModeOf({ groups }: Pick<ClusterSpec, 'groups'>): RunMode {
  return groups.some(({ role }) => role === 'cn') ? 'shared_data' : 'shared_nothing'
}

/** What the namespace begins with. */
export function namespaceObject(
  it: Pick<InstanceObjects, 'installation' | 'id' | 'namespace' | 'name'>,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: it.namespace,
      labels: {
        ...ownLabels(it.installation, it.id),
        // StarRocks' images need no privilege of their node.
        'pod-security.kubernetes.io/enforce': 'baseline',
      },
      annotations: { [annotations.name]: it.name },
    },
  }
}

/** In the namespace, in this order; the custom resource is the last, but for sets of our own. */
export function instanceObjects(it: InstanceObjects): readonly KubernetesObject[] {
  const groups = it.spec.groups.flatMap((group) => {
    const part = partOf(group)
    const desired = it.sets.get(group.id)
    if (!part || !desired) return []
    const amount = { cpu: String(group.cpu), memory: `${group.memoryMib}Mi` }
    const image = imageOf(it, part, group)
    return [{ part, group, desired, amount, image, ...configured(it, part, group) }]
  })
  return [
    object(
      it,
      { apiVersion: 'v1', kind: 'Secret', name: ADMIN_SECRET },
      {
        type: 'Opaque',
        data: secretData(it.passwords),
      },
    ),
    ...(it.volume ? [storageSecret(it, it.volume)] : []),
    ...(it.keyStore ? [tlsSecret(it, it.keyStore)] : []),
    networkPolicy(it),
    ...(it.exposed ?? []).map((exposed) =>
      object(
        it,
        { apiVersion: 'v1', kind: 'Service', name: exposed.service },
        publicService(publicEntry(exposed), it.provision.exposure ?? {}),
      ),
    ),
    ...groups.map(({ part, file, text }) =>
      object(
        it,
        { apiVersion: 'v1', kind: 'ConfigMap', name: file },
        {
          data: { [part.configuration]: text },
        },
      ),
    ),
    ...groups.flatMap((each) => disruptionBudgets(it, each)),
    starrocksCluster(
      it,
      groups.filter(({ desired }) => !isOwnSet(desired.set)),
    ),
    ...groups
      .filter(({ desired }) => isOwnSet(desired.set))
      .flatMap((placed) => ownSet(it, placed)),
  ]
}

function configured(it: InstanceObjects, part: Part, { disks, memoryMib, machine }: NodeGroup) {
  const volumes = volumesOf(part, disks).map((volume) => ({
    ...volume,
    storageClass:
      volume.level === ''
        ? localClassOf(it.provision, machine, it.spec)
        : storageClassOf(it.provision, volume.level, it.spec),
  }))
  const settings = settingsOf(it.spec.configuration, part)
  const text = configurationText({
    part,
    runMode: runModeOf(it.spec),
    memoryMib,
    volumes,
    settings,
    encrypted: isEncrypted(it, part),
  })
  return { volumes, text, file: configurationName(part, text) }
}

/** From outside its namespace, clients reach what is for clients, and nobody reaches what the parts say to each other. */
function networkPolicy(it: InstanceObjects): KubernetesObject {
  return object(
    it,
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: 'emrys' },
    {
      spec: {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [
          { from: [{ podSelector: {} }] },
          ...ingressOf(it.spec.access, it.provision.exposure ?? {}),
        ],
      },
    },
  )
}

/** Whoever empties machines of the cluster takes no more front ends at once than leave a majority, and one worker at a time. */
function disruptionBudgets(
  it: InstanceObjects,
  { part, group: { nodes }, desired: { set: name } }: PlacedGroup,
): readonly KubernetesObject[] {
  if (nodes.length < 2) return []
  const { length } = nodes
  const left = part.name === 'fe' ? Math.floor(length / 2) + 1 : length - 1
  return [
    object(
      it,
      { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name },
      {
        spec: { minAvailable: left, selector: { matchLabels: { [OWNER]: name } } },
      },
    ),
  ]
}

function starrocksCluster(it: InstanceObjects, groups: readonly PlacedGroup[]): KubernetesObject {
  const spec = Object.fromEntries(
    groups.flatMap((each) => {
      const { operated } = each.part
      return operated ? [[operated.member, partSpec(it, each, operated.environment)] as const] : []
    }),
  )
  return {
    ...object(it, { apiVersion: 'starrocks.com/v1', kind: 'StarRocksCluster', name: RESOURCE }, {}),
    metadata: {
      name: RESOURCE,
      namespace: it.namespace,
      labels: ownLabels(it.installation, it.id),
      annotations: { [annotations.generation]: String(it.generation) },
    },
    spec,
  }
}

function partSpec(it: InstanceObjects, placed: PlacedGroup, environment: string): unknown {
  const { part, desired, file, volumes, amount, image } = placed
  return {
    image,
    replicas: desired.replicas,
    requests: amount,
    limits: amount,
    ...podPlacement(it, placed),
    podLabels: ownLabels(it.installation, it.id),
    configMapInfo: { configMapName: file, resolveKey: part.configuration },
    // What is stopped comes back with its data; what is released takes them along with the namespace.
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    storageVolumes: volumes.map((volume) => ({
      name: volume.name,
      storageClassName: volume.storageClass,
      storageSize: `${volume.sizeGib}Gi`,
      mountPath: volume.path,
    })),
    ...(isEncrypted(it, part) && { secrets: [encryptionMount] }),
    [environment]: environmentOf(it, part),
  }
}

function imageOf({ provision, spec }: InstanceObjects, part: Part, group: NodeGroup): string {
  return `${provision.images}/${part.image}:${runVersion(versionOf(spec, group), provision)}`
}

/** StarRocks' own version, as what a vendor adds behind it is none of its images; or the one that runs in its place. */
export function runVersion(
  version: string,
  { versions = {} }: Pick<Provision, 'versions'>,
): string {
  return versions['starrocks'] ?? version.replace(/-.*$/, '')
}

/**
 * One image for a whole group: its set replaces the pods one after the other by itself. Nodes that a change holds back keep their
 * version only together.
 */
export function versionOf({ software }: ClusterSpec, { nodes }: NodeGroup): string {
  const [first] = nodes
  const isHeld = nodes.every(({ version }) => version !== undefined && version === first?.version)
  return isHeld ? (first?.version ?? software.version) : software.version
}

function secretData({ password, former }: Passwords): Readonly<Record<string, string>> {
  const encoded = (text: string) => Buffer.from(text, 'utf8').toString('base64')
  return {
    [PASSWORD]: encoded(password),
    ...(former !== undefined && { [FORMER]: encoded(former) }),
  }
}

function storageSecret(it: InstanceObjects, volume: StorageVolume): KubernetesObject {
  const kind = { apiVersion: 'v1', kind: 'Secret', name: STORAGE_SECRET }
  return object(it, kind, { type: 'Opaque', data: volumeData(volume) })
}

function tlsSecret(it: InstanceObjects, kept: KeptKeyStore): KubernetesObject {
  const { annotations: said, data } = keyStoreSecret(kept)
  const kind = { apiVersion: 'v1', kind: 'Secret', name: TLS_SECRET }
  const { metadata, ...rest } = object(it, kind, { type: 'Opaque', data })
  return { ...rest, metadata: { ...metadata, annotations: said } }
}

interface Kind {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
}

function object(
  it: InstanceObjects,
  { apiVersion, kind, name }: Kind,
  members: object,
): KubernetesObject {
  const metadata = { name, namespace: it.namespace, labels: ownLabels(it.installation, it.id) }
  return { apiVersion, kind, metadata, ...members }
}
