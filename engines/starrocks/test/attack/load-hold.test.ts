/** Stream Loads hold nobody up either: long rows, many short ones, and what is read value by value. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldBriefly } from '../support/held.ts'
import { testPorts } from '../support/open-ports.ts'

const CSV = { column_separator: ',', enclose: '"' }
const JSON_ROWS = { format: 'json' }
/** Below the longest row that is taken. */
const LONG = 15_000_000

/** Of another member than the table has columns: DuckDB's memory is too small here for a JSON of so many values. */
const jsonRow = (element: string, bytes: number): string =>
  `{"a":1,"x":[${element.repeat(bytes / Buffer.byteLength(element))}1]}\n`

const loads: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  ['rows of enclosed values', '1,"x",{}\n'.repeat(200_000), CSV],
  ['a row of one enclosed value', `1,"${'x""y'.repeat(LONG / 4)}",{}\n`, CSV],
  [
    'a row of one value with escapes',
    `1,${'x\\,y'.repeat(LONG / 4)},{}\n`,
    { ...CSV, escape: '\\' },
  ],
  ['a row of millions of values', `${'1,'.repeat(LONG / 2)}\n`, CSV],
  ['JSON rows with objects', '{"a":1,"s":"x","j":{"a":1}}\n'.repeat(100_000), JSON_ROWS],
  ['JSON rows with decimals', '{"a":1,"s":"x","j":{"a":1.50}}\n'.repeat(100_000), JSON_ROWS],
  ['a JSON row of a megabyte', `{"a":1,"j":[${'1,'.repeat(500_000)}1]}\n`, JSON_ROWS],
  [
    'a JSON row with an escaped name',
    `{"a":1,"j":{"\\"":[${'1,'.repeat(500_000)}1]}}\n`,
    JSON_ROWS,
  ],
  ['a JSON row of millions of decimals', jsonRow('1.50,', LONG), JSON_ROWS],
  ['a JSON row of millions of objects', jsonRow('{},', LONG), JSON_ROWS],
  ['a JSON row of escaped names', jsonRow('{"\\"":1},', LONG), JSON_ROWS],
  [
    'a JSON row of long texts beyond Latin-1',
    jsonRow(`"${'€'.repeat(300_000)}",`, LONG),
    JSON_ROWS,
  ],
  [
    'JSON rows just short enough to be read at once',
    jsonRow('1.50,', 65_000).repeat(20),
    JSON_ROWS,
  ],
  [
    'JSON rows of thousands of members',
    `{"a":1${Array.from({ length: 6_000 }, (_, at) => `,"m${at}":${at}.5`).join('')}}\n`.repeat(20),
    JSON_ROWS,
  ],
  ['a JSON row with a long text', `{"a":1,"s":"${'x'.repeat(LONG)}"}\n`, JSON_ROWS],
]

test('loads hold nobody up', async (t) => {
  const { client, load } = await testPorts(t)
  await client.run('CREATE TABLE one (a INT, s VARCHAR(1048576), j JSON) DUPLICATE KEY(a)')
  for (const [name, text, headers] of loads) {
    const body = Buffer.from(text)
    const run = async () => {
      const { json } = await load('one', body, { ...headers, max_filter_ratio: '1' })
      assert.equal(json?.['Status'], 'Success', JSON.stringify(json))
    }
    await t.test(name, () => heldBriefly({ run }, ''))
  }
})
