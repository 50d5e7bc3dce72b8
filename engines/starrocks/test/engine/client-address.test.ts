/** Where a client connects from decides on every port which user it is; Linux has all of 127.0.0.0/8. */
import assert from 'node:assert/strict'
import { connect as connectSocket } from 'node:net'
import { test } from 'node:test'
import mysql from 'mysql2/promise'
import { mysqlServer } from '../support/mysql-server.ts'
import { testClient } from '../support/open-engine.ts'
import { ask, askTrusted, testPorts } from '../support/open-ports.ts'

test('MySQL: a client is the user of its address, also after COM_CHANGE_USER', async (t) => {
  const { engine, client } = await testClient(t)
  const { port } = await mysqlServer(t, engine)
  await client.run(
    `CREATE USER 'rose'@'10.%' IDENTIFIED BY 'ten'; CREATE USER 'rose'@'127.0.0.2' IDENTIFIED BY 'two';
     CREATE USER 'jack'@'127.0.0._' IDENTIFIED BY 'any'`,
  )
  const connect = async (localAddress: string, user: string, password: string) => {
    const stream = () => connectSocket({ host: '127.0.0.1', port, localAddress })
    const connection = await mysql.createConnection({ stream, user, password })
    t.after(() => connection.destroy())
    return connection
  }
  const identity = async (connection: mysql.Connection) =>
    (await connection.query({ sql: 'SELECT user(), current_user()', rowsAsArray: true }))[0]
  for (const [address, password] of [
    ['127.0.0.1', 'ten'],
    ['127.0.0.1', 'two'],
    ['127.0.0.2', 'ten'],
  ] as const)
    await assert.rejects(connect(address, 'rose', password), {
      errno: 1045,
      message: `Access denied for user 'rose'@'${address}' (using password: YES)`,
    })
  const rose = await connect('127.0.0.2', 'rose', 'two')
  assert.deepEqual(await identity(rose), [["'rose'@'127.0.0.2'", "'rose'@'127.0.0.2'"]])
  await rose.changeUser({ user: 'jack', password: 'any' })
  assert.deepEqual(await identity(rose), [["'jack'@'127.0.0.2'", "'jack'@'127.0.0._'"]])
  const jack = await connect('127.0.0.3', 'jack', 'any')
  await assert.rejects(jack.changeUser({ user: 'rose', password: 'two' }), { errno: 1045 })
})

test('HTTP: queries and loads are the user’s of the address', async (t) => {
  const { client, front } = await testPorts(t)
  await client.run(
    `CREATE TABLE t (k INT) DISTRIBUTED BY HASH(k); CREATE USER 'rose'@'127.0.0.1'; CREATE USER 'rose'@'127.0.0.2';
     CREATE USER 'jack'@'10.%'; GRANT INSERT ON TABLE d.t TO USER 'rose'@'127.0.0.1'`,
  )
  const load = (user: string, localAddress: string) =>
    askTrusted(`${front}/api/d/t/_stream_load`, {
      method: 'PUT',
      auth: `${user}:`,
      localAddress,
      body: '1\n',
    })
  assert.equal((await load('rose', '127.0.0.1')).json?.['Status'], 'Success')
  const denied = [await load('rose', '127.0.0.2'), await load('rose', '127.0.0.3')]
  for (const { status } of [...denied, await load('jack', '127.0.0.1')]) assert.equal(status, 401)
  assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[1]])
  const asked = await ask(`${front}/api/v1/catalogs/default_catalog/sql`, {
    method: 'POST',
    auth: 'rose:',
    localAddress: '127.0.0.2',
    body: JSON.stringify({ query: 'SELECT current_user() AS it;' }),
  })
  assert.match(asked.text, /'rose'@'127\.0\.0\.2'/)
})

test('a transaction of loads belongs to the user of the host that began it', async (t) => {
  const { client, front } = await testPorts(t)
  await client.run(
    `CREATE TABLE t (k INT) DISTRIBUTED BY HASH(k); CREATE USER 'rose'@'127.0.0.1'; CREATE USER 'rose'@'127.0.0.2';
     GRANT INSERT ON TABLE d.t TO USER 'rose'@'127.0.0.1'; GRANT INSERT ON TABLE d.t TO USER 'rose'@'127.0.0.2'`,
  )
  const step = async (verb: string, localAddress: string, body?: string) =>
    (
      await askTrusted(`${front}/api/transaction/${verb}`, {
        method: verb === 'load' ? 'PUT' : 'POST',
        auth: 'rose:',
        localAddress,
        headers: { db: 'd', table: 't', label: 'one' },
        ...(body !== undefined && { body }),
      })
    ).json?.['Status']
  assert.equal(await step('begin', '127.0.0.1'), 'OK')
  assert.equal(await step('load', '127.0.0.2', '1\n'), 'TXN_NOT_EXISTS')
  assert.equal(await step('load', '127.0.0.1', '1\n'), 'OK')
  assert.equal(await step('commit', '127.0.0.2'), 'TXN_NOT_EXISTS')
  assert.equal(await step('commit', '127.0.0.1'), 'OK')
  assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[1]])
})
