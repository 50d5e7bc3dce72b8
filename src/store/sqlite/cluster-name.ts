/**
 * Parts of clusters' names, by SQLite's index of groups of three letters (FTS5, `trigram`), which has clusters under their places and no text of
 * its own. Writing it costs as much for one name as for hundreds, so that names come into it by and by, in the transaction of some later cluster:
 * a counter says up to which place, and those behind it are looked through. A cluster that was removed stays in it; the index says where to
 * look, and the listing's filters decide.
 */
import type { Leading } from '../leading.ts'
import { likeText } from '../statement.ts'
import type { Connection } from './connection.ts'

/** The counter of migration 0014: the last place that is in the index, or has no name to be there. */
const NAMED_COUNTER = 'names-to'

const NAMED_TO = `(select value from counter where name = '${NAMED_COUNTER}')`

// Of `kind` an expression, so that places are walked from there on and not the clusters from the first.

/** Letters of a group. */
const GROUP = 3
/** More of them take longer, and seldom find less. */
const GROUPS_MAX = 6

/** Few more than the clusters that have the part; undefined where they may be more than `most`, or the part is too short for the index. */
export function clustersNamed(
  connection: Pick<Connection, 'all'>,
  part: string,
  most: number,
): Leading | undefined {
  const letters = [...part]
  // The text of a search ends with a zero.
  if (letters.length < GROUP || part.includes('\0')) return undefined
  const groups = new Set(
    letters.slice(GROUP - 1).map((_, at) => letters.slice(at, at + GROUP).join('')),
  )
  const find = (some: readonly string[]) => {
    const search = some.map((each) => `"${each.replaceAll('"', '""')}"`).join(' AND ')
    return connection.all(SEARCH, [search, likeText(part), most + 1])
  }
  let places = find(spreadOver([...groups]))
  if (places.length > most && groups.size > GROUPS_MAX) places = find([...groups])
  if (places.length > most) return undefined
  const sql = 'select value as leading_seq from json_each(?)'
  return { sql, values: [JSON.stringify(places.map(({ seq }) => seq))], isRare: true }
}

const SEARCH = `select rowid as seq from cluster_name where cluster_name match ?
  union all select seq from document where seq > ${NAMED_TO} and kind || '' = 'cluster' and name like ? escape '!'
  limit ?`

/** The first, the last, and some between them. */
function spreadOver(groups: readonly string[]): readonly string[] {
  if (groups.length <= GROUPS_MAX) return groups
  const step = (groups.length - 1) / (GROUPS_MAX - 1)
  return Array.from({ length: GROUPS_MAX }, (_, at) => groups[Math.round(at * step)] ?? '')
}

export interface ClusterNames {
  /** A cluster was written at this place. */
  wrote(seq: number): void
  /** Before the commit. */
  end(): void
}

/** So many places may wait: some hundred creations, each with what belongs to it. */
const BEHIND_MAX = 1_024
/** Of so many names a transaction at most. */
const NAMES_MAX = 5_000

export function clusterNames(connection: Connection): ClusterNames {
  let highest = 0
  // Too low is safe: the database is asked then.
  let namedTo = 0
  return {
    wrote: (seq) => void (highest = Math.max(highest, seq)),
    end() {
      if (highest - namedTo < BEHIND_MAX) return
      namedTo = Number(connection.first(`select ${NAMED_TO} as named`, [])?.['named'])
      if (highest - namedTo < BEHIND_MAX) return
      // What was undone has left its places to others, so that the last one there is counts.
      const to = Number(connection.all(NAMED, [namedTo, NAMES_MAX]).at(-1)?.['seq'] ?? namedTo)
      highest = to
      connection.run(INDEX, [namedTo, to])
      connection.run('update counter set value = ? where name = ?', [to, NAMED_COUNTER])
      namedTo = to
    },
  }
}

const NAMED = `select seq from document where seq > ? and kind || '' = 'cluster' order by seq limit ?`
const INDEX = `insert into cluster_name (rowid, name)
  select seq, name from document where seq > ? and seq <= ? and kind || '' = 'cluster' and name <> ''`
