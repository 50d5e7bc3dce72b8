import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEngine } from '../../src/engine/engine.ts'
import { systemClock } from '../../../../src/kernel/clock.ts'
import { silentLogger } from '../../../../src/kernel/log.ts'
import {
  connect,
  identity,
  limits,
  testDirectory,
  testEngine,
  letsIn,
} from '../support/open-engine.ts'

test('everything is there after closing and opening again', async (t) => {
  const directory = await testDirectory(t)
  const first = await testEngine(t, { directory })
  const before = await connect(first)
  await before.run(`CREATE DATABASE d; USE d;
    CREATE TABLE p (k INT, v VARCHAR(20) COMMENT "a value") PRIMARY KEY(k) DISTRIBUTED BY HASH(k) BUCKETS 3 PROPERTIES ("replication_num" = "1");
    CREATE TABLE e (at DATETIME, v BIGINT SUM) AGGREGATE KEY(at) PARTITION BY date_trunc('day', at) DISTRIBUTED BY HASH(at);
    CREATE TABLE n (k INT, id BIGINT NOT NULL AUTO_INCREMENT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
    INSERT INTO p VALUES (1, 'a'), (2, 'b'); INSERT INTO e VALUES ('2024-01-01 00:00:00', 5); INSERT INTO n (k) VALUES (1);
    CREATE VIEW w AS SELECT v FROM p WHERE k = 2;
    CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT count(*) AS c FROM p;
    REFRESH MATERIALIZED VIEW m WITH SYNC MODE;
    CREATE USER bob IDENTIFIED BY 'pw'; CREATE ROLE r; GRANT SELECT ON TABLE d.p TO ROLE r; GRANT r TO USER bob;
    SET DEFAULT ROLE r TO bob; SET GLOBAL query_timeout = 99`)
  const shown = await before.rows('SHOW CREATE TABLE p')
  const partitions = await before.rows('SHOW PARTITIONS FROM e')
  await first.close()

  const second = await testEngine(t, { directory })
  const after = await connect(second, 'admin', 'd')
  assert.deepEqual(await after.rows('SHOW CREATE TABLE p'), shown)
  assert.deepEqual(await after.rows('SHOW PARTITIONS FROM e'), partitions)
  assert.deepEqual(await after.rows('SELECT * FROM w'), [['b']])
  assert.deepEqual(await after.rows('SELECT * FROM m'), [[2]])
  assert.deepEqual(await after.rows('SELECT @@query_timeout'), [[99]])
  await after.run("INSERT INTO e VALUES ('2024-01-01 00:00:00', 6); INSERT INTO n (k) VALUES (2)")
  assert.deepEqual(await after.rows('SELECT v FROM e'), [[11]])
  assert.equal((await after.rows('SELECT DISTINCT id FROM n')).length, 2)
  assert.equal(await letsIn(second, 'bob', 'pw'), true)
  assert.equal(await letsIn(second, 'bob', 'other'), false)
  const bob = await connect(second, 'bob', 'd')
  assert.equal((await bob.rows('SELECT * FROM p')).length, 2)
  assert.equal((await bob.refusal('SELECT * FROM e')).errno, 5203)
})

test('a directory is opened by one engine at a time', async (t) => {
  const directory = await testDirectory(t)
  const first = await testEngine(t, { directory })
  const options = { directory, clock: systemClock(), log: silentLogger(), limits, identity }
  await assert.rejects(openEngine(options), /in use by process/)
  await first.close()
  const second = await openEngine(options)
  await second.close()
})

test('a password from the control plane holds, and one set by SQL holds until the next', async (t) => {
  const directory = await testDirectory(t)
  const given = (byte: number) => new Uint8Array(20).fill(byte)
  const first = await testEngine(t, {
    directory,
    identity: { ...identity, adminVerifier: given(1) },
  })
  assert.deepEqual(
    [...((await first.findUser('admin', '127.0.0.1'))?.verifier ?? [])],
    [...given(1)],
  )
  const client = await connect(first)
  await client.run("ALTER USER admin IDENTIFIED BY 'mine'")
  await first.close()
  const second = await testEngine(t, {
    directory,
    identity: { ...identity, adminVerifier: given(1) },
  })
  assert.equal(await letsIn(second, 'admin', 'mine'), true)
  await second.setAdminVerifier(given(2), 1)
  assert.deepEqual(
    [...((await second.findUser('root', '127.0.0.1'))?.verifier ?? [])],
    [...given(2)],
  )
  assert.equal(await letsIn(second, 'admin', 'mine'), false)
  await (await connect(second)).run("ALTER USER admin IDENTIFIED BY 'mine again'")
  await second.setAdminVerifier(given(2), 1)
  assert.equal(await letsIn(second, 'admin', 'mine again'), true)
  await second.setAdminVerifier(given(2), 2)
  assert.deepEqual(
    [...((await second.findUser('admin', '127.0.0.1'))?.verifier ?? [])],
    [...given(2)],
  )
  assert.equal(await second.findUser('nobody', '127.0.0.1'), undefined)
  assert.equal(await letsIn(second, 'nobody', ''), false)
})
