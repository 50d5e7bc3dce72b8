/** Documents of one SQLite connection: their columns, their body, what they are found by beside, and the counts of them. */
import { columnsOf } from '../document.ts'
import { decodeDocument, type Decoders, type StoredBody } from '../decoder.ts'
import { Conflict } from '../port.ts'
import type { Columns, DocumentReader, DocumentWriter, Documents, Kind, Stored } from '../port.ts'
import { listingSql, statements } from '../statement.ts'
import type { Connection, Row } from './connection.ts'
import type { DocumentCache } from './document-cache.ts'

export interface LoadContext {
  readonly decoders: Decoders
  /** Only for a connection that sees nothing but committed states. */
  readonly cache?: DocumentCache
}

export function documentReader(connection: Connection, loading: LoadContext): DocumentReader {
  const stored = <K extends Kind>(row: Row | undefined): Stored<K> | undefined =>
    row && load(connection, loading, { seq: Number(row['seq']), revision: Number(row['revision']) })
  return {
    find: async (kind, account, id) =>
      stored(connection.first(statements.find, [kind, id, account])),
    findById: async (kind, id) => stored(connection.first(statements.findById, [kind, id])),
    findByHandle: async (kind, parent, handle) =>
      stored(connection.first(statements.findByHandle, [parent, kind, handle])),
    findByNodeGroup: async (account, nodeGroup) =>
      stored(connection.first(statements.findByNodeGroup, [nodeGroup, account])),
    async list(kind, listing) {
      const sql = listingSql(kind, listing)
      const behind = listing.behindSeq === undefined ? [] : [listing.behindSeq]
      const rows = connection.all(sql.page, [
        ...sql.filters,
        ...behind,
        ...sql.ordering,
        listing.limit,
        listing.offset,
      ])
      const total = Number(connection.first(sql.total, sql.filters)?.['total'] ?? 0)
      return { total, rows: rows.map((row) => stored(row)!) }
    },
    tally: async (kind) =>
      connection.all(statements.tallies, [kind]).map((row) => ({
        product: String(row['product']),
        state: String(row['state']),
        count: Number(row['count']),
      })),
  }
}

export function documentWriter(connection: Connection, decoders: Decoders): DocumentWriter {
  const tally = (kind: Kind, it: Columns, by: 1 | -1) =>
    connection.run(statements.tally, [kind, ...talliedOf(it), by])
  const addRelated = (kind: Kind, it: Columns) => {
    for (const { key, value } of it.tags)
      connection.run(statements.addTag, [kind, it.id, key, value])
    for (const policy of it.policies)
      connection.run(statements.addAttachment, [kind, it.id, policy])
    for (const group of it.nodeGroups) connection.run(statements.addNodeGroup, [group, kind, it.id])
  }
  const dropRelated = (kind: Kind, it: Columns) => {
    connection.run(statements.dropTags, [kind, it.id])
    connection.run(statements.dropAttachments, [kind, it.id])
    for (const group of it.nodeGroups)
      connection.run(statements.dropNodeGroup, [group, kind, it.id])
  }
  return {
    async insert(kind, document, nowMs) {
      const it = columns(kind, document)
      const { account, region, product, id, name, state, parent, handle } = it
      const place = [kind, account, region, product, id, name, state, parent, handle]
      const { resourceGroup, verb, subject, trace, dialect, roleKind, resourceKind, origin } = it
      const filed = [resourceGroup, verb, subject, trace, dialect, roleKind, resourceKind, origin]
      const values = [...place, ...filed, nowMs, JSON.stringify(document)]
      if (connection.run(statements.insert, values) === 0)
        throw new Conflict(`${kind} ${it.id} exists`)
      tally(kind, it, 1)
      addRelated(kind, it)
    },
    async save(kind, was, document) {
      const it = columns(kind, document)
      const before = columns(kind, was.document)
      const place = [it.name, it.state, it.resourceGroup, it.verb, JSON.stringify(document)]
      const key = [kind, it.id, was.revision]
      const changes = connection.run(statements.save, [...place, ...key])
      if (changes === 0) throw new Conflict(`${kind} ${it.id} is not at revision ${was.revision}`)
      if (it.state !== before.state || it.resourceGroup !== before.resourceGroup) {
        tally(kind, before, -1)
        tally(kind, it, 1)
      }
      if (isRelatedElse(it, before)) {
        dropRelated(kind, before)
        addRelated(kind, it)
      }
    },
    async remove(kind, was) {
      const it = columns(kind, was.document)
      if (connection.run(statements.remove, [kind, it.id, was.revision]) === 0) {
        throw new Conflict(`${kind} ${it.id} is not at revision ${was.revision}`)
      }
      tally(kind, it, -1)
      dropRelated(kind, it)
    },
    async removeChildren(kind, parent) {
      for (const row of connection.all(statements.bodiesOfChildren, [parent, kind])) {
        const it = { ...row, kind } as unknown as StoredBody<typeof kind>
        tally(kind, columns(kind, decodeDocument(decoders, it)), -1)
      }
      connection.run(statements.dropChildren, [parent, kind])
    },
  }
}

/** Tags and policies are the document's own lists, node groups are taken out of it anew each time. */
function isRelatedElse(it: Columns, before: Columns): boolean {
  const sameGroups = it.nodeGroups.join() === before.nodeGroups.join()
  return it.tags !== before.tags || it.policies !== before.policies || !sameGroups
}

/** The columns by which documents are counted, in the order of the tally's key. */
function talliedOf(it: Columns): readonly string[] {
  const { account, product, region, resourceGroup, resourceKind, origin, state } = it
  return [account, product, region, resourceGroup, resourceKind, origin, state]
}

function columns<K extends Kind>(kind: K, document: Documents[K]): Columns {
  return columnsOf[kind](document)
}

function load<K extends Kind>(
  connection: Connection,
  { decoders, cache }: LoadContext,
  { seq, revision }: { readonly seq: number; readonly revision: number },
): Stored<K> {
  const known = cache?.find(seq, revision)
  if (known) return known as Stored<K>
  const row = connection.first(statements.body, [seq]) as unknown as StoredBody<K>
  const stored: Stored<K> = { document: decodeDocument(decoders, row), seq, revision }
  cache?.keep(stored)
  return stored
}
