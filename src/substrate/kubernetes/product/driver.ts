/**
 * Carries the clusters of a product by its operator: the same for all of them. It keeps nothing that is not in the Kubernetes cluster; all of it
 * may be said again, and a cluster is stopped by removing its custom resources, its volumes kept.
 */
import { administratorPassword } from '../../../domain/cluster/administrator.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { recordOf } from '../../../kernel/json.ts'
import type { Capabilities, Seen, Wanted } from '../../port.ts'
import { ApiProblem } from '../api-problem.ts'
import type { Carrier } from '../carrier.ts'
import type { KubernetesClient } from '../client.ts'
import type { Namespaces } from '../namespace.ts'
import { labels, namespaceOf, ownLabels, type Installation } from '../ownership.ts'
import { refusedNote } from '../refused-note.ts'
import { resources, type KubernetesObject, type ResourceType } from '../resource.ts'
import { isReady, podAddress, REMOVING } from '../starrocks/look.ts'
import { absent } from '../starrocks/observe.ts'
import { machineLabels, storageClassOf } from '../provision.ts'
import { namespaceObject, type Provision } from '../starrocks/objects.ts'
import { componentsOf, unmetRequirement, unmetVersion } from './requirement.ts'
import { nextNote, NOTE, noteObject, noteOf, type ClusterNote, type NoteNode } from './note.ts'
import { claimsOf, goingNodes, isGone, seenOf, type ClusterLook } from './observe.ts'
import { outsideGroups, outsideService, PUBLIC_SERVICE, type OutsideProvision } from './outside.ts'
import { dataDisksOf, podLabels, type PlacedGroup, type Product } from './product.ts'

export interface ProductProvision
  extends
    OutsideProvision,
    Pick<
      Provision,
      'storageClasses' | 'encryptedStorageClasses' | 'zones' | 'subnets' | 'machines'
    > {
  /** By component: what its operator shall run. */
  readonly versions?: Readonly<Record<string, string>>
}

export interface ProductDriver {
  readonly client: KubernetesClient
  readonly installation: Installation
  readonly namespaces: Namespaces
  readonly provision: ProductProvision
  readonly clock: Clock
  /** Where this server reaches the address of a pod. */
  reach(address: string): string
}

/** Operators restart and replace the pods of a group one after the other, all of them. */
const capabilities: Omit<Capabilities, 'families'> = {
  // By the StorageClasses of the environment (requirement.ts).
  encryption: true,
  publicAddress: false,
  scripts: false,
  chosenNodes: false,
  nodeSizes: false,
  configuration: true,
  snapshots: false,
  access: [],
  rollout: 'cluster',
}

export function productCarrier(driver: ProductDriver, product: Product): Carrier {
  return {
    family: product.family,
    title: product.title,
    operator: product.operator,
    capabilities: { ...capabilities, families: [product.family] },
    types: product.types,
    get remark() {
      const unnamed = unmetVersion(product, driver.provision.versions)
      return unnamed && `${unnamed.what}: ${unnamed.detail}`
    },
    unmet: (prospect) => unmetRequirement(product, prospect, driver.provision),
    async observe(id): Promise<Seen> {
      const look = await lookAt(driver, product, id)
      const { exposure } = driver.provision
      return look ? seenOf(product, look, { nowMs: driver.clock.now(), exposure }) : absent
    },
    apply: (wanted) =>
      apply(driver, product, wanted, ({ pod, going }, look) => {
        return going === true && wanted.graceOver !== true && look.pods.has(pod)
      }),
    drain: (wanted, nodes) =>
      apply(driver, product, wanted, ({ id, going }) => going === true || nodes.includes(id)),
    async remove(id) {
      const namespace = await driver.namespaces.find(id)
      if (!namespace) return
      const made = await resourcesIn(driver, product, namespace.metadata.name)
      await driver.namespaces.remove(namespace, { made, secrets: product.secrets })
    },
    async converge(id) {
      const look = await lookAt(driver, product, id)
      if (!look?.note || look.removing) return false
      if (look.note.running)
        return (
          (await closed(driver, look)) ||
          (await seal(driver, product, look)) ||
          removeLeft(driver, product, look)
        )
      await stopCluster(driver, product, look.namespace.metadata.name)
      return (!product.stop && look.resources.length > 0) || look.pods.size > 0
    },
  }
}

/**
 * Nodes that are kept are made safe to lose by the same change as their end: operators move the data away, if they can, before they take pods
 * away.
 */
