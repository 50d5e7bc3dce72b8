/**
 * What has to be done for an instance beside telling the operator, one step after the other: each is read from what is there, so that
 * whoever is killed after any of them is followed by somebody who goes on there.
 */
import type { Seen } from '../../port.ts'
import { resources } from '../resource.ts'
import type { StarrocksDriver } from './driver.ts'
import { lookAt, type Look } from './look.ts'
import { absent, frontendPods, seenOf, type Logins } from './observe.ts'
import { parts, podName, RESOURCE } from './part.ts'
import { findPasswords, notePasswordGiven } from './secret.ts'

export async function observe(driver: StarrocksDriver, id: string): Promise<Seen> {
  const look = await lookAt(driver, id)
  if (!look) return absent
  return seenOf(look, await loginsOf(driver, look), driver.clock.now())
}

/** Does what is due now. Whether it has to be called again: something is on its way. */
export async function converge(driver: StarrocksDriver, id: string): Promise<boolean> {
  const look = await lookAt(driver, id)
  if (!look?.note || look.removing) return false
  const { note, cluster, namespace } = look
  const { client } = driver
  const { name } = namespace.metadata
  if (!note.running) {
    if (cluster) await client.remove({ type: resources.starrocks, namespace: name, name: RESOURCE })
    return cluster !== undefined || look.pods.size > 0
  }
  for (const pod of leavingPods(look))
    await client.remove({ type: resources.pod, namespace: name, name: pod.name }, { uid: pod.uid })
  await givePassword(driver, look)
  const seen = seenOf(look, await loginsOf(driver, look), driver.clock.now())
  await removeClaims(driver, look)
  return seen.generation === 0
}

function leavingPods({
  note,
  pods,
}: Look): readonly { readonly name: string; readonly uid: string }[] {
  return (note?.groups ?? []).flatMap(({ part, nodes }) =>
    nodes.flatMap(({ leaving }, at) => {
      const pod = pods.get(podName(parts[part], at))
      if (!pod || leaving === undefined || pod.metadata.uid !== leaving.pod) return []
      return pod.metadata.deletionTimestamp === undefined
        ? [{ name: pod.metadata.name, uid: leaving.pod }]
        : []
    }),
  )
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

async function loginsOf(
  { client, frontends, reach }: StarrocksDriver,
  look: Look,
): Promise<Logins> {
  const pods = frontendPods(look)
  if (pods.length === 0 || !look.note?.running) return new Map()
  const passwords = await findPasswords(client, look.namespace.metadata.name)
  if (!passwords || passwords.given !== look.note.passwordNumber) return new Map()
  const logins = pods.map(async ({ name, address }) => {
    const login = await frontends.login(reach(address), passwords.password)
    return [name, login === 'accepted'] as const
  })
  return new Map(await Promise.all(logins))
}

/** Of nodes that are gone: the operator keeps them, and a new node at the same place would begin with old data. */
async function removeClaims(
  { client }: StarrocksDriver,
  { note, namespace, leftClaims, pods }: Look,
): Promise<void> {
  const wanted = note?.groups.reduce((sum, { nodes }) => sum + nodes.length, 0)
  // As long as the pod of one is there, it is in use.
  if (pods.size !== wanted) return
  for (const name of leftClaims)
    await client.remove({ type: resources.claim, namespace: namespace.metadata.name, name })
}
