/** What the parts of the driver of StarRocks instances share. */
import type { ObjectStorageKey } from '../../../domain/object-storage.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Logger } from '../../../kernel/log.ts'
import type { KubernetesClient } from '../client.ts'
import type { Installation } from '../ownership.ts'
import type { Frontends } from './frontend.ts'
import type { Provision } from './objects.ts'

export interface StarrocksDriver {
  readonly client: KubernetesClient
  readonly installation: Installation
  readonly provision: Provision
  readonly frontends: Frontends
  readonly clock: Clock
  readonly log: Logger
  /** That the data of an instance are kept with; rejects with the reason as a sentence. Absent where nothing keeps any. */
  readonly objectStorageKey?: (id: string) => Promise<ObjectStorageKey>
  /** Where this server reaches the address of a pod. */
  reach(address: string): string
}
