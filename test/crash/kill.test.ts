/**
 * `kill -9` at random moments, under load from several connections that create, change, rename and delete; and then the truth:
 * nothing acknowledged is lost, nothing is doubled, nothing is half there, everything settles, and the books balance. 5 times, or
 * 50 with `npm run test:long`; CRASH_KILLS says otherwise.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { random } from '../../src/kernel/random.ts'
import { client } from '../support/http/client.ts'
import { startChildServer } from '../support/process/child-server.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { isCertain, randomClient } from '../support/http/random-client.ts'
import type { ExpectedCluster } from '../support/http/expected-cluster.ts'
import { checkDirectory, checkListings, repeatRequests } from './expected-state.ts'

const KILLS = Number(process.env['CRASH_KILLS'] ?? (process.env['EMRYS_LONG'] === '1' ? 50 : 5))
const CONNECTIONS = 4
/** So many acts are answered before a kill, and it comes within so many ms then: a busy machine takes longer for as much. */
const ACTS = { least: 20, most: 100, withinMs: 60 }

test(`killed ${KILLS} times under load, the server keeps all that it acknowledged`, async (t) => {
  const seed = process.env['CRASH_SEED'] ?? random().hex(8)
  t.diagnostic(`seed ${seed}`)
  const { fraction } = random(seed)
  const dataDir = temporaryDirectory(t)
  const ledger = new Set<ExpectedCluster>()
  for (let kill = 0; kill < KILLS; kill++) {
    const server = await startChildServer(t, dataDir)
    const certain = [...ledger].filter(isCertain)
    const round = Array.from({ length: CONNECTIONS }, (_, n) =>
      randomClient({
        name: `c${kill}x${n}`,
        fraction,
        takesOver: certain.filter((_each, at) => at % CONNECTIONS === n),
      }),
    )
    const connections = round.map(() => client(server.port))
    const acts = ACTS.least + Math.floor(fraction() * (ACTS.most - ACTS.least))
    const enough = Promise.withResolvers<void>()
    let answered = 0
    const onAnswer = () => {
      if (++answered === acts) enough.resolve()
    }
    const running = round.map((each, at) => each.run(connections[at]!, onAnswer))
    await Promise.race([enough.promise, Promise.all(running)])
    await delay(fraction() * ACTS.withinMs)
    await server.kill()
    await Promise.all(running)
    for (const connection of connections) connection.close()
    for (const it of round.flatMap((each) => each.ledger)) ledger.add(it)
  }
  const all = [...ledger]
  const acknowledged = all.filter((each) => each.id !== undefined).length
  const changed = all.reduce((sum, { changes }) => sum + changes.length, 0)
  const doubts = all.filter(({ doubt }) => doubt).length
  assert.ok(
    acknowledged > KILLS * 2 && changed > KILLS * 2,
    `too little happened to prove anything: ${acknowledged} creations, ${changed} changes`,
  )

  const server = await startChildServer(t, dataDir)
  const connection = client(server.port)
  await repeatRequests(connection, all)
  const alive = await checkListings(connection, all)
  const { swept } = await server.counts()
  assert.equal(swept, 0, 'the sweep had to find work that a work item should have stood for')
  connection.close()
  await server.kill()
  const counts = await checkDirectory(dataDir, all)
  t.diagnostic(`${all.length} creations, ${alive} clusters alive, ${doubts} changes in doubt`)
  t.diagnostic(JSON.stringify(counts))
})
