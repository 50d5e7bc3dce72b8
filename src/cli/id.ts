/** Ids as people type them: whole, or only as much of one as no other begins with. */
import type { ClusterPage } from '../admin/cluster.ts'
import type { AdminClient } from './admin-client.ts'
import { visible } from './connect/cell.ts'
import { CommandProblem } from './problem.ts'

/** What has an id, with what a person knows it by. */
export interface Identified {
  readonly id: string
  readonly label: string
}

/** More would push the sentence off the screen. */
const SHOWN = 10

/**
 * The id that is typed, else the only one that begins so; undefined when there is none. A whole id never stands for another one
 * that continues behind it. Throws CommandProblem, with the candidates, when several begin so.
 */
export function idAmong(
  typed: string,
  known: readonly Identified[],
  nouns: string,
): string | undefined {
  if (typed === '' || known.some(({ id }) => id === typed)) return typed || undefined
  const found = known.filter(({ id }) => id.startsWith(typed))
  if (found.length < 2) return found[0]?.id
  const lines = found.slice(0, SHOWN).map(({ id, label }) => `  ${id}  ${visible(label)}`.trimEnd())
  const more = found.length > SHOWN ? [`  and ${found.length - SHOWN} more`] : []
  throw new CommandProblem(
    [
      `${found.length} ${nouns} begin with ${typed}; type more of one of them:`,
      ...lines,
      ...more,
    ].join('\n'),
  )
}

/** The id of a cluster that is there. Throws CommandProblem. */
export async function clusterIdOf(client: AdminClient, typed: string): Promise<string> {
  const id = idAmong(typed, await clusterIds(client), 'clusters')
  if (id !== undefined) return id
  throw new CommandProblem(`no cluster's id begins with ${typed}; \`emrys clusters\` lists them`)
}

/** Pages are this long at most; the server's bound is the same. */
const PAGE = 1000

export async function clusterIds(client: AdminClient): Promise<readonly Identified[]> {
  const found: Identified[] = []
  let after: number | null = null
  do {
    const behind: string = after === null ? '' : `&after=${after}`
    const page = (await client.get(`clusters?limit=${PAGE}${behind}`)) as ClusterPage
    found.push(...page.clusters.map(({ id, name }) => ({ id, label: name })))
    after = page.next
  } while (after !== null)
  return found
}
