/**
 * The Kubernetes substrate: clusters in namespaces of their own, run by the operators of their products. The API server is asked each time;
 * watches only make whoever is interested look earlier. What cannot be carried out is refused when it is asked for (starrocks/requirement.ts).
 */
import { setTimeout as pause } from 'node:timers/promises'
import { keyedMutex } from '../../kernel/keyed-mutex.ts'
import type { Capabilities, CarriedProduct, Substrate } from '../port.ts'
import type { Carrier } from './carrier.ts'
import { discovery, type Discovery } from './discovery.ts'
import { listedNamespaces, ownNamespaces } from './namespace.ts'
import { labels } from './ownership.ts'
import { offerOf } from './provision.ts'
import { productCarrier, type ProductProvision } from './product/driver.ts'
import { products } from './product/products.ts'
import { refusals } from './refusal.ts'
import { resources } from './resource.ts'
import { apply, drain, remove } from './starrocks/apply.ts'
import { converge, observe } from './starrocks/converge.ts'
import { accessAspects } from './starrocks/exposure.ts'
import type { StarrocksDriver } from './starrocks/driver.ts'
import { unmetRequirement } from './starrocks/requirement.ts'

export interface KubernetesOptions extends Omit<
  StarrocksDriver,
  'reach' | 'provision' | 'namespaces'
> {
  readonly provision: StarrocksDriver['provision'] & ProductProvision
  /** Those that somebody made for it; without any, it makes its own. */
  readonly listed?: readonly string[]
  /** Where this server reaches the address of a pod; there itself, unless this says otherwise. */
  readonly reach?: (address: string) => string
}

const STARROCKS = 'starrocks'

const starrocksCapabilities: Omit<Capabilities, 'access'> = {
  families: [STARROCKS],
  // By the StorageClasses of the environment (starrocks/requirement.ts).
  encryption: true,
  objectStorage: true,
  publicAddress: false,
  scripts: false,
  chosenNodes: false,
  nodeSizes: false,
  configuration: true,
  snapshots: false,
  rollout: 'node',
}

/** Between two looks at an instance that is on its way, at first and at last. */
const LOOK_MS = { first: 200, last: 5_000 }
const CLEAR_MS = 120_000
/** What a cluster has changes when somebody installs something. */
const DISCOVERY_MS = 15_000

export function kubernetes(options: KubernetesOptions): Substrate {
  const { driver, carriers } = carriedBy(options)
  const { client, log, namespaces } = driver
  const { withLock, settled } = keyedMutex()
  const closed = new AbortController()
  const families = carriers.map(({ family }) => family)
  const types = carriers.flatMap((carrier) => carrier.types)
  const discovered = discovery(client, driver.provision, {
    types,
    namespace: namespaces.listed?.[0],
  })
  const { ofFamily, at, forget } = carriersBy(driver, carriers)
  const refused = refusals(driver.clock)
  const convergeOne = async (id: string) => (await at(id)).converge(id)
  const enqueue = loopOf({ converge: convergeOne, log }, { withLock, signal: closed.signal })
  const removeOne = async (id: string) => (await at(id)).remove(id)
  const removeAll = async () => {
    const ids = await namespaces.ids()
    for (const id of ids) await withLock(id, () => removeOne(id))
    return ids.length === 0
  }
  return {
    name: 'kubernetes',
    capabilities: (family = STARROCKS) => ({ ...ofFamily(family).capabilities, families }),
    remark: () => remarkOf(discovered, carriers),
    products: () => carriers.map((carrier) => carriedProduct(discovered, carrier)),
    offer: () => offerOf(driver.provision),
    unmet(prospect) {
      const carrier = ofFamily(prospect.spec.software.family)
      return carrier.unmet(prospect) ?? discovered.unmet(carrier)
    },
    async observe(id) {
      const seen = await (await at(id)).observe(id)
      if (!seen.present) forget(id)
      // Whoever began to follow it may be gone, and what is due beside its operator's work with it.
      else if (seen.changesInMs !== undefined) enqueue(id, 'unless-enqueued')
      return refused.shown(id, seen)
    },
    async apply(wanted) {
      const carrier = ofFamily(wanted.spec.software.family)
      await refused.heed(wanted, () => withLock(wanted.id, () => carrier.apply(wanted)))
      enqueue(wanted.id)
    },
    remove(id) {
      refused.forget(id)
      return withLock(id, () => removeOne(id))
    },
    async drain(wanted, nodes) {
      const carrier = ofFamily(wanted.spec.software.family)
      await withLock(wanted.id, async () => carrier.drain?.(wanted, nodes))
      enqueue(wanted.id)
    },
    supervise(changed) {
      const report = (id: string | undefined) => {
        if (id !== undefined) changed(id)
      }
      watchAll(driver, report, closed.signal)
      void lookAgain(discovered, closed.signal)
      namespaces.ids().then(
        (ids) => ids.forEach((id) => enqueue(id)),
        (problem: unknown) => log.warn({ err: problem }, 'Kubernetes could not be asked'),
      )
    },
    clear: () => untilGone(removeAll),
    async close() {
      closed.abort()
      await settled()
      client.close()
    },
  }
}

