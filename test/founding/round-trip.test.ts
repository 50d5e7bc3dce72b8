/**
 * Nothing that a client sent reads back as another value: every member of both founding requests, with its legal values, through
 * every action that shows it. docs/generated/round-trip.md is what this run has shown (`npm run docs` writes it, by running this).
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { code, page, tableOf } from '../../scripts/docs/markdown.ts'
import { createInstanceV1 } from '../../src/dialect/alibaba/starrocks/instance/create-instance-v1.ts'
import { createInstance } from '../../src/dialect/tencent/emr/cluster/create-instance.ts'
import type { TSchema } from '../../src/shape/shape.ts'
import { alibabaClient, createBody } from '../support/http/alibaba-client.ts'
import { ask, sampleCreateRequest } from '../support/http/tencent-client.ts'
import { startCloud, type Cloud } from '../support/fixture/cloud.ts'
import { plainInstance } from './alibaba-breach.ts'
import { alibabaDocument } from './alibaba-document.ts'
import { alibabaRoundTrips, type AlibabaSeen } from './alibaba-round-trip.ts'
import { rowsOf, type FoundingDocument } from './row.ts'
import {
  namesOf,
  uncovered,
  type RoundTrip,
  type RoundTrips,
  type Try,
  type Unread,
} from './round-trip.ts'
import type { Request } from './refusal.ts'
import { tencentDocument } from './tencent-document.ts'
import { tencentRoundTrips } from './tencent-round-trip.ts'
import type { TencentSeen } from './tencent-seen.ts'

const PAGE = join(resolve(import.meta.dirname, '../..'), 'docs/generated/round-trip.md')
const VALUES_SHOWN = 6
const shown = new Set<unknown>()

const spellTencent = (name: string) =>
  name.replace(
    /^(MultiZoneSettings\.N\.)?ResourceSpec\.\w+ResourceSpec(?=\.|$)/,
    '$1ResourceSpec.*ResourceSpec',
  )

/** How many clusters are read back together. */
const TOGETHER = 16

covers('CreateInstance', createInstance.input, tencentRoundTrips, spellTencent)
covers('CreateInstanceV1', createInstanceV1.input, alibabaRoundTrips, (name) => name)

test('what CreateInstance was sent reads back as it was', async (t) => {
  const cloud = await startCloud(t)
  for (const trip of tencentRoundTrips.trips)
    await t.test(trip.name, async () => {
      await holds(trip, cloud, createTencent, seenAtTencent)
      shown.add(trip)
    })
})

test('what CreateInstanceV1 was sent reads back as it was', async (t) => {
  const cloud = await startCloud(t)
  for (const trip of alibabaRoundTrips.trips)
    await t.test(trip.name, async () => {
      await holds(trip, cloud, createAlibaba, seenAtAlibaba)
      shown.add(trip)
    })
})

test('the page says what this run has shown', () => {
  const text = page(
    'What is sent and read back',
    'For every member of both founding requests: the values that were sent in the run that wrote this page, and the members of answers that showed the same. A member that no action shows says why, and where its effect is seen. `test/founding/round-trip.test.ts` fails on a value that reads back as another, and on a member without a line here.',
    ...sectionOf('Tencent Cloud: CreateInstance', tencentRoundTrips, tencentDocument),
    ...sectionOf('Alibaba Cloud: CreateInstanceV1', alibabaRoundTrips, alibabaDocument),
  )
  if (process.env['EMRYS_DOCS'] === 'write') return writeFileSync(PAGE, text)
  assert.ok(readFileSync(PAGE, 'utf8') === text, 'it is old; run `npm run docs`')
})

function covers<Seen>(
  action: string,
  shape: TSchema,
  trips: RoundTrips<Seen>,
  spell: (name: string) => string,
): void {
  test(`every member of ${action} reads back or says why not`, () => {
    const names = namesOf(shape, spell)
    assert.deepEqual(uncovered(names, trips), [])
    const known = new Set(names)
    const strange = [...trips.trips, ...trips.unread].filter(({ name }) => !known.has(name))
    assert.deepEqual(
      strange.map(({ name }) => name),
      [],
      'a line for a member that is not there',
    )
  })
}

