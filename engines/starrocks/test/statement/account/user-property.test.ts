import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { connect, testClient } from '../../support/open-engine.ts'

describe('properties of a user', () => {
  test('max_user_connections bounds the sessions that a user has open, and those only', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run('CREATE USER jack PROPERTIES ("max_user_connections" = "2"); CREATE USER rose')
    const [first] = [await connect(engine, 'jack'), await connect(engine, 'jack')]
    const refusal = {
      errno: 1064,
      message:
        /^Reach user-level\(qualifiedUser: jack, currUserIdentity: 'jack'@'%'\) connection limit, currentUserMaxConn=2, /,
    }
    await assert.rejects(connect(engine, 'jack'), refusal)
    const together = await Promise.allSettled([connect(engine, 'jack'), connect(engine, 'jack')])
    assert.deepEqual(
      together.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    await connect(engine, 'rose')
    await first.session.close()
    await connect(engine, 'jack')
    await client.run('SET PROPERTY FOR jack "max_user_connections" = "3"')
    await connect(engine, 'jack')
    await assert.rejects(connect(engine, 'jack'), { errno: 1064 })
    await client.run('SET PROPERTY FOR jack "max_user_connections" = ""')
    await connect(engine, 'jack')
  })

  test('sessions begin with its database and its variables, also after a reset', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      `CREATE TABLE t (k INT) DISTRIBUTED BY HASH(k); CREATE USER jack; GRANT SELECT ON TABLE d.t TO USER jack;
       SET PROPERTY FOR jack "database" = "d", "session.query_timeout" = "7"`,
    )
    const jack = await connect(engine, 'jack')
    assert.deepEqual(await jack.rows('SELECT database(), @@query_timeout'), [['d', 7]])
    await jack.run('SET query_timeout = 9')
    await jack.session.reset()
    assert.deepEqual(await jack.rows('SELECT @@query_timeout'), [[7]])
    const elsewhere = await connect(engine, 'jack', 'information_schema')
    assert.deepEqual(await elsewhere.rows('SELECT database()'), [['information_schema']])
    await client.run('DROP DATABASE d FORCE')
    const homeless = await connect(engine, 'jack')
    assert.deepEqual(await homeless.rows('SELECT database()'), [['']])
    assert.deepEqual(await jack.rows('SHOW PROPERTY'), [
      ['max_user_connections', '1024'],
      ['catalog', 'default_catalog'],
      ['database', 'd'],
      ['session.query_timeout', '7'],
    ])
    assert.equal((await jack.refusal("SHOW PROPERTY FOR 'admin'")).errno, 5203)
    assert.equal((await jack.refusal('SET PROPERTY FOR admin "catalog" = ""')).errno, 5203)
  })

  test('is refused when it is none, or has no such value', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE USER jack')
    const cases: readonly (readonly [string, string])[] = [
      ['"max_user_connections" = "many"', 'max_user_connections is not a number'],
      [
        '"max_user_connections" = "0"',
        'max_user_connections is not valid, the value must be between 1 and 10000',
      ],
      ['"database" = "none"', 'default_catalog.none not exists'],
      ['"catalog" = "hive"', "Unknown catalog 'hive'"],
      ['"session.none" = "1"', "Unknown system variable 'none'"],
      ['"session.version" = "1"', "Variable 'version' is a read only variable"],
      ['"quota" = "1"', 'Unknown user property(quota)'],
    ]
    for (const [property, message] of cases) {
      const refusal = await client.refusal(`SET PROPERTY FOR jack ${property}`)
      assert.equal(refusal.message, message)
    }
  })
})
