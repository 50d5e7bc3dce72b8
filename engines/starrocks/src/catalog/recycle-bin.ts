/** What was dropped and can be recovered, by its name. There is one of each name: the next one that is dropped takes its place. */
import type { Catalog } from './catalog.ts'
import type { DroppedEntry } from './record-kind.ts'

export type Dropped<What extends DroppedEntry['what']> = Extract<DroppedEntry, { what: What }>

const dropped = <What extends DroppedEntry['what']>(catalog: Catalog, what: What) =>
  catalog.records('dropped').filter((entry): entry is Dropped<What> => entry.what === what)

export const droppedDatabase = (catalog: Catalog, name: string): Dropped<'database'> | undefined =>
  dropped(catalog, 'database').find(({ object }) => object.name === name)

export const droppedRelations = (
  catalog: Catalog,
  databaseId: number,
): readonly Dropped<'relation'>[] =>
  dropped(catalog, 'relation').filter(({ object }) => object.databaseId === databaseId)

export const droppedPartitions = (
  catalog: Catalog,
  tableId: number,
): readonly Dropped<'partition'>[] =>
  dropped(catalog, 'partition').filter(({ partitionOf }) => partitionOf === tableId)

/** Names of partitions are found in any case. */
export const droppedPartition = (
  catalog: Catalog,
  tableId: number,
  name: string,
): Dropped<'partition'> | undefined =>
  droppedPartitions(catalog, tableId).find(
    ({ object }) => object.name.toLowerCase() === name.toLowerCase(),
  )
