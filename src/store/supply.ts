/**
 * What accounts have reserved of stock and quotas, and who holds which address. Reservations are sums per account; which cluster
 * they are for stands in its document, and both are changed in one transaction (docs/adr/0015).
 */
import type { Limit, Reservation } from '../domain/environment.ts'

/** Whose supply something is reserved from. */
export interface Owner {
  readonly account: string
  readonly region: string
}

/** How much of something an account has reserved, over all of its clusters. */
export type AccountReservation = Owner & Reservation

export interface AddressRequest {
  /** Names the block that the numbers are of; numbers of different pools have nothing to do with each other. */
  readonly pool: string
  readonly first: number
  readonly last: number
  readonly count: number
}

/** A pool has not as many free numbers as were wanted. */
export interface AddressShortage {
  /** Of the first request for which there are too few. */
  readonly short: AddressRequest
  readonly free: number
}

export interface SupplyReader {
  /** What the account has reserved of everything that each of the limits covers. */
  reserved(account: string, limits: readonly Limit[]): Promise<readonly number[]>
  /** Undefined is every account. */
  reservations(account: string | undefined, limit: number): Promise<readonly AccountReservation[]>
}

export interface SupplyWriter {
  /** Adds to what the account has reserved; no two of them are of the same thing. */
  reserve(owner: Owner, reservations: readonly Reservation[]): Promise<void>
  /** Takes off what the account has reserved. Throws when it never reserved as much. */
  release(owner: Owner, it: Reservation): Promise<void>
  /**
   * The lowest free numbers of each pool, for their holder, in the order of the requests, of which no two are of one pool; none at all when
   * one of the pools has not as many. They are released under the id of the holder.
   */
  allocateAddresses(
    holder: string,
    requests: readonly AddressRequest[],
  ): Promise<readonly (readonly number[])[] | AddressShortage>
  /**
   * Frees addresses of the holder: those of `only`, or all that it has. The pools of one holder do not overlap, so that a number
   * is of one of them. An address that the holder does not have is left as it is, so that it may be repeated.
   */
  releaseAddresses(holder: string, only?: readonly number[]): Promise<void>
}
