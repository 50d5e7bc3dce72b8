/** What the console works with: one object that the composition root makes. */
import type { Core } from '../app/core.ts'
import type { Environment } from '../domain/environment.ts'
import type { CredentialSource } from '../domain/identity.ts'
import type { Dialect, WireRequest, WireResponse } from '../gateway/dialect.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import type { Store } from '../store/port.ts'
import type { Substrate } from '../substrate/port.ts'
import type { FrontEnd } from './front-end.ts'
import type { RequestRecord } from './request-record.ts'
import type { Samples } from './samples.ts'

export interface ConsoleContext {
  readonly clock: Clock
  readonly log: Logger
  readonly core: Core
  readonly store: Store
  readonly gateway: Gateway
  readonly dialects: readonly Dialect[]
  readonly credentials: CredentialSource
  /** The text of the administration's token, and its pages, which are asked with it. */
  readonly adminToken: { readonly text: string }
  readonly admin: (request: WireRequest) => Promise<WireResponse>
  /** By API product; undefined for one without a declared environment. */
  readonly environmentOf: (product: string) => Environment | undefined
  /** By name. */
  readonly substrates: ReadonlyMap<string, Pick<Substrate, 'logs' | 'metrics'>>
  /** What was set on other servers of the same store is in force when it resolves. */
  readonly catchUp?: (() => Promise<void>) | undefined
  readonly frontEnd: FrontEnd
  readonly requests: Pick<RequestRecord, 'recent'>
  readonly samples: Samples
}
