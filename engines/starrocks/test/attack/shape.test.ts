/** Shapes are read and compared on the thread that all sessions share: those at their bounds hold nobody up, and larger ones are refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldBriefly } from '../support/held.ts'
import { testClient } from '../support/open-engine.ts'

const list = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index)).join(',')

const around = (vertices: number): string => {
  const at = (index: number): string => {
    const angle = (2 * Math.PI * (index % vertices)) / vertices
    return `${(10 + 5 * Math.cos(angle)).toFixed(7)} ${(10 + 5 * Math.sin(angle)).toFixed(7)}`
  }
  return `POLYGON((${list(vertices + 1, at)}))`
}

/** No two of its edges cross, and each lies beside all others. */
const zigzag = (vertices: number): string => {
  const height = (index: number): string => (index * 0.00001).toFixed(6)
  const edges = list(vertices, (index) => `${index % 2 === 0 ? 5 : 0} ${height(index)}`)
  return `POLYGON((${edges},10 ${height(vertices)},10 0,5 0))`
}

const square = (at: number, side: number): string =>
  `(${at} ${at},${at + side} ${at},${at + side} ${at + side},${at} ${at + side},${at} ${at})`

const nested = (loops: number): string =>
  `POLYGON(${list(loops, (index) => square(0.1 * index, 60 - 0.2 * index))})`

const line = (vertices: number): string =>
  `LINESTRING(${list(vertices, (index) => `${(8 + index / 10_000).toFixed(4)} ${10 + (index % 2) / 100}`)})`

const held: readonly (readonly [string, string])[] = [
  ['a polygon of ten thousand vertices', `ST_AsText(ST_Polygon('${around(9_999)}'))`],
  ['one that contains a point', `ST_Contains(ST_Polygon('${around(9_998)}'), ST_Point(10, 10))`],
  ['one in another', `ST_Contains(ST_Polygon('${around(9_997)}'), ST_Polygon('${around(9_996)}'))`],
  [
    'a line in a polygon',
    `ST_Contains(ST_Polygon('${around(2_000)}'), ST_LineFromText('${line(500)}'))`,
  ],
  ['a line of ten thousand vertices', `ST_AsText(ST_LineFromText('${line(10_000)}'))`],
  ['edges beside each other', `ST_AsText(ST_Polygon('${zigzag(1_200)}'))`],
  ['loops in loops', `ST_AsText(ST_Polygon('${nested(256)}'))`],
]

test('shapes at their bounds hold nobody up', async (t) => {
  const { client } = await testClient(t)
  for (const [name, call] of held) await t.test(name, () => heldBriefly(client, `SELECT ${call}`))
})

const refused: readonly (readonly [string, RegExp])[] = [
  [`ST_Polygon('${around(10_000)}')`, /A shape of more than 10000 vertices cannot be read/],
  [`ST_LineFromText('${line(10_001)}')`, /A shape of more than 10000 vertices cannot be read/],
  [`ST_Polygon('${nested(257)}')`, /A polygon of more than 256 loops cannot be read/],
  [`ST_Polygon('${zigzag(9_000)}')`, /more than 1048576 pairs of edges/],
  [
    `ST_Contains(ST_Polygon('${around(9_000)}'), ST_LineFromText('${line(9_000)}'))`,
    /more than 1048576 pairs of edges/,
  ],
]

test('larger shapes are refused', async (t) => {
  const { client } = await testClient(t)
  for (const [call, message] of refused)
    assert.match((await client.refusal(`SELECT ${call}`)).message, message)
  const inside = `ST_Contains(ST_Polygon('${around(2_000)}'), ST_LineFromText('${line(500)}'))`
  const within = `ST_Contains(ST_Polygon('${nested(2)}'), ST_Point(0.05, 0.05))`
  assert.deepEqual(await client.rows(`SELECT ${inside}, ${within}`), [[1, 1]])
})
