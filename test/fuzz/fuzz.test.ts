/**
 * Changed requests of both clouds against one server: 2 500 here, 200 000 in the long version (EMRYS_LONG=1), in pieces with a
 * server each. A piece is made of its seed, which is printed; EMRYS_FUZZ_SEED repeats it. Whatever comes, the server answers in
 * its cloud's form and never with an error of its own, stays healthy, and its memory bounded; and a create is accepted or refused
 * as a checker says that knows the documents and not the validators.
 */
import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { test, type TestContext } from 'node:test'
import { askAdmin } from '../support/http/admin.ts'
import { alibabaClient, createBody } from '../support/http/alibaba-client.ts'
import type { Cloud } from '../support/fixture/cloud.ts'
import { environmentCloud } from '../support/fixture/environment-cloud.ts'
import { create } from '../support/http/tencent-client.ts'
import { judge, type Answer, type Judged } from './judge.ts'
import { declaredNetworks } from './declared-network.ts'
import { shot, type Range, type Shot } from './shot.ts'

const LONG = process.env['EMRYS_LONG'] === '1'
const PIECE = LONG ? 10_000 : 1_250
const PIECES = Number(process.env['EMRYS_FUZZ_PIECES'] ?? (LONG ? 20 : 2))
const SEED = process.env['EMRYS_FUZZ_SEED'] ?? (LONG ? String(Date.now()) : 'emrys')
const AT_ONCE = 16
/** A little less than what the server reads of a request's head (limits.headerBytes). */
const HEAD_MAX = 60_000
const HEALTH_EVERY = 1_000
/** Of the whole process, client and clusters included; what leaks with each request would be far more. */
const GROWTH_MAX = 700 * 1024 * 1024
const SHOWN = 10

for (let piece = 0; piece < PIECES; piece++) {
  const seed = `${SEED}-${piece}`
  test(`${PIECE} changed requests of seed ${seed} are met as they must be`, async (t) => {
    const bugs: string[] = []
    const range = await startRange(t, bugs)
    const before = process.memoryUsage().rss
    const tally = new Map<string, number>()
    const problems = await fire(t, range, { seed, tally })
    const growth = process.memoryUsage().rss - before
    t.diagnostic(
      `seed ${seed}: ${summary(tally)}; memory grew by ${Math.round(growth / 2 ** 20)} MiB`,
    )
    assert.deepEqual(problems, [])
    assert.deepEqual(bugs, [])
    assert.ok(growth < GROWTH_MAX, `memory grew by ${growth} bytes`)
    assert.ok((tally.get('accepted') ?? 0) > PIECE / 20, 'hardly any create was accepted')
    assert.ok((tally.get('refused, rightly') ?? 0) > PIECE / 20, 'hardly any create was wrong')
  })
}

interface Fired {
  readonly seed: string
  readonly tally: Map<string, number>
}

async function fire(
  t: TestContext,
  range: Range & { cloud: Cloud },
  { seed, tally }: Fired,
): Promise<string[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  t.after(() => agent.destroy())
  const problems: string[] = []
  let next = 0
  const work = async () => {
    while (next < PIECE && problems.length < SHOWN) {
      const number = next++
      if (number % HEALTH_EVERY === 0) await checkHealth(range)
      const it = shot(`${seed}:${number}`, range)
      const answer = await send(range.port, it, agent)
      if (!answer) {
        count(tally, 'not sendable')
        continue
      }
      const judged = judge(it, answer)
      note(tally, it, judged)
      if (judged.problem !== undefined)
        problems.push(`${seed}:${number} ${it.action} ${judged.problem}\n${textOf(it)}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  await checkHealth(range)
  return problems
}

async function startRange(t: TestContext, bugs: string[]): Promise<Range & { cloud: Cloud }> {
  const onRejection = (problem: unknown) => bugs.push(`unhandled: ${String(problem)}`)
  process.on('unhandledRejection', onRejection)
  t.after(() => process.off('unhandledRejection', onRejection))
  const cloud = await environmentCloud(t, {
    text: declaredNetworks(),
    more: { metadataProbe: 'off', progressions: { default: { mode: 'time', seconds: 3600 } } },
  })
  const { body } = await alibabaClient(cloud.port)('CreateInstanceV1', { body: createBody() })
  const cluster = await create(cloud)
  await cloud.settle()
  return { cloud, port: cloud.port, instance: String(body.Data.InstanceId), cluster }
}

async function checkHealth({ port }: Range): Promise<void> {
  const { status, text } = await askAdmin(port, 'health')
  assert.equal(status, 200, text)
}

/** Undefined for what no HTTP client would send. */
function send(port: number, { wire }: Shot, agent: Agent): Promise<Answer | undefined> {
  const { method, path, query, headers, body } = wire
  const target = query === '' ? path : `${path}?${query}`
  return new Promise((resolve, reject) => {
    let sent
    try {
      const length = { 'content-length': String(body.length) }
      // Beyond the bound of a head the connection ends with the answer, and must not be used again.
      const last = target.length > HEAD_MAX
      sent = request({
        host: '127.0.0.1',
        port,
        method,
        path: target,
        headers: { ...headers, ...length },
        agent: last ? false : agent,
      })
    } catch {
      return resolve(undefined)
    }
    sent.on('response', (got) => {
      const chunks: Buffer[] = []
      got.on('data', (chunk: Buffer) => chunks.push(chunk))
      got.on('error', reject)
      got.on('end', () =>
        resolve({
          status: got.statusCode ?? 0,
          headers: got.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function note(tally: Map<string, number>, it: Shot, { code, verdict }: Judged): void {
  count(tally, 'sent')
  if (verdict === undefined) return count(tally, it.parameters ? 'other actions' : 'wire changed')
  if (code === '') count(tally, 'accepted')
  if (verdict === 'valid') count(tally, 'valid')
  if (verdict === 'invalid') count(tally, 'refused, rightly')
  if (verdict === 'open') count(tally, 'left open')
}

function count(tally: Map<string, number>, name: string): void {
  tally.set(name, (tally.get(name) ?? 0) + 1)
}

function summary(tally: ReadonlyMap<string, number>): string {
  return [...tally].map(([name, times]) => `${name} ${times}`).join(', ')
}

function textOf({ wire, parameters }: Shot): string {
  const { method, path, query, headers, body } = wire
  if (parameters) return JSON.stringify(parameters).slice(0, 3000)
  const content = Buffer.from(body).toString('utf8').slice(0, 1000)
  return JSON.stringify({
    method,
    path: path.slice(0, 200),
    query: query.slice(0, 500),
    headers,
    content,
  })
}
