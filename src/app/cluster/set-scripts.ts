/** Other scripts for the nodes that a cluster gets later, with the secrets that their storage opens by. Those that it has ran theirs. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { Script } from '../../domain/script.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Store } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { modifyCluster, sealedSecrets, type OperationParts } from './modify.ts'

export interface ScriptParts extends OperationParts {
  readonly store: Store
  readonly sealer: Sealer
}

export interface WantedScripts {
  /** All of the cluster's, as they are from now on. */
  readonly scripts: readonly Script[]
  readonly secrets: Readonly<Record<string, string>>
  /** Names of secrets that are not needed any more. */
  readonly stale: readonly string[]
}

/** Decides on the cluster as it is in the transaction; may throw a Fault. */
export type ScriptRequest = (was: Cluster) => WantedScripts

/** What a change that is under way may go back to has the same scripts. Throws ClusterNotFound. */
export async function setScripts(
  parts: ScriptParts,
  call: Call,
  id: string,
  request: ScriptRequest,
): Promise<void> {
  const modify = (was: Cluster): Cluster => {
    const { scripts, secrets, stale } = request(was)
    const kept = Object.entries(was.secrets).filter(([name]) => !stale.includes(name))
    const { change } = was
    return {
      ...was,
      secrets: { ...Object.fromEntries(kept), ...sealedSecrets(parts.sealer, id, secrets) },
      spec: { ...was.spec, scripts },
      ...(change ? { change: { ...change, before: { ...change.before, scripts } } } : {}),
    }
  }
  await parts.store.write((tx) =>
    modifyCluster(tx, parts, { call, id, verb: 'set-scripts', modify }),
  )
}
