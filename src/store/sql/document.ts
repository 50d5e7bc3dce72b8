/** Documents of one SQL connection: their columns, their body, what they are found by beside, and the counts of them. */
import { columnsOf } from '../document.ts'
import { decodeDocument, type Decoders, type StoredBody } from '../decoder.ts'
import { Conflict } from '../port.ts'
import type {
  Columns,
  DocumentReader,
  DocumentWriter,
  Documents,
  Kind,
  Listing,
  Page,
  Stored,
} from '../port.ts'
import { listingSql, statements } from '../statement.ts'
import {
  answers,
  type Awaitable,
  type DocumentSource,
  type SqlConnection,
  type Value,
} from './connection.ts'
import { rowsWalked } from './long-listing.ts'
import { addRelated, type InsertionBuffer } from './insertion.ts'
import { leadingOf } from './leading.ts'
import type { TallyBuffer } from './tally.ts'
import type { WriteObserver } from './write-observer.ts'

/** What is not written down yet, on a connection that writes. */
export interface WriteBuffers {
  readonly tallies: TallyBuffer
  readonly insertions: InsertionBuffer
}

export function documentReader(
  connection: SqlConnection,
  documents: DocumentSource,
  buffers?: WriteBuffers,
): DocumentReader {
  const { find } = documents
  const one = async <K extends Kind>(kind: K, sql: string, values: readonly Value[]) => {
    await buffers?.insertions.flush(kind)
    return (await find(sql, values))[0] as Stored<K> | undefined
  }
  const findById = async <K extends Kind>(kind: K, id: string) => {
    await buffers?.insertions.flush(kind, id)
    if (!documents.findById)
      return (await find(statements.findById, [kind, id]))[0] as Stored<K> | undefined
    return (await documents.findById(kind, id)) as Stored<K> | undefined
  }
  return {
    async find(kind, account, id) {
      const found = await findById(kind, id)
      return found?.document.account === account ? found : undefined
    },
    findById,
    findByHandle: (kind, parent, handle) =>
      one(kind, statements.findByHandle, [parent, kind, handle]),
    findByNodeGroup: (account, nodeGroup) =>
      one('cluster', statements.findByNodeGroup, [nodeGroup, account]),
    async list<K extends Kind>(kind: K, listing: Listing) {
      await buffers?.insertions.flush(kind)
      const leading = await leadingOf(connection, kind, listing)
      const sql = listingSql(kind, listing, leading)
      const behind = listing.behindSeq === undefined ? [] : [listing.behindSeq]
      const { limit, offset, account } = listing
      if (sql.counted) await buffers?.tallies.flush()
      const values = [...sql.filters, ...behind, ...sql.ordering, limit, offset]
      const { longListings } = documents
      if (longListings?.arePossible()) {
        const most = await rowsWalked(connection, kind, { listing, leading, sql })
        if (most === undefined) return { total: 0, rows: [] }
        const page = { sql: sql.page, values }
        const total = { sql: sql.total, values: sql.totalFilters }
        if (most > longListings.walkedMax)
          return (await longListings.list(account, page, total)) as Page<K>
      }
      const both = () => {
        const page = find(sql.page, values)
        // Where it is answered on the spot, a first page that is not full is all there is.
        const isAll = Array.isArray(page) && page.length < limit && offset + behind.length === 0
        return answers([
          page,
          isAll ? { total: page.length } : connection.first(sql.total, sql.totalFilters),
        ])
      }
      const [rows, total] = await (connection.together?.(both) ?? both())
      return { total: Number(total?.['total'] ?? 0), rows: rows as readonly Stored<K>[] }
    },
    async tally(kind) {
      await buffers?.tallies.flush()
      const rows = await connection.all(statements.tallies, [kind])
      return rows.map((row) => ({
        product: String(row['product']),
        state: String(row['state']),
        count: Number(row['count']),
      }))
    },
  }
}

export interface DocumentWriterParts {
  readonly decoders: Decoders
  readonly buffers: WriteBuffers
  readonly observer: WriteObserver | undefined
}

export function documentWriter(
  connection: SqlConnection,
  { decoders, buffers, observer }: DocumentWriterParts,
): DocumentWriter {
  const { tallies, insertions } = buffers
  const dropRelated = (kind: Kind, it: Columns): readonly Awaitable<number>[] => [
    connection.run(statements.dropTags, [kind, it.id]),
    connection.run(statements.dropAttachments, [kind, it.id]),
    ...it.nodeGroups.map((group) => connection.run(statements.dropNodeGroup, [group, kind, it.id])),
  ]
  return {
    async insert(kind, document, nowMs) {
      const it = columns(kind, document)
      insertions.add({
        kind,
        columns: it,
        createdMs: nowMs,
        document,
        body: JSON.stringify(document),
      })
      tallies.add(kind, it, 1)
    },
    async save(kind, was, document) {
      await insertions.flush(kind, was.document.id)
      const it = columns(kind, document)
      const before = columns(kind, was.document)
      const body = JSON.stringify(document)
      const { seq, revision } = was
      const values = [it.name, it.state, it.resourceGroup, it.verb, body, kind, it.id, revision]
      if ((await connection.run(statements.save, values)) === 0)
        throw new Conflict(`${kind} ${it.id} is not at revision ${revision}`)
      observer?.wrote(kind, it.id, { seq, revision: revision + 1, document })
      const related = isRelatedElse(it, before)
      if (isCountedElse(it, before)) {
        tallies.add(kind, before, -1)
        tallies.add(kind, it, 1)
      }
      if (related)
        await answers([...dropRelated(kind, before), ...addRelated(connection, { kind, seq, it })])
    },
    async remove(kind, was) {
      await insertions.flush(kind, was.document.id)
      const it = columns(kind, was.document)
      if ((await connection.run(statements.remove, [kind, it.id, was.revision])) === 0)
        throw new Conflict(`${kind} ${it.id} is not at revision ${was.revision}`)
      observer?.wrote(kind, it.id, undefined)
      tallies.add(kind, it, -1)
      await answers(dropRelated(kind, it))
    },
    async removeChildren(kind, parent) {
      await insertions.flush(kind)
      const children = await connection.all(statements.bodiesOfChildren, [parent, kind])
      for (const row of children) {
        const it = { ...row, kind } as unknown as StoredBody<typeof kind>
        tallies.add(kind, columns(kind, decodeDocument(decoders, it)), -1)
        observer?.wrote(kind, it.id, undefined)
      }
      await connection.run(statements.dropChildren, [parent, kind])
    },
  }
}

function isCountedElse(it: Columns, before: Columns): boolean {
  const isSamePlace = it.state === before.state && it.resourceGroup === before.resourceGroup
  return !isSamePlace || it.tags !== before.tags
}

/** Tags and policies are the document's own lists, node groups are taken out of it again each time. */
function isRelatedElse(it: Columns, before: Columns): boolean {
  const sameGroups = it.nodeGroups.join() === before.nodeGroups.join()
  return it.tags !== before.tags || it.policies !== before.policies || !sameGroups
}

function columns<K extends Kind>(kind: K, document: Documents[K]): Columns {
  return columnsOf[kind](document)
}
