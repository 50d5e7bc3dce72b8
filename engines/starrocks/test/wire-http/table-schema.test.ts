import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, testPorts } from '../support/open-ports.ts'

test('_schema tells the columns of a table to who may read it', async (t) => {
  const { client, front } = await testPorts(t)
  await client.run(
    `CREATE TABLE t (k INT COMMENT "key", n DECIMAL(10, 2), s VARCHAR(20), a ARRAY<INT>) DISTRIBUTED BY HASH(k);
     CREATE VIEW v AS SELECT k FROM t; CREATE USER jack; GRANT INSERT ON TABLE d.t TO USER jack`,
  )
  const schema = (path: string, auth = 'admin:') =>
    ask(`${front}/api/${path}/_schema`, { method: 'GET', auth })
  const described = await schema('d/t')
  assert.equal(described.headers['content-type'], 'application/json')
  assert.deepEqual(described.json, {
    properties: [
      { name: 'k', type: 'INT', comment: 'key' },
      { precision: '10', scale: '2', name: 'n', type: 'DECIMAL64', comment: '' },
      { name: 's', type: 'VARCHAR', comment: '' },
      { name: 'a', type: 'INVALID_TYPE', comment: '' },
    ],
    status: 200,
  })
  assert.deepEqual((await schema('default_catalog/d/t')).json, described.json)
  const refused: readonly (readonly [string, number])[] = [
    ['none/t', 404],
    ['d/none', 404],
    ['d/v', 403],
    ['/t', 400],
  ]
  for (const [path, status] of refused) {
    const answer = await schema(path)
    assert.equal(answer.status, status, path)
    assert.deepEqual((answer.json as { status?: unknown } | undefined)?.status, status)
  }
  assert.equal((await schema('d/t', 'jack:')).status, 401)
  assert.equal((await schema('d/t', 'admin:wrong')).status, 401)
})

test('_query_plan is refused by name, after the faults of the table', async (t) => {
  const { client, front } = await testPorts(t)
  await client.run('CREATE TABLE t (k INT); CREATE USER jack')
  const plan = (path: string, auth = 'admin:') =>
    ask(`${front}/api/${path}/_query_plan`, {
      method: 'POST',
      auth,
      body: '{"sql": "select k from t"}',
    })
  const answer = await plan('d/t')
  assert.equal(answer.status, 501)
  assert.match(
    String((answer.json as { exception?: unknown }).exception),
    /_query_plan is not supported/,
  )
  assert.equal((await plan('d/none')).status, 404)
  assert.equal((await plan('d/t', 'jack:')).status, 401)
})
