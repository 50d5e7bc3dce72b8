/**
 * Tells the Kubernetes cluster what is wanted of an instance, in an order in which nothing is lost when whoever tells it is killed in the
 * middle: the namespace, then the note, then the objects, and the operator's custom resource last. All of it may be said again.
 */
import type { Access } from '../../../domain/cluster/access.ts'
import type { Wanted } from '../../port.ts'
import { ApiProblem } from '../api-problem.ts'
import { namespaceOf } from '../ownership.ts'
import { refusedNote } from '../refused-note.ts'
import { resources, type KubernetesObject, type ObjectKey } from '../resource.ts'
import { nodesOf } from '../../../domain/cluster/node-group.ts'
import { answersOf, stopCluster } from './converge.ts'
import { unmetSetting } from './configuration.ts'
import { unmetEncryption, keptKeyStore, unmetKey, TLS_SECRET } from './encryption.ts'
import { unmetAccess } from './exposure.ts'
import { growDisks, ownSetsGone } from './disk.ts'
import type { StarrocksDriver } from './driver.ts'
import { mayGo, ownReplicas, replicasOf } from './leave.ts'
import { lookAt, podIds, REMOVING, type Look } from './look.ts'
import { silence } from './member.ts'
import {
  nextNote,
  notedNodes,
  noteObject,
  templateText,
  withNoteNodes,
  type InstanceNote,
  type NoteNode,
} from './note.ts'
import { orphanedSets } from './observe.ts'
import {
  instanceObjects,
  runVersion,
  namespaceObject,
  type InstanceObjects,
  type Provision,
  type SetSpec,
} from './objects.ts'
import { isOwnSet, RESOURCE } from './part.ts'
import { ADMIN_SECRET } from './pod.ts'
import { findPasswords, withPassword } from './secret.ts'
import { hasComputeNodes, STORAGE_SECRET, volumeIn, unmetVolume } from './storage-volume.ts'

const ADMIN_PASSWORD = 'adminPassword'
const SECRETS = [ADMIN_SECRET, STORAGE_SECRET, TLS_SECRET]

export async function apply(driver: StarrocksDriver, wanted: Wanted): Promise<void> {
  const { client, installation } = driver
  const { id, name } = wanted
  const look = await lookAt(driver, id)
  if (look?.removing) throw new Error(`${id} is being removed`)
  const own = { installation, id, namespace: namespaceOf(installation, id), name }
  const namespace = await driver.namespaces.ensure(namespaceObject(own), id)
  const answers = look && hasLess(look, wanted) ? await answersOf(driver, look) : silence
  const note = nextNote(wanted, {
    was: look?.note,
    pods: podIds(look),
    nowMs: driver.clock.now(),
    remark: remarkOf(wanted, driver.provision),
    mayGo: wanted.graceOver ? () => true : mayGo(look, answers),
  })
  let version = look?.noteVersion
  const write = async (it: InstanceNote) => {
    const written = await client.apply(noteObject(installation, namespace, it, version))
    version = written.metadata.resourceVersion
  }
  const refused = refusalOf(wanted, note, driver.provision)
  if (refused !== undefined) {
    await write(refusedNote(look?.note, note, refused))
    return
  }
  try {
    await write(note)
    if (note.running) {
      if (look) await growDisks(client, look, note.groups)
      if (look) await ownSetsGone(client, look, note.groups)
      for (const object of await objectsOf(driver, wanted, { namespace, note, look }))
        await client.apply(object)
    } else {
      if (look) await stopCluster(client, look)
    }
  } catch (problem) {
    if (!(problem instanceof ApiProblem && problem.persists)) throw problem
    // The same would be refused again: it is shown as what keeps the instance from being as it is wanted.
    await write(refusedNote(look?.note, note, problem.message))
  }
}

/** What we refuse ourselves of what is wanted, in a sentence. */
function refusalOf(
  { spec, objectStorage, reveal }: Wanted,
  note: InstanceNote,
  provision: Provision,
): string | undefined {
  const { access } = spec
  const strange =
    unmetAccess(spec, provision.exposure ?? {}) ??
    unmetEncryption(access, runVersion(spec.software.version, provision))
  if (strange && 'what' in strange) return `${strange.what}: ${strange.detail}`
  const unread = unmetKey(serverKeyOf(access, reveal))
  if (unread !== undefined) return unread
  const setting = unmetSetting(spec.configuration)
  if (setting) return `the setting ${setting.name}: ${setting.detail}`
  if (!note.running || !hasComputeNodes(note)) return undefined
  const unmet = unmetVolume(objectStorage === undefined ? note.objectStorage : objectStorage)
  return unmet === undefined ? undefined : `compute nodes: ${unmet}`
}

