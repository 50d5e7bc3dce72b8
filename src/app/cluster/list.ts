/** Reading clusters: one, a page of a listing, or a few by id. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { Listing, Page, Store } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { presentCluster } from './modify.ts'
import type { PagePositions } from './page-position.ts'
import { listVisible } from './visibility.ts'

export type ClusterListing = Omit<Listing, 'account' | 'product' | 'behindSeq'>

/**
 * Called with the clusters that a client looks at, after they were read; true when that changed them, so that they are read again.
 * Clusters of a substrate that moves by being looked at need it.
 */
export type DescribeListener = (ids: readonly string[]) => boolean | Promise<boolean>

export interface ListParts {
  readonly store: Store
  readonly onDescribe: DescribeListener
}

/** Throws ClusterNotFound. One that is being deleted is still found. */
export async function getCluster(
  { store, onDescribe }: ListParts,
  call: Call,
  id: string,
): Promise<Cluster> {
  const read = () => store.read((tx) => presentCluster(tx, call, id, { deletingToo: true }))
  const found = await read()
  return (await onDescribe([id])) ? (await read()).document : found.document
}

export async function listClusters(
  { store, onDescribe }: ListParts,
  positions: PagePositions,
  { call, listing }: { readonly call: Call; readonly listing: ClusterListing },
): Promise<Page<'cluster'>> {
  const whole: Listing = { ...listing, account: call.principal.account, product: call.product }
  const inOrderOfCreation = listing.order === 'newest' || listing.order === 'oldest'
  const { offset } = listing
  const behindSeq =
    inOrderOfCreation && offset > 0
      ? await positions.behind(walkOf(call, listing), offset)
      : undefined
  const placed = behindSeq === undefined ? whole : { ...whole, behindSeq, offset: 0 }
  const { visible } = call
  const read = () =>
    store.read((tx) => (visible ? listVisible(tx, placed, visible) : tx.list('cluster', placed)))
  let page = await read()
  const looked = onDescribe(page.rows.map((row) => row.document.id))
  if (looked && (await looked)) page = await read()
  const last = page.rows.at(-1)
  const nextOffset = offset + page.rows.length
  // Nothing new comes to a listing of given ids, so that nothing follows its last page.
  const isOver = listing.ids !== undefined && nextOffset >= page.total
  if (inOrderOfCreation && last && !isOver)
    await positions.note(walkOf(call, listing), nextOffset, last.seq)
  return page
}

/**
 * Names a walk through a listing: the same caller, asking for the same, page after page. An action makes its listing in one way, so
 * that equal listings have their members in the same order.
 */
function walkOf(call: Call, listing: ClusterListing): string {
  const wanted = JSON.stringify({ ...listing, offset: 0 })
  return `${call.principal.account}/${call.principal.id} ${call.product} ${wanted}`
}
