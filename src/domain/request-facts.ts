/**
 * What is known about a request when it is authorised, in no vendor's words. Each dialect names the facts that its
 * policy language has a key for; a fact without one there is simply not askable in that language.
 */
export interface RequestFacts {
  readonly nowMs: number
  /** Whether the request came over TLS. */
  readonly secure: boolean
  readonly sourceIp: string
  /** The caller, as the dialect's policies name it. */
  readonly principal: string
  /** Whether the caller's session was opened with a second factor; absent means no. */
  readonly mfa?: boolean
  /** Tags on the resource that the request is about. */
  readonly resourceTags?: Readonly<Record<string, string>>
  /** Tags that the request would put on a resource. */
  readonly requestTags?: Readonly<Record<string, string>>
  readonly resourceGroup?: string
  /** The service that a service-linked role is created for. */
  readonly linkedService?: string
}
