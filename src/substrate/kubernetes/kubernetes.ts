/**
 * The Kubernetes substrate: StarRocks instances in namespaces of their own, run by StarRocks' operator. The API server is asked each time;
 * watches only make whoever is interested look earlier. What cannot be carried out is refused when it is asked for (starrocks/lack.ts).
 */
import { setTimeout as pause } from 'node:timers/promises'
import { keyedMutex } from '../../kernel/keyed-mutex.ts'
import type { Capabilities, Substrate } from '../port.ts'
import { discovery, type Discovery } from './discovery.ts'
import { isOwn, labels, MANAGER } from './ownership.ts'
import { resources } from './resource.ts'
import { apply, drain, remove } from './starrocks/apply.ts'
import { converge, observe } from './starrocks/converge.ts'
import type { StarrocksDriver } from './starrocks/driver.ts'
import { lackOf } from './starrocks/lack.ts'

export interface KubernetesOptions extends Omit<StarrocksDriver, 'reach'> {
  /** Where this server reaches the address of a pod; there itself, unless this says otherwise. */
  readonly reach?: (address: string) => string
}

const capabilities: Capabilities = {
  families: ['starrocks'],
  encryption: { lacks: 'kubernetes knows no StorageClass that encrypts' },
  publicAddress: false,
  scripts: false,
  chosenNodes: false,
  nodeSizes: false,
  configuration: true,
  snapshots: false,
  access: [],
  rollout: 'node',
}

/** Between two looks at an instance that is on its way, at first and at last. */
const LOOK_MS = { first: 200, last: 5_000 }
const CLEAR_MS = 120_000
/** What a cluster has changes when somebody installs something. */
const DISCOVERY_MS = 15_000

export function kubernetes(options: KubernetesOptions): Substrate {
  const driver: StarrocksDriver = { ...options, reach: options.reach ?? ((address) => address) }
  const { client, installation, log } = driver
  const { withLock, settled } = keyedMutex()
  const closed = new AbortController()
  const discovered = discovery(client, driver.provision)
  const pursue = pursuitOf(driver, { withLock, signal: closed.signal })
  const own = async () =>
    (await client.list(resources.namespace, { labels: { [labels.installation]: installation.id } }))
      .filter((each) => isOwn(installation, each))
      .flatMap(({ metadata }) => metadata.labels?.[labels.cluster] ?? [])
  const removeAll = async () => {
    const ids = await own()
    for (const id of ids) await withLock(id, () => remove(driver, id))
    return ids.length === 0
  }
  return {
    name: 'kubernetes',
    capabilities: () => capabilities,
    remark() {
      const lack = discovered.lack()
      return lack && 'what' in lack ? `${lack.what}: ${lack.detail}` : undefined
    },
    lack: (prospect) => discovered.lack() ?? lackOf(prospect, driver.provision),
    observe: (id) => observe(driver, id),
    async apply(wanted) {
      await withLock(wanted.id, () => apply(driver, wanted))
      pursue(wanted.id)
    },
    remove: (id) => withLock(id, () => remove(driver, id)),
    async drain(wanted, nodes) {
      await withLock(wanted.id, () => drain(driver, wanted, nodes))
      pursue(wanted.id)
    },
    supervise(changed) {
      const report = (id: string | undefined) => {
        if (id !== undefined) changed(id)
      }
      for (const type of [resources.pod, resources.starrocks])
        client.watch({
          type,
          labels: { [labels.manager]: MANAGER, [labels.installation]: installation.id },
          signal: closed.signal,
          changed: ({ metadata }) => report(metadata.labels?.[labels.cluster]),
          failed: (problem) => log.debug({ err: problem }, 'a watch of Kubernetes is interrupted'),
        })
      void lookAgain(discovered, closed.signal)
      own().then(
        (ids) => ids.forEach(pursue),
        (problem: unknown) => log.warn({ err: problem }, 'Kubernetes could not be asked'),
      )
    },
    async clear() {
      for (let waitedMs = 0; !(await removeAll()); waitedMs += LOOK_MS.first) {
        if (waitedMs > CLEAR_MS) throw new Error('namespaces do not go')
        await pause(LOOK_MS.first)
      }
    },
    async close() {
      closed.abort()
      await settled()
      client.close()
    },
  }
}

async function lookAgain(discovered: Discovery, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await discovered.look()
    await pause(DISCOVERY_MS, undefined, { ref: false, signal }).catch(() => {})
  }
}

/** Follows instances until nothing is due for them; one loop for each. Returns at once. */
function pursuitOf(
  driver: StarrocksDriver,
  {
    withLock,
    signal,
  }: { readonly withLock: ReturnType<typeof keyedMutex>['withLock']; readonly signal: AbortSignal },
): (id: string) => void {
  const requests = new Map<string, number>()
  const follow = async (id: string) => {
    let waitMs: number = LOOK_MS.first
    while (!signal.aborted) {
      const request = requests.get(id)
      let again = true
      try {
        again = await withLock(id, async () => !signal.aborted && (await converge(driver, id)))
      } catch (problem) {
        if (!signal.aborted)
          driver.log.warn({ id, err: problem }, 'an instance could not be brought on')
      }
      if (!again && requests.get(id) === request) break
      await pause(waitMs, undefined, { ref: false, signal }).catch(() => {})
      waitMs = requests.get(id) === request ? Math.min(waitMs * 1.5, LOOK_MS.last) : LOOK_MS.first
    }
    requests.delete(id)
  }
  return (id) => {
    const known = requests.get(id)
    requests.set(id, (known ?? 0) + 1)
    if (known === undefined) void follow(id)
  }
}
