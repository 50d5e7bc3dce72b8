/** `emrys clusters`: what the server holds, over both clouds; once, or as it changes. */
import { setTimeout as wait } from 'node:timers/promises'
import { Command, Option } from 'commander'
import { clusterLifecycle, type ClusterState } from '../domain/cluster/lifecycle.ts'
import type { ClusterPage, ClusterRow } from '../admin/cluster.ts'
import { adminClient, withServer, type AdminClient, type ServerOptions } from './admin-client.ts'
import { sqlEndpoint } from './connect/sql-endpoint.ts'
import { spanText } from './duration.ts'
import { clusterIdOf } from './id.ts'
import { numberOf } from './number.ts'
import { table, type Column } from './table.ts'
import type { Style, Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  emrys clusters                               every cluster, newest first
  emrys clusters c-76a                         the one whose id begins so
  emrys clusters --watch                       the same, as it changes; Ctrl-C ends it
  emrys clusters --watch | tee log             not on a terminal: one line for each change
  emrys clusters --state creating --state changing
  emrys clusters --product emr --json | jq -r .id
                                               one JSON object a line`

interface ClustersOptions extends ServerOptions {
  readonly watch?: true
  readonly json?: true
  readonly product?: string
  readonly state?: readonly string[]
  readonly limit: string
  readonly interval: string
}

export function clustersCommand(out: Terminal): Command {
  return withServer(new Command('clusters'))
    .summary('what a running server holds')
    .description('Lists the clusters of a running server, over all accounts and both clouds.')
    .argument('[id]', 'only this one; as much of its id as is unique will do')
    .option('--watch', 'keep showing changes as they happen')
    .option('--json', 'one JSON object a line')
    .option('--product <product>', 'only those of one product: starrocks or emr')
    .addOption(
      new Option('--state <state...>', 'only those in one of these states').choices([
        ...clusterLifecycle.states,
      ]),
    )
    .option('--limit <n>', 'show at most this many', '1000')
    .option('--interval <seconds>', 'with --watch: how often to look', '0.5')
    .addHelpText('after', EXAMPLES)
    .action(async (typed: string | undefined, options: ClustersOptions) => {
      const client = adminClient(options)
      const id = typed === undefined ? undefined : await clusterIdOf(client, typed)
      const limit = numberOf('--limit', options.limit, { min: 1, max: 100_000, whole: true })
      const list = () => listed(client, options, { limit, id })
      if (options.watch) {
        const everyMs = 1000 * numberOf('--interval', options.interval, { min: 0.1, max: 3600 })
        return watch(list, everyMs, { out, json: options.json === true })
      }
      const found = await list()
      if (options.json) for (const row of found.clusters) out.line(JSON.stringify(row))
      else for (const line of drawn(found, out)) out.line(line)
    })
}

interface Found {
  readonly total: number
  readonly clusters: readonly ClusterRow[]
  /** The server's time, by which the age of a state is calculated. */
  readonly nowMs: number
  /** What is said when there are none. */
  readonly none?: string
}

/** Pages are this long at most; the server's bound is the same. */
const PAGE = 1000

interface Wanted {
  readonly limit: number
  /** Only this one, wherever it stands in the list. */
  readonly id: string | undefined
}

async function listed(
  client: AdminClient,
  options: ClustersOptions,
  { limit, id }: Wanted,
): Promise<Found> {
  const clusters: ClusterRow[] = []
  const { nowMs } = (await client.get('clock')) as { nowMs: number }
  let after: number | null = null
  let total = 0
  do {
    const rows = id === undefined ? Math.min(PAGE, limit - clusters.length) : PAGE
    const query = new URLSearchParams({ limit: String(rows) })
    if (options.product !== undefined) query.set('product', options.product)
    for (const state of options.state ?? []) query.append('state', state)
    if (after !== null) query.set('after', String(after))
    const page = (await client.get(`clusters?${query.toString()}`)) as ClusterPage
    const found = page.clusters.filter((row) => id === undefined || row.id === id)
    clusters.push(...found)
    total = id === undefined ? page.total : found.length
    after = id === undefined || found.length === 0 ? page.next : null
  } while (after !== null && clusters.length < limit)
  const filtered = options.product !== undefined || options.state !== undefined
  const none = filtered ? { none: 'no clusters of that product or in those states' } : {}
  return { total, clusters, nowMs, ...none }
}

interface WatchContext {
  readonly out: Terminal
  readonly json: boolean
}

/** In place on a terminal; else a line for each cluster that appeared, changed or went. */
async function watch(
  list: () => Promise<Found>,
  everyMs: number,
  { out, json }: WatchContext,
): Promise<never> {
  let before: ReadonlyMap<string, ClusterRow> | undefined
  for (;;) {
    const found = await list()
    const now = new Map(found.clusters.map((row) => [row.id, row]))
    if (out.live && !json) out.redraw(drawn(found, out))
    else for (const change of changes(before, now)) out.line(changeLine(change, json))
    before = now
    await wait(everyMs)
  }
}

interface Change {
  readonly was: ClusterRow | undefined
  readonly is: ClusterRow | undefined
}

export function changes(
  before: ReadonlyMap<string, ClusterRow> | undefined,
  now: ReadonlyMap<string, ClusterRow>,
): readonly Change[] {
  const seen = [...now.values()].toReversed().map((is) => ({ was: before?.get(is.id), is }))
  const gone = [...(before ?? new Map<string, ClusterRow>()).values()]
    .filter((was) => !now.has(was.id))
    .map((was) => ({ was, is: undefined }))
  return [...seen, ...gone].filter(({ was, is }) => news(was) !== news(is))
}

/** What is worth a line when it is different. */
function news(row: ClusterRow | undefined): string {
  return row === undefined ? '' : [row.state, row.name, row.nodesReady, row.reason].join('\n')
}

function changeLine({ was, is }: Change, json: boolean): string {
  if (json) return JSON.stringify(is ?? { ...was, state: 'deleted' })
  const row = is ?? was
  const state = is ? is.state : 'gone'
  const from = was && was.state !== state ? `${was.state} -> ` : ''
  const nodes = is ? `  ${is.nodesReady}/${is.nodes} nodes` : ''
  const reason = is?.reason ? `  ${is.reason}` : ''
  return `${row?.id}  ${row?.name}  ${from}${state}${nodes}${reason}`
}

const STYLES: Readonly<Partial<Record<ClusterState, Style>>> = {
  running: 'green',
  creating: 'yellow',
  changing: 'yellow',
  resuming: 'yellow',
  failed: 'red',
  deleting: 'dim',
  deleted: 'dim',
}

export function drawn(
  { clusters, total, nowMs, none = 'no clusters' }: Found,
  out: Terminal,
): readonly string[] {
  if (clusters.length === 0) return [none]
  const columns: readonly Column<ClusterRow>[] = [
    { title: 'ID', text: (row) => row.id, whole: true },
    { title: 'NAME', text: (row) => row.name, worth: 4 },
    { title: 'PRODUCT', text: productText, worth: 5, least: 0 },
    { title: 'REGION', text: (row) => row.region, worth: 3, least: 0 },
    {
      title: 'STATE',
      text: (row) => row.state,
      whole: true,
      paint: (text, row) => out.paint(STYLES[row.state] ?? 'bold', text),
    },
    {
      title: 'SINCE',
      text: (row) => spanText(nowMs - Date.parse(row.since)),
      worth: 1,
      least: 0,
    },
    { title: 'NODES', text: (row) => `${row.nodesReady}/${row.nodes}`, whole: true },
    { title: 'SUBSTRATE', text: (row) => row.substrate, worth: 2, least: 0 },
    // Where nothing answers, or nothing is wrong, the column would only take its place.
    ...(clusters.some((row) => connectText(row) !== '')
      ? [{ title: 'CONNECT', text: connectText, whole: true as const }]
      : []),
    ...(clusters.some((row) => row.reason !== '')
      ? [{ title: 'REASON', text: (row: ClusterRow) => row.reason, worth: 6, least: 24 }]
      : []),
  ]
  const title = (text: string) => out.paint('dim', text)
  const lines = table(clusters, columns, { width: out.columns, title })
  const more = total - clusters.length
  return more > 0 ? [...lines, `and ${more} more; --limit shows them`] : lines
}

function productText({ product, family }: ClusterRow): string {
  return product === family ? product : `${product}/${family}`
}

function connectText({ endpoints }: ClusterRow): string {
  const first = sqlEndpoint(endpoints) ?? endpoints[0]
  return first ? `${first.name} ${first.host}:${first.port}` : ''
}