async function objectsOf(
  { client, installation, provision, objectStorageKey }: StarrocksDriver,
  { id, name, spec, reveal }: Wanted,
  {
    namespace,
    note,
    look,
  }: {
    readonly namespace: string
    readonly note: InstanceNote
    readonly look: Look | undefined
  },
): Promise<readonly KubernetesObject[]> {
  const password = reveal(ADMIN_PASSWORD) ?? ''
  const passwords = withPassword(await findPasswords(client, namespace), password)
  const sets = note.groups.map((group): [string, SetSpec] => {
    const isLeft = group.nodes.some(({ going }) => going)
    const most = group.nodes.length
    // Nodes that go take their places along one after the other (leave.ts).
    const operated = isLeft ? Math.min(replicasOf(look, group) ?? most, most) : most
    const replicas = isOwnSet(group.set) ? ownReplicas(look, group) : operated
    return [group.id, { set: group.set, template: templateText(group), replicas }]
  })
  const key = hasComputeNodes(note) ? await objectStorageKey?.(id) : undefined
  const serverKey = serverKeyOf(spec.access, reveal)
  const { certificate = '' } = note
  const tls = serverKey === undefined ? undefined : { certificate, key: serverKey }
  const it: InstanceObjects = {
    installation,
    provision,
    id,
    namespace,
    name,
    spec,
    passwords,
    ...(key && note.objectStorage && { volume: volumeIn(note.objectStorage, key) }),
    ...(note.exposed && { exposed: note.exposed }),
    ...(tls && { keyStore: await keptKeyStore(client, namespace, tls) }),
    sets: new Map(sets),
    generation: note.generation,
  }
  return instanceObjects(it)
}

/** Of front ends, as it is written down; undefined where nobody wants any. */
function serverKeyOf(access: Access | undefined, reveal: Wanted['reveal']): string | undefined {
  const { encryption } = access ?? {}
  return typeof encryption === 'object' ? reveal(encryption.secret) : undefined
}

function remarkOf({ spec }: Wanted, provision: Provision): string | undefined {
  const { version } = spec.software
  const runs = runVersion(version, provision)
  return runs === runVersion(version, {}) ? undefined : `starrocks ${version} runs as ${runs}`
}

/** Whether it has nodes that are not wanted. */
function hasLess({ note }: Look, { spec }: Wanted): boolean {
  const wanted = new Set(nodesOf(spec.groups).map(({ id }) => id))
  return notedNodes(note).some(({ node }) => !wanted.has(node.id))
}

/** Begins to make nodes safe to lose; those that are on their way already are left at that. */
export async function drain(
  driver: StarrocksDriver,
  { id }: Wanted,
  nodes: readonly string[],
): Promise<void> {
  const look = await lookAt(driver, id)
  if (!look?.note || look.removing) return
  const { note, noteVersion } = look
  const due = ({ id: node, draining, going }: NoteNode) =>
    nodes.includes(node) && !draining && !going
  if (!notedNodes(note).some(({ node }) => due(node))) return
  const next = withNoteNodes(note, (node) => (due(node) ? { ...node, draining: true } : node))
  const { name } = look.namespace.metadata
  await driver.client.apply(noteObject(driver.installation, name, next, noteVersion))
}

/**
 * The pods first, as a namespace waits for the longest grace of what it ends by itself; then the namespace with everything in it. To be
 * repeated until nothing is there.
 */
export async function remove(driver: StarrocksDriver, id: string): Promise<void> {
  const look = await lookAt(driver, id)
  if (!look) return
  const sets = orphanedSets(look.sets, { groups: [] })
  const made = [
    ...sets.map(({ metadata }) => ({ type: resources.statefulSet, name: metadata.name })),
    ...(look.cluster ? [{ type: resources.starrocks, name: RESOURCE }] : []),
  ]
  await driver.namespaces.remove(look.namespace, { made, secrets: SECRETS })
}

/** `made`: the custom resources in it, in the order in which they go. */
export async function removeNamespace(
  { client }: Pick<StarrocksDriver, 'client'>,
  namespace: KubernetesObject,
  made: readonly Omit<ObjectKey, 'namespace'>[],
): Promise<void> {
  const { name, uid, deletionTimestamp, annotations = {} } = namespace.metadata
  if (deletionTimestamp !== undefined) return
  const key = { type: resources.namespace, name }
  if (annotations[REMOVING] === undefined)
    await client.merge(key, { metadata: { annotations: { [REMOVING]: 'true' } } })
  for (const each of made) await client.remove({ ...each, namespace: name })
  const pods = await client.list(resources.pod, { namespace: name })
  if (pods.length === 0) await client.remove(key, uid === undefined ? {} : { uid })
}
