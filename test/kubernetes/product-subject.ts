/** What tests of products stand on: a real control plane with StorageClasses, and Emrys on it with the rights of docs/kubernetes-access.yaml, no others. */
import { systemClock, type Clock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { random } from '../../src/kernel/random.ts'
import type { Access } from '../../src/substrate/kubernetes/access.ts'
import { kubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { kubernetes } from '../../src/substrate/kubernetes/kubernetes.ts'
import type { ProductProvision } from '../../src/substrate/kubernetes/product/driver.ts'
import type { Seen, Substrate, Wanted } from '../../src/substrate/port.ts'
import { isReached } from '../substrate/subject.ts'
import { productProvision } from '../support/fixture/product-cluster.ts'
import { cleanUp, type Ending } from '../support/process/clean-up.ts'
import { askerOf } from './api.ts'
import { startControlPlane, type ControlPlane } from './control-plane.ts'
import { limitedAccess } from './limited-access.ts'
import { until } from './until.ts'
import { startVolumes } from './volume.ts'

export interface ProductPlane extends ControlPlane {
  readonly account: Access
}

export async function startProductPlane(t: Ending): Promise<ProductPlane> {
  const plane = await startControlPlane(t, { controllers: true })
  startVolumes(t, askerOf(t, plane.access))
  for (const name of Object.values(productProvision.storageClasses))
    await plane.client.create('/apis/storage.k8s.io/v1/storageclasses', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'none',
      allowVolumeExpansion: true,
    })
  return { ...plane, account: await limitedAccess(plane) }
}

interface SubjectOptions {
  /** Where every pod is reached. */
  readonly pod: string
  /** So often it can write. */
  readonly writes?: number | undefined
  readonly provision?: ProductProvision
  readonly clock?: Clock
}

export function productSubstrate(
  t: Ending,
  { account: access }: ProductPlane,
  { pod, writes = Infinity, provision = productProvision, clock = systemClock() }: SubjectOptions,
): Substrate {
  let left = writes
  const client = kubernetesClient({ access, random: random() })
  const substrate = kubernetes({
    client: {
      ...client,
      apply: async (object) => {
        if (left-- <= 0) throw new Error('killed')
        return client.apply(object)
      },
      merge: async (key, patch) => {
        if (left-- <= 0) throw new Error('killed')
        return client.merge(key, patch)
      },
    },
    installation: { id: 'i-products', prefix: '' },
    provision: { ...provision, images: 'starrocks' },
    frontends: {
      login: async () => 'silent',
      setPassword: async () => {},
    } as never,
    clock,
    log: silentLogger(),
    reach: () => pod,
  })
  substrate.supervise?.(() => {})
  cleanUp(t, () => substrate.close())
  return substrate
}

/** Each look is six requests. */
const REACHED_LOOK_MS = 150

export async function reached(substrate: Substrate, wanted: Wanted): Promise<Seen> {
  await substrate.apply(wanted)
  let seen = await substrate.observe(wanted.id)
  await until(
    async () => {
      seen = await substrate.observe(wanted.id)
      return isReached(seen, wanted)
    },
    { describe: () => JSON.stringify(seen), lookMs: REACHED_LOOK_MS },
  )
  return seen
}
