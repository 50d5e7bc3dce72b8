/**
 * The contract between the ports and whoever runs the engine: who may come in where, by which front end a session is served, and with
 * which certificate TLS is offered. It may change at any time; `review` of a port ends those that may not stay.
 */
import type { SecureContext } from 'node:tls'

/** One end of a connection and the other, and the entry that it came by: '' is the engine's own address. */
export interface Arrival {
  readonly entry: string
  readonly remote: string | undefined
  readonly local: string | undefined
}

export interface EntryPolicy {
  /** Asked before a single byte is read or written, and again whenever something has changed. */
  admits(arrival: Arrival): boolean
  /** The name of the front end that serves the next session of an entry; undefined for none in particular. */
  frontend(entry: string): string | undefined
  /** Undefined offers none. */
  tls(): SecureContext | undefined
}

/** One more place where clients come in. */
export interface EntryAddress {
  readonly name: string
  readonly host: string
}

export interface Listener {
  /** Takes no more clients; those that it has stay until `review`. */
  close(): void
}

/** Everyone may come in. */
export function openEntryPolicy(tls: SecureContext | undefined): EntryPolicy {
  return { admits: () => true, frontend: () => undefined, tls: () => tls }
}
