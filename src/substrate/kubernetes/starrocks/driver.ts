/** What the parts of the driver of StarRocks instances share. */
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
  /** Where this server reaches the address of a pod. */
  reach(address: string): string
}
