/**
 * The metadata probe port: whether a client's own database is there, takes its user's password, and has the database that was
 * named. A driver never logs the password, never reports more of a failure than the three words below (a request must not become
 * a port scanner), and is bounded in time and in number; beyond that it throws Overloaded.
 *
 * A database is only contacted where the operator of the server allows it: the address comes from a client, and the connection from
 * the server, which may reach what the client may not.
 */
export interface MetadataDatabase {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
}

/** What keeps a cluster from being created. */
export type ProbeFailure = 'unreachable' | 'denied' | 'no-database'

/** `answered`, or why it was not contacted. */
export type ProbePass = 'answered' | 'off' | 'not-allowed'

export interface MetadataProbe {
  check(it: MetadataDatabase): Promise<ProbePass | ProbeFailure>
}

export function isProbeFailure(outcome: ProbePass | ProbeFailure): outcome is ProbeFailure {
  return outcome === 'unreachable' || outcome === 'denied' || outcome === 'no-database'
}
