/**
 * How the API server of a Kubernetes is reached, and as whom: by a kubeconfig (kubeconfig.ts), or as the service account of the pod
 * that this server runs in (service-account.ts). The server is proved by its authority, always.
 */

/** A bearer token, a client certificate with its key, or both. Never to be logged. */
export interface Credential {
  readonly token?: string
  readonly certificate?: string
  readonly key?: string
}

export interface Access {
  /** `https://host:port`, and what stands before every path. */
  readonly server: string
  /** PEM; absent for the authorities that the machine trusts. */
  readonly authority?: string
  /** The name that its certificate has to have, where that is another one than in `server`. */
  readonly serverName?: string
  /** Where objects go when nobody says where. */
  readonly namespace?: string
  /**
   * For the next request; `refused` says that the server did not take the last one. Asked each time, as tokens and certificates are
   * replaced under a running server; what costs something is kept by whoever answers. Rejects with the reason as a sentence.
   */
  credential(refused: boolean): Promise<Credential>
}

/** What is wrong with how the API server should be reached; its message is for people, and holds nothing secret. */
export class AccessProblem extends Error {
  override readonly name = 'AccessProblem'
}
