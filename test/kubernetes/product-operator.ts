/**
 * A stand-in for Strimzi and for Altinity's operator: makes pods under the names that their projects document, with what the custom resources say of
 * them, ready at once; replaces those that were made from something else; and says in the resources' status what it has done. A real one makes sets,
 * services and claims too, and takes its time.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { listOf, recordOf } from '../../src/kernel/json.ts'
import {
  listPath,
  resources,
  type KubernetesObject,
} from '../../src/substrate/kubernetes/resource.ts'
import { cleanUp, type Ending } from '../support/process/clean-up.ts'
import { itemsOf, type Ask } from './api.ts'

const LOOK_MS = 50
const MADE = 'stand-in'

interface PodWish {
  readonly name: string
  readonly metadata: Readonly<Record<string, unknown>>
}

export function startProductOperators(t: Ending, ask: Ask, namespace: string): void {
  const stop = new AbortController()
  const loop = async () => {
    while (!stop.signal.aborted) {
      // The namespace, or its account, is not there yet, or not there any more.
      await round(ask, namespace).catch(() => {})
      await pause(LOOK_MS)
    }
  }
  const ended = loop()
  cleanUp(t, async () => {
    stop.abort()
    await ended
  })
}

async function round(ask: Ask, namespace: string): Promise<void> {
  const of = (type: (typeof resources)[keyof typeof resources]) =>
    itemsOf<KubernetesObject>(ask, listPath(type, namespace))
  const [pools, kafkas, keepers, installations] = await Promise.all([
    of(resources.kafkaNodePool),
    of(resources.kafka),
    of(resources.clickhouseKeeper),
    of(resources.clickhouse),
  ])
  const wishes = [
    // Strimzi makes nodes of a pool when there is a Kafka.
    ...(kafkas.length > 0 ? pools.flatMap(kafkaPods) : []),
    ...keepers.flatMap((each) => clickhousePods(each, 'chk')),
    ...installations.flatMap((each) => clickhousePods(each, 'chi')),
  ]
  if (!(await converged(ask, namespace, wishes))) return
  for (const [type, objects] of [
    [resources.kafkaNodePool, pools],
    [resources.kafka, kafkas],
    [resources.clickhouseKeeper, keepers],
    [resources.clickhouse, installations],
  ] as const)
    for (const object of objects) {
      const status = statusOf(object)
      if (JSON.stringify(object['status']) === JSON.stringify(status)) continue
      await ask('PATCH', `${listPath(type, namespace)}/${object.metadata.name}/status`, { status })
    }
}

function kafkaPods({ metadata, spec }: KubernetesObject): readonly PodWish[] {
  const { replicas, template } = recordOf(spec)
  const [, first = '0'] =
    /^\[(\d+)-/.exec(metadata.annotations?.['strimzi.io/next-node-ids'] ?? '') ?? []
  const cluster = metadata.labels?.['strimzi.io/cluster'] ?? ''
  return Array.from({ length: Number(replicas) }, (_, at) => ({
    name: `${cluster}-${metadata.name}-${Number(first) + at}`,
    metadata: recordOf(recordOf(recordOf(template)['pod'])['metadata']),
  }))
}

function clickhousePods({ metadata, spec }: KubernetesObject, prefix: string): readonly PodWish[] {
  const { configuration, templates } = recordOf(spec)
  const [template] = listOf(recordOf(templates)['podTemplates']).map(recordOf)
  return listOf(recordOf(configuration)['clusters'])
    .map(recordOf)
    .flatMap(({ name, layout }) => {
      const { shardsCount = 1, replicasCount = 1 } = recordOf(layout)
      const places = Array.from(
        { length: Number(shardsCount) * Number(replicasCount) },
        (_, at) => at,
      )
      return places.map((at) => ({
        name: `${prefix}-${metadata.name}-${String(name)}-${Math.floor(at / Number(replicasCount))}-${at % Number(replicasCount)}-0`,
        metadata: recordOf(template?.['metadata']),
      }))
    })
}

/** Whether every pod is there and no other, each made from what is wanted now. */
async function converged(
  ask: Ask,
  namespace: string,
  wishes: readonly PodWish[],
): Promise<boolean> {
  const path = listPath(resources.pod, namespace)
  const pods = await itemsOf<KubernetesObject>(ask, path)
  const found = new Map(pods.map((pod) => [pod.metadata.name, pod]))
  const wanted = new Map(wishes.map((wish) => [wish.name, JSON.stringify(wish.metadata)]))
  let isDone = true
  for (const [name, { metadata }] of found) {
    if (wanted.get(name) === metadata.annotations?.[MADE]) continue
    isDone = false
    await ask('DELETE', `${path}/${name}?gracePeriodSeconds=0`)
  }
  for (const { name, metadata } of wishes) {
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
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    })
  }
  return isDone
}

function statusOf({ apiVersion = '', kind, metadata, spec, status }: KubernetesObject): object {
  if (apiVersion.startsWith('kafka.strimzi.io/'))
    return {
      ...(kind === 'Kafka' && { conditions: [{ type: 'Ready', status: 'True' }] }),
      observedGeneration: metadata.generation,
    }
  const { taskID } = recordOf(spec)
  const was = listOf(recordOf(status)['taskIDsCompleted'])
  const taskIDsCompleted = was.includes(taskID) ? was : [taskID, ...was]
  return { status: 'Completed', taskID, taskIDsCompleted }
}
