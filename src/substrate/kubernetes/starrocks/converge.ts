/**
 * What has to be done for an instance beside telling the operator, one step after the other: each is read from what is there, so that
 * after a kill at any of them the next driver continues there.
 */
import type { Seen } from '../../port.ts'
import { listOf, recordOf } from '../../../kernel/json.ts'
import type { KubernetesClient } from '../client.ts'
import { labels } from '../ownership.ts'
import { resources, type KubernetesObject } from '../resource.ts'
import { isConfigurationName } from './configuration.ts'
import { podShortOfVolumes } from './disk.ts'
import type { StarrocksDriver } from './driver.ts'
import { emptyKeyStore } from './encryption.ts'
import { noteObjectsGiven } from './given-object.ts'
import { growSets, leave, type Conversation } from './leave.ts'
import { isReady, lookAt, type Look } from './look.ts'
import { silence } from './member.ts'
import { notedNodes, templateText } from './note.ts'
import { annotations } from './pod.ts'
import { joinObservers } from './observer.ts'
import { absent, frontendPods, seenOf, orphanedSets } from './observe.ts'
import { claimPlace, podName, RESOURCE, searchName } from './part.ts'
import { findPasswords, notePasswordGiven } from './secret.ts'
import { findVolume, hasComputeNodes, noteVolumeGiven } from './storage-volume.ts'

export async function observe(driver: StarrocksDriver, id: string): Promise<Seen> {
  const look = await lookAt(driver, id)
  if (!look) return absent
  return seenOf(look, await answersOf(driver, look), observingOf(driver))
}

function observingOf({ clock, provision: { exposure } }: StarrocksDriver) {
  return { nowMs: clock.now(), exposure }
}

/** Does what is due now. Whether it has to be called again: something is on its way. */
export async function converge(driver: StarrocksDriver, id: string): Promise<boolean> {
  const look = await lookAt(driver, id)
  if (!look?.note || look.removing) return false
  const { note, cluster, namespace } = look
  const { client } = driver
  const { name } = namespace.metadata
  if (!note.running) {
    await stopCluster(client, look)
    return cluster !== undefined || look.pods.size > 0
  }
  for (const pod of leavingPods(look))
    await client.remove({ type: resources.pod, namespace: name, name: pod.name }, { uid: pod.uid })
  for (const group of note.groups) {
    const pod = podShortOfVolumes(look, group)
    if (pod?.metadata.uid === undefined) continue
    const key = { type: resources.pod, namespace: name, name: pod.metadata.name }
    await client.remove(key, { uid: pod.metadata.uid })
  }
  await givePassword(driver, look)
  const known = await answersOf(driver, look)
  const answers = {
    ...known,
    ...((await giveVolume(driver, look, known)) && { hasVolume: true }),
    ...((await giveObjects(driver, look, known)) && { hasObjects: true }),
  }
  await removeClaims(driver, look)
  await growSets(driver, look, answers)
  await joinObservers(driver, look, answers)
  await leave(driver, look, answers)
  await removeSets(client, name, orphanedSets(look.sets, note))
  for (const service of look.services.keys())
    if (!note.exposed?.some((each) => each.service === service))
      await client.remove({ type: resources.service, namespace: name, name: service })
  if (seenOf(look, answers, observingOf(driver)).generation === 0) return true
  await removeFormerFiles(driver, look)
  if (note.certificate === '') await emptyKeyStore(client, name)
  return false
}

/** Pods go, and volumes stay. */
export async function stopCluster(client: KubernetesClient, { namespace, sets, cluster }: Look) {
  const { name } = namespace.metadata
  await removeSets(client, name, orphanedSets(sets, { groups: [] }))
  if (cluster) await client.remove({ type: resources.starrocks, namespace: name, name: RESOURCE })
}

/** With what stands beside each. */
async function removeSets(
  client: KubernetesClient,
  namespace: string,
  sets: readonly KubernetesObject[],
): Promise<void> {
  for (const { metadata } of sets) {
    const { name, uid } = metadata
    await client.remove({ type: resources.disruptionBudget, namespace, name })
    await client.remove({ type: resources.service, namespace, name: searchName(name) })
    // The last, as it is found by it.
    const key = { type: resources.statefulSet, namespace, name }
    await client.remove(key, uid === undefined ? {} : { uid })
  }
}

