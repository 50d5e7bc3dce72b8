/** The passwords that a server knows its users by, as its files have them. */
import { hmac, sha256Hex } from '../../../src/kernel/digest.ts'
import type { DaemonPlan } from '../../../src/substrate/local/service.ts'

type Known = Pick<DaemonPlan, 'cluster' | 'administrator'>

/**
 * The one that servers of a cluster know each other by, and Emrys them: in their files it has to stand as it is, so it is none that a
 * client has. It follows from the administrator's, which does not follow from it.
 */
export function peerPassword({ cluster, administrator }: Known): string {
  const { password } = administratorOf(administrator)
  return hmac('sha256', password, `clickhouse/${cluster}`).toString('hex')
}

/** In the only form but the clear one that it knows. */
export function administratorHash({ administrator }: Known): string {
  return sha256Hex(administratorOf(administrator).password)
}

function administratorOf(administrator: Known['administrator']) {
  if (!administrator) throw new Error('the cluster has no administrator with a password')
  return administrator
}
