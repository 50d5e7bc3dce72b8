/**
 * A new password for the engine of a running cluster, sealed with the change that gives it to the engine: however often whoever carries
 * it out is killed, the engine ends with the one that is sealed. Sessions that are open stay so.
 */
import { withNewPassword } from '../../domain/cluster/spec.ts'
import type { Call } from '../call.ts'
import { changeCluster, type ChangeParts, type ChangeStarted } from './change.ts'

/** `secret` names the password among the cluster's secrets. Throws ClusterNotFound, ClusterBusy. */
export function setPassword(
  parts: ChangeParts,
  call: Call,
  id: string,
  { secret, password }: { readonly secret: string; readonly password: string },
): Promise<ChangeStarted> {
  return changeCluster(parts, {
    call,
    id,
    propose: ({ spec }) => ({
      action: { kind: 'set-password' },
      scope: { of: 'cluster' },
      spec: withNewPassword(spec),
      secrets: { [secret]: password },
    }),
  })
}