function carriedBy(options: KubernetesOptions) {
  const { listed = [], reach = (address) => address, ...rest } = options
  const namespaces = listed.length > 0 ? listedNamespaces(options, listed) : ownNamespaces(options)
  const driver: StarrocksDriver = { ...rest, namespaces, reach }
  const others = products.map((product) => productCarrier({ ...rest, namespaces, reach }, product))
  return { driver, carriers: [starrocksCarrier(driver), ...others] }
}

async function untilGone(removeAll: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await removeAll()); waitedMs += LOOK_MS.first) {
    if (waitedMs > CLEAR_MS) throw new Error('namespaces do not go')
    await pause(LOOK_MS.first)
  }
}

/** Who can carry something is not shown as one who can carry nothing. */
function remarkOf(discovered: Discovery, carriers: readonly Carrier[]): string | undefined {
  const lacks = carriers.flatMap((carrier) => unmetText(discovered, carrier) ?? [])
  return lacks.length < carriers.length ? undefined : lacks[0]
}

function carriedProduct(discovered: Discovery, carrier: Carrier): CarriedProduct {
  const { title, operator } = carrier
  const remark = unmetText(discovered, carrier) ?? carrier.remark
  return { title, operator, ...(remark !== undefined && { remark }) }
}

function unmetText(discovered: Discovery, carrier: Carrier): string | undefined {
  const unmet = discovered.unmet(carrier)
  return unmet && 'what' in unmet ? `${unmet.what}: ${unmet.detail}` : undefined
}

function watchAll(
  { client, installation, namespaces, log }: StarrocksDriver,
  report: (id: string | undefined) => void,
  signal: AbortSignal,
): void {
  const types = [resources.pod, resources.starrocks]
  const places = namespaces.listed?.map((namespace) => ({ namespace })) ?? [{}]
  for (const { type, place } of types.flatMap((each) =>
    places.map((at) => ({ type: each, place: at })),
  ))
    client.watch({
      type,
      ...place,
      labels: { [labels.installation]: installation.id },
      signal,
      changed: ({ metadata }) => report(metadata.labels?.[labels.cluster]),
      failed: (problem) => log.debug({ err: problem }, 'a watch of Kubernetes is interrupted'),
    })
}

async function lookAgain(discovered: Discovery, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await discovered.look()
    await pause(DISCOVERY_MS, undefined, { ref: false, signal }).catch(() => {})
  }
}

function starrocksCarrier(driver: StarrocksDriver): Carrier {
  return {
    family: STARROCKS,
    title: 'StarRocks',
    operator: "StarRocks' operator",
    capabilities: {
      ...starrocksCapabilities,
      access: accessAspects(driver.provision.exposure ?? {}),
    },
    types: [resources.starrocks],
    unmet: (prospect) => unmetRequirement(prospect, driver.provision),
    observe: (id) => observe(driver, id),
    apply: (wanted) => apply(driver, wanted),
    drain: (wanted, nodes) => drain(driver, wanted, nodes),
    remove: (id) => remove(driver, id),
    converge: (id) => converge(driver, id),
  }
}

/** What carries a cluster: by its family, or, where only its id is known, by what its namespace says. */
function carriersBy(driver: StarrocksDriver, carriers: readonly Carrier[]) {
  const [first] = carriers
  if (!first) throw new Error('there is no carrier')
  const ofFamily = (family: string) => carriers.find((each) => each.family === family) ?? first
  const known = new Map<string, Carrier>()
  return {
    ofFamily,
    async at(id: string): Promise<Carrier> {
      const found = known.get(id)
      if (found) return found
      const namespace = await driver.namespaces.find(id)
      const carrier = ofFamily(namespace?.metadata.labels?.[labels.family] ?? STARROCKS)
      if (namespace) known.set(id, carrier)
      return carrier
    },
    forget: (id: string) => void known.delete(id),
  }
}

/** Follows instances until nothing is due for them; one loop for each. Returns at once. */
function loopOf(
  driver: Pick<Carrier, 'converge'> & Pick<StarrocksDriver, 'log'>,
  {
    withLock,
    signal,
  }: { readonly withLock: ReturnType<typeof keyedMutex>['withLock']; readonly signal: AbortSignal },
): (id: string, when?: 'unless-enqueued') => void {
  const requests = new Map<string, number>()
  const follow = async (id: string) => {
    let waitMs: number = LOOK_MS.first
    while (!signal.aborted) {
      const request = requests.get(id)
      let again = true
      try {
        again = await withLock(id, async () => !signal.aborted && (await driver.converge(id)))
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
  return (id, when) => {
    const known = requests.get(id)
    if (known !== undefined && when === 'unless-enqueued') return
    requests.set(id, (known ?? 0) + 1)
    if (known === undefined) void follow(id)
  }
}
