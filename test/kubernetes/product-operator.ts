/**
 * A stand-in for the operators of products: makes pods and claims under the names that their projects document, with what the custom resources say
 * of them, ready at once; replaces those that were made from something else, enlarges claims; and says in the resources' status what it has done
 * (product-stand-in.ts). A real one makes sets and services too, and takes its time.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { recordOf } from '../../src/kernel/json.ts'
import {
  listPath,
  resources,
  type KubernetesObject,
} from '../../src/substrate/kubernetes/resource.ts'
import { cleanUp, type Ending } from '../support/process/clean-up.ts'
import { hasMembers, itemsOf, type Ask } from './api.ts'
import { standIns, type DesiredClaim, type Made, type DesiredPod } from './product-stand-in.ts'

const LOOK_MS = 100
const MADE = 'stand-in'
/** Where a ConfigMap is called so, brokers have no room for the data of others. */
const FULL = 'full'

/** Until the test ends, or what is returned is called. */
export function startProductOperators(t: Ending, ask: Ask, namespace: string): () => Promise<void> {
  const stop = new AbortController()
  /** Of brokers that shall go: those whose data were seen to move. */
  const moved = new Set<string>()
  const loop = async () => {
    while (!stop.signal.aborted) {
      // The namespace, or its account, is not there yet, or not there any more.
      await round({ ask, namespace, moved }).catch(() => {})
      await pause(LOOK_MS)
    }
  }
  const ended = loop()
  const end = async () => {
    stop.abort()
    await ended
  }
  cleanUp(t, end)
  return end
}

interface Site {
  readonly ask: Ask
  readonly namespace: string
  readonly moved: Set<string>
}

async function round(site: Site): Promise<void> {
  const { ask, namespace } = site
  const found = await Promise.all(
    standIns.map(async (standIn) => {
      const objects = await itemsOf<KubernetesObject>(ask, listPath(standIn.type, namespace))
      return { standIn, objects }
    }),
  )
  const all = found.flatMap(({ objects }) => objects)
  const desiredPods = found.flatMap(({ standIn, objects }) =>
    objects.flatMap((object) => standIn.pods(object, all)),
  )
  const path = listPath(resources.pod, namespace)
  const pods = await itemsOf<KubernetesObject>(ask, path)
  const made = await heldBack(site, { all, pods, desiredPods })
  const isDone = await converged(site, { pods, desiredPods, held: made.held })
  if (!isDone) return
  for (const { standIn, objects } of found)
    for (const object of objects) {
      const status = standIn.status(object, made)
      if (hasMembers(object['status'], status)) continue
      const { name } = object.metadata
      await ask('PATCH', `${listPath(standIn.type, namespace)}/${name}/status`, { status })
    }
}

/** Brokers go when their data are elsewhere, which takes a look at least. */
async function heldBack(
  { ask, namespace, moved }: Site,
  {
    all,
    pods,
    desiredPods,
  }: {
    readonly all: readonly KubernetesObject[]
    readonly pods: readonly KubernetesObject[]
    readonly desiredPods: readonly DesiredPod[]
  },
): Promise<Made> {
  const names = pods.map(({ metadata }) => metadata.name)
  const kafka = all.find(({ kind }) => kind === 'Kafka')
  const surplus = names.filter((name) => !desiredPods.some((desired) => desired.name === name))
  if (!kafka || surplus.length === 0) return { pods: names, held: [] }
  const full = await ask('GET', `${listPath(resources.configMap, namespace)}/${FULL}`)
  const canMove = recordOf(kafka['spec'])['cruiseControl'] !== undefined && full.status === 404
  const held = surplus.filter((name) => !canMove || !moved.has(name))
  if (canMove) for (const name of held) moved.add(name)
  return { pods: names, held, blocked: !canMove }
}

/** Whether every pod is there and no other, each made from what is wanted now. */
async function converged(
  { ask, namespace }: Site,
  {
    pods,
    desiredPods,
    held,
  }: {
    readonly pods: readonly KubernetesObject[]
    readonly desiredPods: readonly DesiredPod[]
    readonly held: readonly string[]
  },
): Promise<boolean> {
  const path = listPath(resources.pod, namespace)
  const found = new Set(pods.map(({ metadata }) => metadata.name))
  const wanted = new Map(
    desiredPods.map((desired) => [desired.name, JSON.stringify(desired.metadata)]),
  )
  let isDone = await claimed({ ask, namespace }, desiredPods)
  for (const { metadata } of pods) {
    const { name } = metadata
    if (wanted.get(name) === metadata.annotations?.[MADE] || held.includes(name)) continue
    isDone = false
    // Another one may have its name by now.
    const preconditions = { uid: metadata.uid }
    await ask('DELETE', `${path}/${name}`, { gracePeriodSeconds: 0, preconditions })
  }
  for (const { name, metadata } of desiredPods) {
    if (found.has(name)) continue
    isDone = false
    const annotations = { ...recordOf(metadata['annotations']), [MADE]: JSON.stringify(metadata) }
    await ask('POST', path, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, ...metadata, annotations },
      spec: { containers: [{ name: 'a', image: 'a' }] },
    })
    await ask('PATCH', `${path}/${name}/status`, {
      status: {
        phase: 'Running',
        podIP: '10.244.9.9',
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    })
  }
  return isDone
}

/** Whether every claim is there, and as large as it is wanted. */
async function claimed(
  { ask, namespace }: Pick<Site, 'ask' | 'namespace'>,
  desiredPods: readonly DesiredPod[],
): Promise<boolean> {
  const path = listPath(resources.claim, namespace)
  const claims = await itemsOf<KubernetesObject>(ask, path)
  const found = new Map(claims.map((claim) => [claim.metadata.name, claim]))
  let isDone = true
  for (const desired of desiredPods.flatMap((pod) => pod.claims)) {
    const claim = found.get(desired.name)
    if (claim && sizeOf(claim) === desired.size) continue
    isDone = false
    const spec = { resources: { requests: { storage: desired.size } } }
    if (claim) await ask('PATCH', `${path}/${desired.name}`, { spec })
    else await ask('POST', path, claimObject(desired))
  }
  return isDone
}

function claimObject({ name, size, storageClass }: DesiredClaim): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: storageClass,
      resources: { requests: { storage: size } },
    },
  }
}

function sizeOf(claim: KubernetesObject): unknown {
  return recordOf(recordOf(recordOf(claim['spec'])['resources'])['requests'])['storage']
}