async function apply(
  driver: ProductDriver,
  product: Product,
  wanted: Wanted,
  keeps: (node: NoteNode, look: ClusterLook) => boolean,
): Promise<void> {
  const { client, installation } = driver
  const { id, name, spec } = wanted
  const look = await lookAt(driver, product, id)
  if (look?.removing) throw new Error(`${id} is being removed`)
  const own = { installation, id, namespace: namespaceOf(installation, id), name }
  const { metadata, ...rest } = namespaceObject(own)
  const ofFamily = { ...metadata.labels, [labels.family]: product.family }
  const whole = { ...rest, metadata: { ...metadata, labels: ofFamily } }
  const namespace = await driver.namespaces.ensure(whole, id)
  const note = nextNote({
    id,
    spec,
    product,
    remark: remarkOf(product, spec, driver.provision),
    outside: outsideGroups(product, spec, { ...driver.provision, was: look?.note }),
    was: look?.note,
    keeps: (node) => look !== undefined && keeps(node, look),
    nowMs: driver.clock.now(),
  })
  const write = (it: ClusterNote) => client.apply(noteObject(installation, namespace, it))
  const unmet = unmetRequirement(product, { id, spec }, driver.provision)
  if (unmet && 'what' in unmet) {
    await write(refusedNote(look?.note, note, `${unmet.what}: ${unmet.detail}`))
    return
  }
  try {
    await write(note)
    if (note.running)
      for (const object of clusterObjects(driver, product, { wanted, namespace, note }))
        await client.apply(object)
    else await stopCluster(driver, product, namespace)
  } catch (problem) {
    if (!(problem instanceof ApiProblem && problem.persists)) throw problem
    // The same would be refused again: it is shown as what keeps the cluster from being as it is wanted.
    await write(refusedNote(look?.note, note, problem.message))
  }
}

interface Applied {
  readonly wanted: Wanted
  readonly namespace: string
  readonly note: ClusterNote
}

/** All that is applied beside the namespace and the note, in this order. Pure. */
export function clusterObjects(
  { installation, provision }: Pick<ProductDriver, 'installation' | 'provision'>,
  product: Product,
  { wanted: { id, spec, reveal }, namespace, note }: Applied,
): readonly KubernetesObject[] {
  const groups = spec.groups.map((group): PlacedGroup => {
    const { template = '', restarts = 0 } = note.groups.find((each) => each.id === group.id) ?? {}
    const machines = machineLabels(provision, group)
    const disks = dataDisksOf(group).map(({ type, level, sizeGib }) => {
      const wanted = level === undefined || level === '' ? type : level
      return { sizeGib, storageClass: storageClassOf(provision, wanted, spec) ?? '' }
    })
    return { group, template, restarts, disks, ...(machines && { machines }) }
  })
  const way = (note.outside ?? []).length > 0 ? provision.exposure?.public : undefined
  const cluster = {
    installation,
    id,
    namespace,
    generation: spec.generation,
    spec,
    groups,
    versions: provision.versions ?? {},
    password: administratorPassword(reveal),
    ...(way && { outside: way }),
  }
  return [
    networkPolicy(portsOf(product, way !== undefined), namespace, {
      own: ownLabels(installation, id),
      pods: podLabels(installation, id),
    }),
    ...outsideService(product, note, { installation, namespace, exposure: provision.exposure }),
    ...product.objects(cluster),
  ]
}

function portsOf({ ports, outside }: Product, isOutside: boolean): readonly number[] {
  return [...new Set([...ports, ...Object.values((isOutside && outside?.ports) || {})])]
}

/** From outside its namespace, clients reach what is for clients; and operators, which run elsewhere, what they look after. */
function networkPolicy(
  ports: readonly number[],
  namespace: string,
  {
    own,
    pods,
  }: {
    readonly own: Readonly<Record<string, string>>
    readonly pods: Readonly<Record<string, string>>
  },
): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'emrys', namespace, labels: own },
    spec: {
      podSelector: { matchLabels: pods },
      policyTypes: ['Ingress'],
      ingress: [
        { from: [{ podSelector: {} }] },
        { ports: ports.map((port) => ({ port, protocol: 'TCP' })) },
      ],
    },
  }
}

/** What runs otherwise than it was asked for; undefined where nothing does. */
function remarkOf(
  { name: product, within }: Product,
  spec: ClusterSpec,
  { versions = {} }: ProductProvision,
): string | undefined {
  const remarks = componentsOf(spec).flatMap(({ name, version }) => {
    const why = within[name]
    if (name !== product && why !== undefined) return [`${name} does not run: ${why}`]
    const runs = versions[name]
    const isSame = runs === undefined || version === '' || runs === version
    return isSame ? [] : [`${name} ${version} runs as ${runs}`]
  })
  return remarks.length === 0 ? undefined : remarks.join('; ')
}

