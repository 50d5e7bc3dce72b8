/** In the place of a driver of volumes: each claim gets one, and each that grows is granted it. */
import { setTimeout as pause } from 'node:timers/promises'
import { cleanUp, type Ending } from '../support/process/clean-up.ts'
import { itemsOf, type Ask } from './api.ts'

interface Claim {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string }
  readonly spec: {
    readonly accessModes: readonly string[]
    readonly storageClassName?: string
    readonly volumeName?: string
    readonly resources: { readonly requests: { readonly storage: string } }
  }
  readonly status?: {
    readonly phase?: string
    readonly capacity?: { readonly storage: string }
  }
}

interface Volume {
  readonly metadata: { readonly name: string }
  readonly spec: { readonly claimRef?: { readonly uid?: string } }
}

const LOOK_MS = 200
const VOLUMES = '/api/v1/persistentvolumes'

export function startVolumes(t: Ending, ask: Ask): void {
  const stop = new AbortController()
  const look = async () => {
    const claims = await itemsOf<Claim>(ask, '/api/v1/persistentvolumeclaims')
    for (const claim of claims) await serve(ask, claim)
    for (const { metadata, spec } of await itemsOf<Volume>(ask, VOLUMES))
      if (!claims.some((claim) => claim.metadata.uid === spec.claimRef?.uid))
        await ask('DELETE', `${VOLUMES}/${metadata.name}`)
  }
  const loop = async () => {
    while (!stop.signal.aborted) {
      await look().catch(() => {})
      await pause(LOOK_MS)
    }
  }
  const ended = loop()
  cleanUp(t, async () => {
    stop.abort()
    await ended
  })
}

async function serve(ask: Ask, { metadata, spec, status }: Claim): Promise<void> {
  const { name, namespace, uid } = metadata
  const { storage } = spec.resources.requests
  if (spec.volumeName === undefined) {
    await ask('POST', VOLUMES, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `v-${uid}` },
      spec: {
        accessModes: spec.accessModes,
        capacity: { storage },
        storageClassName: spec.storageClassName,
        persistentVolumeReclaimPolicy: 'Retain',
        hostPath: { path: `/none/${uid}` },
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      },
    })
  } else if (status?.phase === 'Bound' && status.capacity?.storage !== storage) {
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}/status`
    await ask('PATCH', path, { status: { capacity: { storage } } })
  }
}
