/** Where a cluster answers, as it was seen last; nowhere while nothing of it runs. */
import type { Endpoint } from '../../src/domain/cluster/status.ts'
import type { Server } from '../../src/server/server.ts'

export async function endpointsOf(
  { store }: Pick<Server, 'store'>,
  id: string,
): Promise<readonly Endpoint[]> {
  const found = await store.read((tx) => tx.findById('cluster', id))
  return found?.document.status.endpoints ?? []
}