async function holds<Seen>(
  { name, tries, read }: RoundTrip<Seen>,
  cloud: Cloud,
  create: (cloud: Cloud, request: Request) => Promise<string>,
  see: (cloud: Cloud, id: string, request: Request) => Promise<Seen>,
): Promise<void> {
  assert.ok(tries.length > 0, 'nothing is tried')
  const made: { readonly one: Try; readonly id: string }[] = []
  for (const one of tries) made.push({ one, id: await create(cloud, one.request) })
  await cloud.settle()
  for (let at = 0; at < made.length; at += TOGETHER) {
    const batch = made.slice(at, at + TOGETHER)
    await Promise.all(
      batch.map(async ({ one, id }) => {
        const seen = await see(cloud, id, one.request)
        for (const [where, reader] of Object.entries(read)) {
          const back = reader(seen, one.value as never)
          const wanted = one.shown ?? one.value
          assert.deepEqual(back, wanted, `${name} ${JSON.stringify(one.value)} at ${where}`)
        }
      }),
    )
  }
}

async function createTencent(cloud: Cloud, request: Request): Promise<string> {
  const answer = await ask(cloud, 'CreateInstance', sampleCreateRequest(request))
  assert.equal(answer.code, '', `${answer.message} ${JSON.stringify(request)}`)
  return String(answer.response['InstanceId'])
}

async function seenAtTencent(cloud: Cloud, id: string): Promise<TencentSeen> {
  const list = { DisplayStrategy: 'clusterList' }
  const instances = await ask(cloud, 'DescribeInstances', {
    ...list,
    InstanceIds: [id],
    ProjectId: -1,
  })
  const Filters = [{ Name: 'ClusterId', Values: [id] }]
  const listed = await ask(cloud, 'DescribeInstancesList', { ...list, Filters })
  const nodes = await ask(cloud, 'DescribeClusterNodes', { InstanceId: id, NodeFlag: 'all' })
  return {
    cluster: (instances.response['ClusterList'] as readonly unknown[])[0],
    listed: (listed.response['InstancesList'] as readonly unknown[])[0],
    nodes: nodes.response['NodeList'] as TencentSeen['nodes'],
  }
}

async function createAlibaba(cloud: Cloud, request: Request): Promise<string> {
  const call = alibabaClient(cloud.port)
  const answer = await call('CreateInstanceV1', {
    body: createBody({ ...plainInstance, ...request }),
  })
  return answer.body.Data.InstanceId
}

async function seenAtAlibaba(cloud: Cloud, id: string, request: Request): Promise<AlibabaSeen> {
  const call = alibabaClient(cloud.port)
  const RegionId = (request['RegionId'] as string | undefined) ?? 'cn-hangzhou'
  const instances = await call('DescribeInstances', { query: { InstanceId: id, RegionId } })
  const groups = await call('DescribeNodeGroups', {
    query: { ClusterId: id, RegionId, PageSize: '100' },
  })
  return { instance: instances.body.Data[0], groups: groups.body.Data }
}

/** What was not shown is left out, so that the page of a failing run differs. */
function sectionOf<Seen, Stage>(
  title: string,
  { trips, unread }: RoundTrips<Seen>,
  document: FoundingDocument<Stage>,
): readonly string[] {
  const rows = trips
    .filter((trip) => shown.has(trip))
    .map(({ name, tries, read }) => [code(name), valuesOf(tries), Object.keys(read).join('; ')])
  const seen = new Map(
    document.sections.flatMap((section) => rowsOf(section)).map((row) => [row.name, row]),
  )
  const others = unread.map(({ name, why }: Unread) => {
    const row = seen.get(name) ?? seen.get(name.replace(/\.N\./, '.'))
    return [
      code(name),
      why,
      row ? `${row.seen} (${code(row.file)})` : 'UnsupportedOperation, or as written',
    ]
  })
  return [
    `## ${title}`,
    tableOf(['Member', 'Values', 'Read back through'], rows),
    '### Not read back',
    tableOf(['Member', 'Why', 'Where its effect is seen'], others),
  ]
}

function valuesOf(tries: readonly Try[]): string {
  const values = [...new Set(tries.map(wordOf))]
  const rest = values.length - VALUES_SHOWN
  const first = values.slice(0, rest > 0 ? VALUES_SHOWN : undefined).map(code)
  return `${first.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** Where values carry more than themselves, what they show. */
function wordOf({ value, shown: back }: Try): string {
  const plain = typeof value === 'object' && value !== null && back !== undefined ? back : value
  const text = typeof plain === 'string' ? plain : JSON.stringify(plain)
  if (text === '') return "''"
  return text.length > 40 ? `${text.slice(0, 20)}… (${text.length})` : text
}
