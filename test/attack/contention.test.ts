/**
 * Sixteen clients ask for the same thing at once, for every action that changes something, and so do two times eight that ask for
 * different things. Whoever comes first is served, and all others are answered as if they had come after one another: the answers
 * and the instance are those of a twin to which the same requests were sent in turn.
 */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Action } from '../../src/gateway/action.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { stillClock } from '../support/fixture/money.ts'
import { recount } from '../support/fixture/recount.ts'
import { keptOf, shapeOf } from '../support/fixture/instance-shape.ts'
import { preparedRequest } from '../support/http/alibaba-preparation.ts'
import { changeableBody, type Parameters } from '../support/http/alibaba-request.ts'
import { client } from '../support/http/client.ts'
import { changing, perform } from '../support/http/random-act.ts'
import { memoryDirectory } from '../support/process/directory.ts'

const CONNECTIONS = 16
const ONE_WINS = ['200', ...Array<string>(CONNECTIONS - 1).fill('OperationDenied.InstanceStatus')]
const LONG = process.env['EMRYS_LONG'] === '1'

test(`of ${CONNECTIONS} connections at once, one is served before the other`, async (t) => {
  const world = await start(t)
  const begin: Action[] = []
  for (const action of changing)
    await t.test(`${action.name} of all`, async (each) => {
      const twins = await world.twins()
      const [one, twin] = await Promise.all(twins.map((id) => world.request(action, id)))
      await world.hold()
      const atOnce = await world.atOnce(Array(CONNECTIONS).fill(one))
      const inTurn = await world.inTurn(Array(CONNECTIONS).fill(twin))
      const changes = await world.isChanging(twins[0])
      await world.goOn()
      each.diagnostic(countsOf(atOnce))
      assert.deepEqual(atOnce.toSorted(), inTurn.toSorted())
      if (changes) {
        assert.deepEqual(atOnce.toSorted(), ONE_WINS)
        begin.push(action)
      }
      assert.ok(atOnce.includes('200'), atOnce.join())
      assert.deepEqual(await world.shape(twins[0]), await world.shape(twins[1]))
    })
  assert.ok(begin.length > 20, begin.map(({ name }) => name).join())
  const pairs = begin.flatMap((action, at) =>
    (LONG ? begin.slice(at + 1) : [begin[(at + 1) % begin.length]!]).map(
      (other) => [action, other] as const,
    ),
  )
  for (const [action, other] of pairs)
    await t.test(`${action.name} and ${other.name}`, async () => {
      const twins = await world.twins()
      const requests: Request[][] = []
      for (const each of [action, other])
        requests.push(await Promise.all(twins.map((id) => world.request(each, id))))
      await world.hold()
      const sent = Array.from({ length: CONNECTIONS }, (_, at) => requests[at % 2]!)
      const codes = await world.atOnce(sent.map(([one]) => one!))
      const winner = sent[codes.indexOf('200')] ?? []
      await world.inTurn(winner.slice(1))
      await world.goOn()
      assert.deepEqual(codes.toSorted(), ONE_WINS)
      assert.deepEqual(await world.shape(twins[0]), await world.shape(twins[1]))
    })
  await recount(world.cloud.store, `${world.cloud.dataDir}/emrys.db`)
})

async function start(t: TestContext) {
  const cloud = await startCloud(t, {
    dataDir: memoryDirectory(t),
    clock: stillClock(new Date().toISOString()),
  })
  const connections = Array.from({ length: CONNECTIONS }, () => client(cloud.port))
  t.after(() => connections.forEach((each) => each.close()))
  const first = connections[0]!
  return {
    cloud,
    /** Two that were created alike, at the same time. */
    async twins(): Promise<readonly [string, string]> {
      const create = async () => {
        const { body } = await first.alibaba('/webapi/cluster/createV1', { body: changeableBody() })
        return (body['Data'] as { readonly InstanceId: string }).InstanceId
      }
      const made = [await create(), await create()] as const
      await cloud.settle()
      return made
    },
    request: async (action: Action, id: string): Promise<Request> => ({
      action,
      parameters: unique(await preparedRequest(cloud, action.name, id), id),
    }),
    /** What is begun stays under way until `goOn`. */
    hold: () => cloud.loop.stop(),
    async goOn(): Promise<void> {
      cloud.loop.start()
      await cloud.settle()
    },
    atOnce: (requests: readonly Request[]) =>
      Promise.all(
        requests.map(({ action, parameters }, at) =>
          perform(connections[at % CONNECTIONS]!, action, parameters),
        ),
      ),
    async inTurn(requests: readonly Request[]): Promise<readonly string[]> {
      const codes: string[] = []
      for (const { action, parameters } of requests)
        codes.push(await perform(first, action, parameters))
      return codes
    },
    async isChanging(id: string): Promise<boolean> {
      const found = await cloud.store.read((tx) => tx.findById('cluster', id))
      return found?.document.change !== undefined
    },
    shape: async (id: string) => shapeOf(await keptOf(cloud.store, id)),
  }
}

interface Request {
  readonly action: Action
  readonly parameters: Parameters
}

/** A token is one client's own. How many key stores are opened at a time is a limit of its own (key-store.test.ts). */
function unique({ ClientToken, EnableCustom, ...parameters }: Parameters, id: string): Parameters {
  return {
    ...parameters,
    ...(ClientToken === undefined ? {} : { ClientToken: id }),
    ...(EnableCustom === undefined ? {} : { EnableCustom: false }),
  }
}

function countsOf(codes: readonly string[]): string {
  const of = (code: string) => codes.filter((each) => each === code).length
  return [...new Set(codes)].map((code) => `${of(code)} ${code}`).join(', ')
}
