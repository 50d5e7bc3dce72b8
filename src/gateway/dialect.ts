/**
 * A dialect: everything that one vendor's wire has of its own. The gateway calls it, in the order of a request's life, and
 * knows no vendor itself.
 */
import type { Cluster } from '../domain/cluster/cluster.ts'
import type { Environment } from '../domain/environment.ts'
import type { Fault } from '../domain/fault.ts'
import type { Decision } from '../domain/policy.ts'
import type { Call } from '../app/call.ts'
import { ByteText, textOf } from '../kernel/byte-text.ts'
import type { Convention } from '../shape/reader.ts'
import type { Action } from './action.ts'
import type { SignedRequest } from './signed-request.ts'

export interface WireRequest extends SignedRequest {
  readonly remoteAddress: string
  /** `1.1` or `1.0`. */
  readonly httpVersion: string
  /** Whether the client reached us by TLS. */
  readonly secure: boolean
}

export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | ByteText | Uint8Array
}

export function bodyText({ body }: Pick<WireResponse, 'body'>): string {
  if (typeof body === 'string') return body
  return body instanceof ByteText ? textOf(body) : Buffer.from(body).toString('utf8')
}

/** What a request says about who sent it, before that is proved. */
export interface SignatureClaim {
  readonly keyId: string
  readonly sessionToken: string | undefined
  /** When the request was signed, in ms; judged against the machine's time. */
  readonly signedMs: number
  readonly windowMs: number
  /** Accepted once per key, where the scheme has one. */
  readonly nonce: string | undefined
  /** Throws SignatureProblem when the request was not signed with this secret. */
  verify(secret: string): void
}

/** The request's context while nothing is known yet but how it arrived; enough to render any refusal. */
export interface Arrival {
  readonly request: WireRequest
  readonly requestId: string
  readonly action: Action | undefined
}

export interface Authorisation {
  readonly call: Call
  readonly action: Action
  readonly input: Readonly<Record<string, unknown>>
  readonly request: WireRequest
  readonly nowMs: number
  /** What must be allowed, each with what is known of it. */
  readonly resources: readonly RequestedResource[]
}

/** A resource as policies name it; one that is no cluster of the caller's has neither tags nor a resource group. */
export interface RequestedResource {
  readonly name: string
  readonly tags?: Readonly<Record<string, string>>
  readonly resourceGroup?: string
}

/** What a request of this wire consists of, beside who sends it. */
export interface Composition {
  readonly region: string
  readonly language: Call['language']
  readonly parameters: Readonly<Record<string, unknown>>
}

/** What may stand in a parameter, for those who fill it in. */
export interface Offer {
  readonly values: readonly OfferedValue[]
  /** Whether anything else would be refused; else they are those that are known. */
  readonly only: boolean
}

export interface OfferedValue {
  readonly value: string | number
  readonly text?: string
}

/** By the end of a parameter's path, the longest that fits; `*` stands for any item of a list. */
export type Offers = Readonly<Record<string, Offer>>

export interface OfferQuery {
  readonly region: string
  /** Undefined where none is declared for the product. */
  readonly environment: Environment | undefined
  /** What is filled in so far, of any form. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** The cluster that it is about; what it has can be named then. */
  readonly cluster?: Cluster | undefined
}

export interface Dialect {
  readonly name: string
  readonly actions: readonly Action[]
  readonly convention: Convention
  /** Whether a request is for this dialect; decided by headers and paths, never guessed from its content. */
  recognises(request: WireRequest): boolean
  /** A request for the action as a client of this vendor would send it, but for its signature. */
  compose(action: Action, it: Composition): SignedRequest
  /** What this cloud sells, and what lies in the region, as far as clusters are made of it. */
  offers(it: OfferQuery): Offers
  requestId(uuid: string): string
  /** Throws RequestTooLarge or SignatureProblem for more bytes than this vendor takes; looks at nothing but their number. */
  checkSize(request: WireRequest): void
  /** Finds the action. Throws ActionUnknown, ActionNotBuilt, VersionUnknown, MethodRefused … */
  locate(request: WireRequest): Action
  /** Throws CredentialMissing or SignatureProblem. */
  claim(request: WireRequest): SignatureClaim
  /**
   * The region under which a request is counted, as far as it says so where it is proved and read already; empty where it names
   * none that exists, so that invented names share one count.
   */
  rateRegion(request: WireRequest): string
  region(request: WireRequest, raw: unknown): string
  language(request: WireRequest): Call['language']
  /** The raw parameters, from wherever this wire carries them. Throws RequestMalformed or MediaTypeRefused. */
  parameters(request: WireRequest, action: Action): unknown
  authorise(it: Authorisation): Decision
  /** The id of the cluster that a resource's name means; undefined when it means none in particular. */
  clusterIn(resource: string): string | undefined
  /** What policies call a cluster. */
  resourceOf(cluster: Cluster): string
  render(arrival: Arrival, output: Readonly<Record<string, unknown>>): WireResponse
  renderFault(arrival: Arrival, fault: Fault): WireResponse
  /** Anything that is not a fault: the vendor's internal error, which reveals nothing but the request id. */
  renderBug(arrival: Arrival): WireResponse
}
