/** What may be asked about operations: the history of a cluster, and one operation by the handles its client was given. */
import { Fault } from '../../domain/fault.ts'
import type { Operation } from '../../domain/operation.ts'
import type { Listing, Page, Store } from '../../store/port.ts'
import type { Call } from '../call.ts'

export type OperationListing = Pick<
  Listing,
  'states' | 'verbs' | 'subject' | 'fromMs' | 'untilMs' | 'ids' | 'order' | 'limit' | 'offset'
>

export interface Operations {
  /** The operations of one of the caller's clusters, its deletion included. Throws ClusterNotFound. */
  list(call: Call, cluster: string, listing: OperationListing): Promise<Page<'operation'>>
  /** By flow number or trace; undefined when the cluster has no such operation. Throws ClusterNotFound. */
  find(
    call: Call,
    cluster: string,
    handle: { flow: number } | { trace: string },
  ): Promise<Operation | undefined>
}

export function operations(store: Store): Operations {
  const owned = async (call: Call, id: string) => {
    const found = await store.read((tx) => tx.find('cluster', call.principal.account, id))
    const elsewhere = call.region !== '' && found?.document.region !== call.region
    if (found?.document.product !== call.product || elsewhere)
      throw new Fault('ClusterNotFound', { id })
  }
  return {
    async list(call, cluster, listing) {
      await owned(call, cluster)
      return store.read((tx) =>
        tx.list('operation', { ...listing, account: call.principal.account, parent: cluster }),
      )
    },
    async find(call, cluster, handle) {
      await owned(call, cluster)
      if ('flow' in handle) {
        return (await store.read((tx) => tx.findByHandle('operation', cluster, handle.flow)))
          ?.document
      }
      const found = await store.read((tx) =>
        tx.list('operation', {
          account: call.principal.account,
          parent: cluster,
          trace: handle.trace,
          order: 'newest',
          limit: 1,
          offset: 0,
        }),
      )
      return found.rows[0]?.document
    },
  }
}