/** Configuration files that no pod reads any more. */
async function removeFormerFiles({ client, installation }: StarrocksDriver, look: Look) {
  const { name: namespace } = look.namespace.metadata
  const operated = Object.values(recordOf(look.cluster?.['spec'])).map(
    (part) => recordOf(recordOf(part)['configMapInfo'])['configMapName'],
  )
  const own = [...look.sets.values()].flatMap((set) => {
    const { spec } = recordOf(recordOf(set['spec'])['template'])
    return listOf(recordOf(spec)['volumes']).map(
      (volume) => recordOf(recordOf(volume)['configMap'])['name'],
    )
  })
  const inUse = [...operated, ...own]
  const ofOurs = { namespace, labels: { [labels.installation]: installation.id } }
  for (const { metadata } of await client.list(resources.configMap, ofOurs))
    if (isConfigurationName(metadata.name) && !inUse.includes(metadata.name))
      await client.remove({ type: resources.configMap, namespace, name: metadata.name })
}

function leavingPods(look: Look): readonly { readonly name: string; readonly uid: string }[] {
  return notedNodes(look.note).flatMap(({ group, node: { leaving }, pod: name }) => {
    const pod = look.pods.get(name)
    if (!pod || leaving === undefined || pod.metadata.uid !== leaving.pod) return []
    // Its set replaces it anyway, one after the other; one that is not ready would keep it from that.
    if (isReady(pod) && pod.metadata.annotations?.[annotations.template] !== templateText(group))
      return []
    return pod.metadata.deletionTimestamp === undefined ? [{ name, uid: leaving.pod }] : []
  })
}

/** A front end begins without a password, and has the one before when another one was given; or this one, changed by SQL for a user. */
async function givePassword(
  { client, frontends, reach }: StarrocksDriver,
  look: Look,
): Promise<void> {
  const namespace = look.namespace.metadata.name
  const passwords = await findPasswords(client, namespace)
  const [frontend] = frontendPods(look)
  const number = look.note?.passwordNumber ?? 0
  if (!passwords || !frontend || passwords.given === number) return
  const host = reach(frontend.address)
  for (const known of [passwords.password, passwords.former, '']) {
    if (known === undefined || (await frontends.login(host, known)) !== 'accepted') continue
    await frontends.setPassword(host, known, passwords.password)
    await notePasswordGiven(client, namespace, number)
    return
  }
}

/** Whether they were given it now. */
async function giveVolume(
  { client, frontends }: StarrocksDriver,
  { namespace }: Look,
  { access, hasVolume }: Conversation,
): Promise<boolean> {
  if (!access || hasVolume !== false) return false
  const { name } = namespace.metadata
  const kept = await findVolume(client, name)
  if (!kept) return false
  await frontends.setVolume(access, kept.volume)
  await noteVolumeGiven(client, name, kept.volume)
  return true
}

/** Whether they were given them now. */
async function giveObjects(
  { client, frontends }: StarrocksDriver,
  { namespace, note }: Look,
  { access, hasObjects }: Conversation,
): Promise<boolean> {
  if (!access || !note?.given || hasObjects !== false) return false
  await frontends.giveObjects(access, note.given)
  await noteObjectsGiven(client, namespace.metadata.name)
  return true
}

/** What the front ends say, by one of them that takes the password. */
export async function answersOf(
  { client, frontends, reach, log }: StarrocksDriver,
  look: Look,
): Promise<Conversation> {
  const pods = frontendPods(look)
  if (pods.length === 0 || !look.note?.running) return silence
  const passwords = await findPasswords(client, look.namespace.metadata.name)
  if (!passwords || passwords.given !== look.note.passwordNumber) return silence
  const { password } = passwords
  const asked = await Promise.all(
    pods.map(async ({ name, address }) => {
      const host = reach(address)
      const login = await frontends.login(host, password)
      return { name, host, isIn: login === 'accepted' }
    }),
  )
  const logins = new Map(asked.map(({ name, isIn }) => [name, isIn]))
  const first = asked.find(({ isIn }) => isIn)
  if (!first) return { logins }
  const access = { host: first.host, password }
  const hasVolume = hasComputeNodes(look.note)
    ? { hasVolume: (await findVolume(client, look.namespace.metadata.name))?.isGiven ?? false }
    : {}
  try {
    const { hasObjects } = passwords
    const members = await frontends.members(access)
    return { logins, access, ...hasVolume, hasObjects, members }
  } catch (problem) {
    log.debug({ err: problem }, 'a front end does not say which nodes there are')
    return { logins }
  }
}

/** Of nodes that are gone: the operator keeps them, and a new node at the same place would begin with old data. */
async function removeClaims(
  { client }: StarrocksDriver,
  { namespace, leftClaims, pods }: Look,
): Promise<void> {
  for (const name of leftClaims) {
    const place = claimPlace(name)
    // As long as the pod of one is there, it is in use.
    if (!place || pods.has(podName(place.set, place.ordinal))) continue
    await client.remove({ type: resources.claim, namespace: namespace.metadata.name, name })
  }
}
