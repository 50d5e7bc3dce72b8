/** Another way into a running cluster: its gateways, public addresses, lists of who may connect, certificate, names of hosts. */
import type { Access } from '../../domain/cluster/access.ts'
import type { AccessChange } from '../../domain/cluster/change.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { withAccess, type ClusterSpec, type Scope } from '../../domain/cluster/spec.ts'
import type { Call } from '../call.ts'
import { changeCluster, type ChangeParts, type ChangeStarted } from './change.ts'

export interface WantedAccess {
  readonly action: AccessChange
  readonly access: Access
  /** Of a public address of a group: that group. */
  readonly scope?: Scope
  /** The text of a secret that the access names. */
  readonly secret?: string
  /** What the history shows. */
  readonly values?: { readonly before: string; readonly after: string }
}

/** Decides on the cluster as it is in the transaction; may throw a Fault. */
export type AccessRequest = (was: Cluster) => WantedAccess

/** Throws ClusterNotFound, ClusterBusy, NotSupported. */
export function setAccess(
  parts: ChangeParts,
  call: Call,
  id: string,
  request: AccessRequest,
): Promise<ChangeStarted> {
  return changeCluster(parts, {
    call,
    id,
    propose(was) {
      const { action, access, scope, secret, values } = request(was)
      const spec = withAccess(was.spec, access)
      return {
        action,
        spec,
        scope: scope ?? { of: 'cluster' },
        ...secretsOf(was, spec, secret),
        ...(values === undefined ? {} : { values }),
      }
    },
  })
}

/** Those of the certificates now and before are kept: the change may be undone. */
function secretsOf({ spec, secrets }: Cluster, next: ClusterSpec, text: string | undefined) {
  const wanted = secretOf(next)
  const kept = new Set([secretOf(spec), wanted])
  const staleSecrets = Object.keys(secrets).filter((name) => isCertificate(name) && !kept.has(name))
  const added = wanted === undefined || text === undefined ? {} : { [wanted]: text }
  return { secrets: added, staleSecrets }
}

function secretOf({ access }: ClusterSpec): string | undefined {
  const encryption = access?.encryption
  return typeof encryption === 'object' ? encryption.secret : undefined
}

const CERTIFICATE = 'certificate/'

/** The name under which a cluster's secrets hold the key of the certificate of this number. */
export function certificateSecret(number: string): string {
  return `${CERTIFICATE}${number}`
}

function isCertificate(name: string): boolean {
  return name.startsWith(CERTIFICATE)
}
