/** Answers of the HTTP SQL API hold nobody up either, however many columns or members they have. */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:http'
import { test } from 'node:test'
import { heldBriefly } from '../support/held.ts'
import { testPorts } from '../support/open-ports.ts'

/** What is read is thrown away: the client is in the same process. */
async function read(front: string, query: string, more: object = {}): Promise<void> {
  const sent = request(`${front}/api/v1/catalogs/default_catalog/sql`, {
    method: 'POST',
    auth: 'admin:',
    agent: false,
  })
  sent.end(JSON.stringify({ query, ...more }))
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode}`)
  response.resume()
  await once(response, 'end')
}

const columns = Array.from({ length: 300 }, (_, index) => `x + ${index}`).join(', ')

const answers: readonly (readonly [string, string])[] = [
  [
    'hundreds of thousands of values',
    `SELECT ${columns} FROM TABLE(generate_series(1, 2000)) t(x)`,
  ],
  ['an array of a million elements', 'SELECT array_generate(1, 1000000)'],
  [
    'an array of long texts',
    `SELECT array_map(x -> repeat('abc"', 1000), array_generate(1, 1000))`,
  ],
  ['a JSON of a megabyte', `SELECT parse_json(concat('[', repeat('1,', 500000), '2]'))`],
  ['texts of a megabyte', `SELECT repeat('a"', 500000) FROM TABLE(generate_series(1, 20)) t(x)`],
]

test('answers over HTTP hold nobody up', async (t) => {
  const { front } = await testPorts(t)
  const client = { run: (query: string) => read(front, query) }
  for (const [name, query] of answers) await t.test(name, () => heldBriefly(client, query))
})

test('a body of megabytes holds nobody up', async (t) => {
  const { front } = await testPorts(t)
  const members = Array.from({ length: 1_300_000 }, () => [])
  await heldBriefly({ run: (query) => read(front, query, { members }) }, 'SELECT 1')
})
