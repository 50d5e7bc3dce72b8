/**
 * What may be asked of the directory of a cluster: it is read and changed as a whole, with its operation. Clear passwords are sealed
 * before they are written. Where a service of the cluster keeps users, the operation ends when it has them (reconcile/directory).
 */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import {
  DIRECTORY_STEP,
  emptyDirectory,
  passwordContext,
  type Directory,
  type DirectoryUser,
} from '../../domain/directory.ts'
import { recordOperation, presentCluster, type OperationParts } from '../cluster/modify.ts'
import type { Reader, Store, Stored } from '../../store/port.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Call } from '../call.ts'
import type { Placement } from '../cluster/placement.ts'

export interface DirectoryChange<R> {
  /** The one after the change; none where nothing changes. */
  readonly directory?: Directory
  readonly result: R
}

export interface DirectoryTools {
  readonly nowMs: number
  /** A password as it is kept. */
  readonly seal: (user: Pick<DirectoryUser, 'name'>, password: string) => string
}

/** Decides on the cluster and its directory as they are in the transaction; may throw a Fault. */
export type DecideDirectory<R> = (
  was: { readonly cluster: Cluster; readonly directory: Directory },
  tools: DirectoryTools,
) => DirectoryChange<R>

export interface Directories {
  /** Throws ClusterNotFound. */
  get(call: Call, id: string): Promise<{ readonly cluster: Cluster; readonly directory: Directory }>
  /** With the flow number of the operation, 0 where nothing was changed. Throws ClusterNotFound. */
  change<R>(
    call: Call,
    id: string,
    decide: DecideDirectory<R>,
  ): Promise<{ readonly result: R; readonly flow: number }>
}

export interface DirectoriesParts extends OperationParts {
  readonly store: Store
  readonly sealer: Sealer
  readonly placement: Pick<Placement, 'keepsUsers'>
}

export function directories(parts: DirectoriesParts): Directories {
  const { store, clock, sealer, placement } = parts
  return {
    get: (call, id) =>
      store.read(async (tx) => {
        const cluster = (await presentCluster(tx, call, id)).document
        return {
          cluster,
          directory: (await find(tx, cluster))?.document ?? emptyDirectory(cluster),
        }
      }),
    change: (call, id, decide) =>
      store.write(async (tx) => {
        const cluster = (await presentCluster(tx, call, id)).document
        const found = await find(tx, cluster)
        const was = found?.document ?? emptyDirectory(cluster)
        const nowMs = clock.now()
        const { directory, result } = decide(
          { cluster, directory: was },
          { nowMs, seal: ({ name }, password) => sealer.seal(password, passwordContext(id, name)) },
        )
        if (!directory) return { result, flow: 0 }
        if (found) await tx.save('directory', found, directory)
        else await tx.insert('directory', directory, nowMs)
        const kept = placement.keepsUsers(cluster)
        const { flow } = await recordOperation(tx, parts, {
          call,
          id,
          verb: 'change-directory',
          ...(kept && { steps: [DIRECTORY_STEP] }),
        })
        if (kept) await tx.enqueue('directory', id, nowMs)
        return { result, flow }
      }),
  }
}

function find(
  tx: Pick<Reader, 'find'>,
  { account, id }: Cluster,
): Promise<Stored<'directory'> | undefined> {
  return tx.find('directory', account, id)
}
