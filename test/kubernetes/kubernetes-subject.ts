/** The Kubernetes substrate as its conformance suite sees it: on a real control plane, with pods of which nothing runs. */
import { setTimeout as pause } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import { systemClock, type Clock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { random } from '../../src/kernel/random.ts'
import type { Access } from '../../src/substrate/kubernetes/access.ts'
import { kubernetesClient, type KubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { kubernetes, type KubernetesOptions } from '../../src/substrate/kubernetes/kubernetes.ts'
import { keyOf, resources, type KubernetesObject } from '../../src/substrate/kubernetes/resource.ts'
import { NOTE, notedNodes, noteOf } from '../../src/substrate/kubernetes/starrocks/note.ts'
import type { ExposureProvision } from '../../src/substrate/kubernetes/starrocks/exposure.ts'
import type { StorageVolume } from '../../src/substrate/kubernetes/starrocks/storage-volume.ts'
import { claimPlace, podName } from '../../src/substrate/kubernetes/starrocks/part.ts'
import type { Substrate } from '../../src/substrate/port.ts'
import type { Subject } from '../substrate/subject.ts'
import { cleanUp } from '../support/process/clean-up.ts'
import { fakeFrontends } from './fake-frontends.ts'
import { reach, type Kubelet } from './kubelet.ts'

const provision = { storageClasses: { '*': 'any' }, zones: {}, images: 'starrocks' }
const LOOK_MS = 50

let worlds = 0

export interface KubernetesSubject extends Subject {
  namespaceOf(id: string): string
}

interface SubjectOptions {
  /** Who removes the namespaces in the end, where the driver may not list them all. */
  readonly administrator?: Access
  readonly clock?: Clock
  readonly exposure?: ExposureProvision
  readonly listed?: readonly string[]
  readonly volumes?: Map<string, StorageVolume>
  readonly objectStorageKey?: KubernetesOptions['objectStorageKey']
}

/** In namespaces of its own, which are removed with the test. */
export function kubernetesSubject(
  t: TestContext,
  access: Access,
  kubelet: Kubelet,
  {
    administrator = access,
    clock = systemClock(),
    volumes = new Map(),
    exposure,
    listed = [],
    objectStorageKey = async () => ({ keyId: 'id', secret: 'key' }),
  }: SubjectOptions = {},
): KubernetesSubject {
  const prefix = `t${++worlds}-`
  const installation = { id: `i-${worlds}`, prefix }
  const record = recordOf()
  const administratorClient = kubernetesClient({ access: administrator, random: random() })
  const frontends = fakeFrontends(kubelet, { volumes })
  const open = () =>
    withStorage(
      kubernetes({
        client: recorded(
          kubernetesClient({ access, random: random() }),
          record,
          administratorClient,
        ),
        installation,
        provision: { ...provision, ...(exposure && { exposure }) },
        objectStorageKey,
        listed,
        frontends,
        clock,
        log: silentLogger(),
        reach,
      }),
    )
  let substrate = open()
  cleanUp(t, async () => {
    // They go by themselves; waiting for each would take longer than all tests.
    for (const { metadata } of await administratorClient.list(resources.namespace))
      if (metadata.name.startsWith(prefix))
        await administratorClient.remove({ type: resources.namespace, name: metadata.name })
    await substrate.close()
    administratorClient.close()
  })
  const uidAt = (namespace: string, pod: string) => kubelet.pods.get(`${namespace}/${pod}`)?.uid
  return {
    get substrate() {
      return substrate
    },
    wait: ({ changesInMs }) => pause(Math.max(LOOK_MS, Math.min(changesInMs ?? LOOK_MS, 500))),
    writes: () => record.writes,
    namespaceOf: (id) => `${prefix}${id}`,
    processes(id) {
      const places = record.places.get(`${prefix}${id}`) ?? new Map<string, string>()
      const found = [...places].flatMap(([pod, node]) => {
        const uid = uidAt(`${prefix}${id}`, pod)
        return uid === undefined ? [] : [[node, uid] as const]
      })
      return new Map(found)
    },
    nodesLeft(id) {
      const namespace = `${prefix}${id}`
      const places = record.places.get(namespace) ?? new Map<string, string>()
      const claims = new Set(record.claims.get(namespace))
      return [...places].flatMap(([pod, node]) =>
        uidAt(namespace, pod) !== undefined || claims.has(pod) ? [node] : [],
      )
    },
    async reopen() {
      await substrate.close()
      substrate = open()
    },
  }
}

export const sampleStorage = {
  endpoint: 'https://store.example:9000',
  region: 'r-1',
  prefixes: [],
  volume: { bucket: 'data', prefix: 'sr/' },
}

/** As its reconciler does: what an instance may do with objects is said each time. */
function withStorage(substrate: Substrate): Substrate {
  return {
    ...substrate,
    apply: (wanted) => substrate.apply({ objectStorage: sampleStorage, ...wanted }),
  }
}

interface Recorded {
  writes: number
  /** By namespace and pod: the node that it is, or was last. */
  readonly places: Map<string, Map<string, string>>
  /** By namespace: the pods of which a claim was there at the last look. */
  readonly claims: Map<string, readonly string[]>
}

function recordOf(): Recorded {
  return { writes: 0, places: new Map(), claims: new Map() }
}

/** Counts what is different after a request, and remembers what was seen last. */
function recorded(
  client: KubernetesClient,
  record: Recorded,
  administratorClient: KubernetesClient,
): KubernetesClient {
  const versionOf = (object: KubernetesObject | undefined) => object?.metadata.resourceVersion
  return {
    ...client,
    async apply(object, options) {
      const before = await administratorClient.find(keyOf(object))
      const after = await client.apply(object, options)
      if (versionOf(before) !== versionOf(after)) record.writes++
      const { name, namespace = '' } = object.metadata
      if (name === NOTE) note(record, namespace, object)
      return after
    },
    async merge(key, members) {
      record.writes++
      return client.merge(key, members)
    },
    async remove(key, options) {
      if (await administratorClient.find(key)) record.writes++
      await client.remove(key, options)
    },
    async find(key) {
      const found = await client.find(key)
      if (!found && key.type === resources.namespace) record.claims.delete(key.name)
      return found
    },
    async list(type, query) {
      const found = await client.list(type, query)
      if (type === resources.claim && query?.namespace !== undefined)
        record.claims.set(
          query.namespace,
          found.flatMap(({ metadata }) => {
            const place = claimPlace(metadata.name)
            return place ? [podName(place.set, place.ordinal)] : []
          }),
        )
      return found
    },
  }
}

function note(record: Recorded, namespace: string, object: KubernetesObject): void {
  const places = record.places.get(namespace) ?? new Map<string, string>()
  record.places.set(namespace, places)
  for (const { pod, node } of notedNodes(noteOf(object))) places.set(pod, node.id)
}
