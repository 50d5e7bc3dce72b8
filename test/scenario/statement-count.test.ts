/** How many statements an action takes: each costs more in calls and checks than in what it does, so that more of them is a slower server. */
import assert from 'node:assert/strict'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { hadoopBody } from '../support/http/body.ts'
import { client } from '../support/http/client.ts'
import { startCloud } from '../support/fixture/cloud.ts'

/** The texts of all statements that run from now on, until the test ends. */
function statementsOf(t: TestContext): string[] {
  const texts: string[] = []
  for (const method of ['run', 'get', 'all'] as const) {
    const original = StatementSync.prototype[method] as (...values: never[]) => unknown
    t.mock.method(
      StatementSync.prototype,
      method,
      function (this: StatementSync, ...values: never[]) {
        texts.push(this.sourceSQL)
        return original.apply(this, values)
      },
    )
  }
  const exec = DatabaseSync.prototype.exec
  t.mock.method(DatabaseSync.prototype, 'exec', function (this: DatabaseSync, sql: string) {
    texts.push(sql)
    return exec.call(this, sql)
  })
  return texts
}

test('creating a cluster until it runs, and a page of clusters, stay within their numbers of statements', async (t) => {
  const cloud = await startCloud(t)
  const api = client(cloud.port)
  t.after(() => api.close())
  const create = (n: number) =>
    api.tencent('CreateInstance', hadoopBody(`count-${n}`, `count-${n}`))
  const page = { DisplayStrategy: 'clusterList', Offset: 0, Limit: 10 }
  const describe = () => api.tencent('DescribeInstances', page)
  await create(0)
  await cloud.settle()
  await describe()
  const texts = statementsOf(t)
  const taken = () => texts.splice(0).filter((text) => !text.startsWith('pragma'))
  await create(1)
  await cloud.settle()
  const running = taken()
  assert.ok(running.length <= 64, `${running.length}:\n${running.join('\n')}`)
  await describe()
  assert.ok(taken().length <= 3)
  await describe()
  assert.deepEqual(taken(), [])
})
