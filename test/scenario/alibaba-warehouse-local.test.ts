/**
 * Node groups of an instance that really runs on this machine, as its users see them: a group is a warehouse of the engine, which comes
 * and goes without a restart and with every row where it was.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { startInstance, untilRunning, type Query } from '../support/fixture/alibaba-instance.ts'
import {
  ADMIN_PASSWORD,
  enginesOf,
  localDataDirectory,
  smallEngines,
} from '../support/engine/local-instances.ts'

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'

test(
  'a node group is a warehouse of the engine for as long as it is there',
  { skip, timeout: 180_000 },
  async (t) => {
    const dataDir = localDataDirectory(t)
    const group = { cu: 8, storageSize: 200, residentNodeNumber: 1 }
    const instance = await startInstance(t, {
      body: {
        FrontendNodeGroups: [group],
        BackendNodeGroups: [{ ...group, nodeGroupName: 'main' }],
      },
      cloud: {
        dataDir,
        config: smallEngines,
      },
    })
    const { endpoints = [] } = (await instance.document()).status
    const { host = '', port = 0 } = endpoints.find(({ name }) => name === 'mysql') ?? {}
    const client = await createConnection({ host, port, user: 'admin', password: ADMIN_PASSWORD })
    t.after(() => client.destroy())
    const rows = async (sql: string) => (await client.query<RowDataPacket[]>(sql))[0]
    const listed = async () =>
      (await rows('SHOW WAREHOUSES')).map((row) => [row['Name'], Number(row['NodeCount'])])
    const refusal = async (sql: string) =>
      client.query(sql).then(
        () => assert.fail(`not refused: ${sql}`),
        (problem: { readonly errno?: number }) => problem.errno,
      )
    const change = async (action: string, query: Query) => {
      await instance.send(action, query)
      await untilRunning(instance)
      const [latest] = await instance.history()
      assert.deepEqual([latest.OperationStatus, latest.OperationDetail], ['COMPLETED', ''], action)
    }
    const before = enginesOf(dataDir).map(({ pid }) => pid)
    await client.query('CREATE DATABASE d')
    await client.query('CREATE TABLE d.t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    await client.query('INSERT INTO d.t VALUES (1), (2)')
    assert.deepEqual(await listed(), [['default_warehouse', 1]])

    const { body } = await instance.call('CreateNodeGroup', {
      body: { ...group, instanceId: instance.id, nodeGroupName: 'reports', residentNodeNumber: 2 },
    })
    await untilRunning(instance)
    const { NodeGroupId } = body.Data
    assert.deepEqual(await listed(), [
      ['default_warehouse', 1],
      ['reports', 2],
    ])
    await client.query('SET WAREHOUSE reports')
    const [counted] = await rows('SELECT count(*) AS n FROM d.t')
    assert.equal(Number(counted?.['n']), 2)
    const nodes = await rows('SHOW NODES FROM WAREHOUSES')
    assert.deepEqual(
      nodes.map((row) => row['WarehouseName']),
      ['default_warehouse', 'reports', 'reports'],
    )

    await change('ModifyNodeNumber', { NodeGroupId, Target: 0 })
    assert.equal(await refusal('SELECT k FROM d.t'), 5905)
    await change('ModifyNodeNumber', { NodeGroupId, Target: 1 })
    assert.equal((await rows('SELECT k FROM d.t')).length, 2)

    await change('ReleaseNodeGroup', { NodeGroupId })
    assert.equal(await refusal('SELECT k FROM d.t'), 5901)
    await client.query('SET WAREHOUSE default_warehouse')
    assert.equal((await rows('SELECT k FROM d.t')).length, 2)
    assert.deepEqual(await listed(), [['default_warehouse', 1]])
    assert.deepEqual(
      enginesOf(dataDir).map(({ pid }) => pid),
      before,
    )
  },
)
