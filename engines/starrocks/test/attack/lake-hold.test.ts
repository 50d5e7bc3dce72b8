/** Long statements over tables of external catalogs hold up nobody either, and are read as short ones are. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldBriefly } from '../support/held.ts'
import { lakeClient, skipWithoutLake } from '../support/lake-client.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

test('a long statement over external catalogs', { skip: skipWithoutLake }, async (t) => {
  const { client } = await lakeClient(t)
  const [[count] = []] = await client.rows('SELECT count(*) FROM ice.sales.parts')
  assert.ok(Number(count) > 0)
  const items = numbers(5_000).map((index) => `count(*) + ${index}`)
  const long = `SELECT ${items.join(', ')} FROM ice.sales.parts`
  const [row = []] = await client.rows(long)
  assert.deepEqual(
    row,
    numbers(5_000).map((index) => Number(count) + index),
  )
  await heldBriefly(client, long)
})
