/** Servers are replaced one after the other behind a plain TCP balancer: no request fails, though no client repeats any. */
import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { skipWithoutPostgres, startPostgres } from '../support/engine/postgres.ts'
import { startBalancer } from '../support/http/balancer.ts'
import { askAdmin } from '../support/http/admin.ts'
import { client } from '../support/http/client.ts'
import { createExpected, newExpectedCluster } from '../support/http/expected-cluster.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { emrysServe, type RunningCommand } from '../support/process/emrys-command.ts'

const SERVERS = 3
const CLIENTS = 6
const skip = skipWithoutPostgres()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const postgres = skip ? undefined : await startPostgres(ending)

function portOf({ url }: RunningCommand): number {
  return Number(new URL(url).port)
}

test(
  'servers are replaced one after the other, and no request fails',
  { skip, timeout: 300_000 },
  async (t) => {
    const store = await postgres!.database()
    const flags = ['--store', store, '--drain-seconds', '4', '--requests-per-second', '0']
    const directories = Array.from({ length: SERVERS }, () => temporaryDirectory(t))
    const servers: RunningCommand[] = []
    for (const directory of directories) {
      if (servers.length > 0) copyFileSync(join(directories[0]!, 'key'), join(directory, 'key'))
      servers.push(await emrysServe(t, directory, flags))
    }
    const balancer = await startBalancer(t, servers.map(portOf))
    const over = new AbortController()
    const made = new Set<string>()
    let answered = 0
    const clients = Array.from({ length: CLIENTS }, async (_each, n) => {
      // One connection at a time, kept for as long as the server lets it.
      const connection = client(balancer.port)
      for (let at = 0; !over.signal.aborted; at++) {
        if (at % 4 === 0)
          made.add(await createExpected(connection, newExpectedCluster(`c${n}-${at}`, 'alibaba')))
        const looked = await connection.alibaba('/webapi/starrocks/describeInstances', {
          query: { RegionId: 'cn-hangzhou' },
        })
        assert.equal(looked.status, 200, JSON.stringify(looked.body))
        answered++
      }
      connection.close()
    })
    const failed = Promise.all(clients)
    const replaced = (async () => {
      for (const [at, server] of servers.entries()) {
        const before = answered
        server.signal('SIGTERM')
        // The balancer learns of it, and new connections go elsewhere.
        while ((await askAdmin(portOf(server), 'ready')).status !== 503);
        const { code, err } = await server.ended
        assert.equal(code, 0, err)
        assert.ok(answered > before, 'nothing was answered meanwhile')
        servers[at] = await emrysServe(t, directories[at]!, flags)
        balancer.use(servers.map(portOf))
      }
    })()
    await Promise.race([replaced, failed])
    await replaced
    over.abort()
    await failed
    const connection = client(balancer.port)
    const { body } = await connection.alibaba('/webapi/starrocks/describeInstances', {
      query: { RegionId: 'cn-hangzhou', PageSize: '1' },
    })
    connection.close()
    assert.equal(body['Total'], made.size)
    const news = servers.map((each) => balancer.given.get(portOf(each)) ?? 0)
    t.diagnostic(`${answered} looks and ${made.size} creations; connections ${news.join(', ')}`)
    assert.ok(news.some((count) => count > 0))
  },
)
