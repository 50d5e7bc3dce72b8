/** Asks a slapd, and writes what its directory shall keep. Every answer is waited for some seconds, and no longer. */
import { Attribute, Change, Client, NoSuchObjectError } from 'ldapts'
import type { DaemonPlan, DirectoryContent } from '../../../src/substrate/local/service.ts'
import {
  ADMINISTRATOR,
  BASE,
  differences,
  entriesOf,
  GROUPS,
  PEOPLE,
  type Difference,
  type Entry,
} from './tree.ts'

const ANSWER_MS = 2_000

/** Whether it answers with the base of its directory, which it has read from its database. */
export async function isThere(plan: DaemonPlan): Promise<boolean> {
  return connected(plan, async (client) => {
    try {
      const found = await client.search(BASE, { scope: 'base', attributes: ['dc'] })
      return found.searchEntries.length === 1
    } catch (problem) {
      if (problem instanceof NoSuchObjectError) return false
      throw problem
    }
  })
}

/** Reads first: what is so already is not written. */
export async function ensure(
  plan: DaemonPlan,
  content: DirectoryContent,
  password: string,
): Promise<void> {
  await connected(plan, async (client) => {
    await client.bind(ADMINISTRATOR, password)
    const there = new Map([
      ...(await entriesBelow(client, GROUPS)),
      ...(await entriesBelow(client, PEOPLE)),
    ])
    for (const each of differences(there, entriesOf(content))) await write(client, each)
  })
}

async function connected<T>(
  { host, ports: [port = 0] }: DaemonPlan,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    url: `ldap://${host}:${port}`,
    timeout: ANSWER_MS,
    connectTimeout: ANSWER_MS,
  })
  try {
    return await work(client)
  } finally {
    await client.unbind().catch(() => {})
  }
}

async function entriesBelow(client: Client, base: string): Promise<readonly [string, Entry][]> {
  const { searchEntries } = await client.search(base, { scope: 'children' })
  return searchEntries.map(({ dn, ...attributes }) => [
    dn,
    Object.fromEntries(
      Object.entries(attributes).map(([name, values]) => [name, [values].flat().map(String)]),
    ),
  ])
}

async function write(client: Client, difference: Difference): Promise<void> {
  const { kind, name } = difference
  if (kind === 'remove') return client.del(name)
  if (kind === 'add') return client.add(name, attributesOf(difference.entry))
  const changes = attributesOf(difference.attributes)
  await client.modify(
    name,
    changes.map((modification) => new Change({ operation: 'replace', modification })),
  )
}

function attributesOf(entry: Entry): Attribute[] {
  return Object.entries(entry).map(([type, values]) => new Attribute({ type, values: [...values] }))
}