async function stopCluster(
  driver: ProductDriver,
  product: Product,
  namespace: string,
): Promise<void> {
  for (const { object, ...key } of await resourcesIn(driver, product, namespace))
    if (product.stop) {
      const patch = product.stop(object)
      if (patch) await driver.client.merge({ ...key, namespace }, patch)
    } else {
      await driver.client.remove({ ...key, namespace })
    }
}

/** On a product's own Secret. */
const SEALED = 'emrys.dev/sealed'

/** Who is killed before it is noted says it again. Whether it is still due. */
async function seal(
  { client, reach }: ProductDriver,
  { seal: wanted }: Product,
  { namespace, pods, sealed }: ClusterLook,
): Promise<boolean> {
  if (!wanted || sealed) return false
  const pod = pods.get(wanted.pod)
  const address = pod && isReady(pod) ? podAddress(pod) : undefined
  if (address === undefined) return true
  const key = { type: resources.secret, namespace: namespace.metadata.name, name: wanted.secret }
  const { password } = recordOf((await client.find(key))?.['data'])
  if (typeof password !== 'string') return true
  await wanted.run(reach(address), Buffer.from(password, 'base64').toString('utf8'))
  await client.merge(key, { metadata: { annotations: { [SEALED]: 'true' } } })
  return true
}

async function isSealed(
  { client }: ProductDriver,
  { seal: wanted }: Product,
  namespace: string,
): Promise<boolean> {
  if (!wanted) return true
  const found = await client.find({ type: resources.secret, namespace, name: wanted.secret })
  return found?.metadata.annotations?.[SEALED] !== undefined
}

/** Nobody comes in from outside any more. Whether somebody did. */
async function closed(
  { client }: ProductDriver,
  { note, namespace, service }: ClusterLook,
): Promise<boolean> {
  if (!service || note?.outside?.length !== 0) return false
  const { name } = namespace.metadata
  await client.remove({ type: resources.service, namespace: name, name: PUBLIC_SERVICE })
  return true
}

/** The volumes of nodes that went, which operators leave. Whether any node is still on its way. */
async function removeLeft(
  { client }: ProductDriver,
  product: Product,
  look: ClusterLook,
): Promise<boolean> {
  const { note, namespace } = look
  const going = note ? goingNodes(note) : []
  for (const { group, node } of going) {
    if (!note || !isGone(product, look, { note, node })) continue
    for (const name of claimsOf(product, group, node))
      if (look.claims.has(name))
        await client.remove({ type: resources.claim, namespace: namespace.metadata.name, name })
  }
  return going.length > 0
}

interface MadeResource {
  readonly type: ResourceType
  readonly name: string
  readonly object: KubernetesObject
}

/** Those that are used last are the first. */
async function resourcesIn(
  { client }: ProductDriver,
  { types }: Product,
  namespace: string,
): Promise<readonly MadeResource[]> {
  const found = await Promise.all(
    types.toReversed().map(async (type) => {
      const objects = await client.list(type, { namespace })
      return objects.map((object) => ({ type, name: object.metadata.name, object }))
    }),
  )
  return found.flat()
}

async function lookAt(
  driver: ProductDriver,
  product: Product,
  id: string,
): Promise<ClusterLook | undefined> {
  const { client } = driver
  const { types } = product
  const namespace = await driver.namespaces.find(id)
  if (!namespace) return undefined
  const { name, deletionTimestamp, annotations = {} } = namespace.metadata
  const kept = await client.find({ type: resources.configMap, namespace: name, name: NOTE })
  const note = noteOf(kept)
  const ofCluster = { namespace: name, labels: ownLabels(driver.installation, id) }
  const [sealed, services, pods, claims, ...found] = await Promise.all([
    isSealed(driver, product, name),
    note?.outside ? client.list(resources.service, ofCluster) : [],
    client.list(resources.pod, { namespace: name, labels: podLabels(driver.installation, id) }),
    client.list(resources.claim, { namespace: name }),
    ...types.map((type) => client.list(type, { namespace: name })),
  ])
  return {
    namespace,
    removing: deletionTimestamp !== undefined || annotations[REMOVING] !== undefined,
    note,
    service: services.find(({ metadata }) => metadata.name === PUBLIC_SERVICE),
    sealed,
    resources: found.flat(),
    // Those of no group are no nodes.
    pods: byName(pods.filter(({ metadata }) => metadata.labels?.[labels.group] !== undefined)),
    claims: byName(claims),
  }
}

function byName(objects: readonly KubernetesObject[]): ReadonlyMap<string, KubernetesObject> {
  return new Map(objects.map((object) => [object.metadata.name, object]))
}
