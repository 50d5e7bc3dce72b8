/**
 * Whoever can write a catalog's objects can write its metadata. Whatever that says, nothing is read that is not below the catalog's own
 * folder: no file of the host, no other bucket, though the instance may read it, and nobody is called.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { lakeClient, lakeObjects, skipWithoutLake } from '../support/lake-client.ts'

const skip = skipWithoutLake
const REFUSED = /Access storage error\. Error message: /
const TREASURE = 'treasure'

/** In place of `oss://bucket-a`: of the same length, so that a file of Avro holds it as it held the other. */
const sameLength = ['oss://bucket-b', 'file:///etc/xx', 'http://127.1/a']

test(
  'Iceberg: a list of manifests, a manifest and a file that are elsewhere',
  { skip },
  async (t) => {
    const { client, put } = await lakeClient(t)
    const table = 'ice/sales/ossparts/'
    const objects = [...lakeObjects].filter(([name]) => name.startsWith(table))
    // What they would lead to is there.
    for (const [name, content] of objects) await put(`bucket-b/${name}`, content)
    const places = [/v6\.metadata\.json$/, /snap-.*\.avro$/, /-m\d+\.avro$/]
    for (const place of places)
      for (const other of sameLength) {
        const bent = objects.filter(([name]) => place.test(name))
        assert.ok(bent.length > 0)
        for (const [name, content] of bent) {
          const text = content.toString('latin1').replaceAll('oss://bucket-a', other)
          await put(`bucket-a/${name}`, Buffer.from(text, 'latin1'))
        }
        const { message } = await client.refusal('SELECT * FROM ice.sales.ossparts')
        assert.match(message, REFUSED, `${place} ${other}`)
        for (const [name, content] of bent) await put(`bucket-a/${name}`, content)
        assert.equal((await client.rows('SELECT * FROM ice.sales.ossparts')).length, 3)
      }
  },
)

test(
  'Iceberg and Delta: paths that climb out of the folder, or name the host',
  { skip },
  async (t) => {
    const { client, put } = await lakeClient(t)
    const server = createServer((_, response) => {
      called += 1
      response.end(TREASURE)
    })
    let called = 0
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const { port } = server.address() as AddressInfo
    const [good, goodName] = [...lakeObjects]
      .filter(([name]) => name.startsWith('delta/sales/cp/part'))
      .map(([name, content]) => [content, name] as const)[0] ?? [Buffer.of(), '']
    await put('bucket-b/secret.parquet', good)
    await put('bucket-a/secret.parquet', good)
    const log = String(lakeObjects.get('delta/sales/cp/_delta_log/00000000000000000000.json'))
    const file = goodName.split('/').at(-1) ?? ''
    assert.ok(file.endsWith('.parquet'))
    for (const path of [
      'file:///etc/passwd',
      '/etc/passwd',
      '../../../../etc/passwd',
      '../../../secret.parquet',
      '..%2F..%2F..%2Fsecret.parquet',
      '%2e%2e/%2e%2e/%2e%2e/secret.parquet',
      '%252e%252e/%252e%252e/secret.parquet',
      's3://bucket-b/secret.parquet',
      'oss://bucket-a/secret.parquet',
      's3://bucket-a/delta/../secret.parquet',
      `http://127.0.0.1:${port}/x.parquet`,
      's3://bucket-a/delta/*/*/*.parquet',
      `s3://bucket-a/delta/x?s3_endpoint=127.0.0.1:${port}`,
      "x'] ; SELECT 1; --",
    ]) {
      const bent = log.replaceAll(/"path":"[^"]+"/g, `"path":${JSON.stringify(path)}`)
      assert.notEqual(bent, log)
      await put('bucket-a/delta/sales/evil/_delta_log/00000000000000000000.json', bent)
      const { message } = await client.refusal('SELECT * FROM delta.sales.evil')
      assert.doesNotMatch(message, /root:|treasure/)
      assert.match(
        message,
        /Access storage error|Unknown error|HTTP|cannot be resolved|No files/i,
        path,
      )
    }
    for (const list of [
      's3://bucket-a/secret.avro',
      '/etc/passwd',
      `http://127.0.0.1:${port}/a`,
      'oss://bucket-a/ice/../secret.avro',
    ]) {
      const text = String(lakeObjects.get('ice/sales/ossparts/metadata/v6.metadata.json'))
      const bent = text.replaceAll(
        /"manifest-list":"[^"]+"/g,
        `"manifest-list":${JSON.stringify(list)}`,
      )
      await put('bucket-a/ice/sales/evil/metadata/v1.metadata.json', bent)
      assert.match((await client.refusal('SELECT * FROM ice.sales.evil')).message, REFUSED, list)
    }
    assert.equal(called, 0)
  },
)

test(
  'a catalog’s folder beyond the instance’s rights, and metadata that is none, are refused',
  { skip },
  async (t) => {
    const { client, put } = await lakeClient(t)
    for (const place of [
      'oss://bucket-c/x/',
      'file:///etc/',
      'oss://bucket-a/../x',
      'oss://bucket-a/*/',
    ]) {
      await client.run(
        `DROP CATALOG IF EXISTS x; CREATE EXTERNAL CATALOG x PROPERTIES ("type" = "iceberg", "iceberg.catalog.type" = "hadoop", "iceberg.catalog.warehouse" = "${place}")`,
      )
      assert.match((await client.refusal('SHOW DATABASES FROM x')).message, REFUSED, place)
      assert.match((await client.refusal('SELECT * FROM x.a.b')).message, REFUSED, place)
    }
    for (const name of ['`..`.b', '`a/b`.c', 'sales.`../parts`', 'sales.`par*`', 'sales.`a%2fb`'])
      assert.match(
        (await client.refusal(`SELECT * FROM ice.${name}`)).message,
        /Unknown (table|database)|Access storage error/,
        name,
      )
    await put('bucket-a/ice/sales/bad/metadata/v1.metadata.json', '{"format-version": 3}')
    assert.match(
      (await client.refusal('SELECT * FROM ice.sales.bad')).message,
      /^Iceberg's format version 3 is not/,
    )
    for (const text of [
      'nothing',
      'null',
      '[]',
      '{"format-version":2,"schemas":{"a":1}}',
      '{"format-version":2,"location":"x","schema":{"fields":[]},"current-snapshot-id":"1), (SELECT 1)","snapshots":[{"snapshot-id":"1), (SELECT 1)"}]}',
      '{"format-version":2,"snapshots":5}',
    ]) {
      await put('bucket-a/ice/sales/bad/metadata/v1.metadata.json', text)
      assert.match(
        (await client.refusal('SELECT * FROM ice.sales.bad')).message,
        /Access storage error|is not supported/,
        text,
      )
    }
    for (const text of [
      'nothing',
      '{"metaData":{"schemaString":"x"}}',
      '{"metaData":{"schemaString":"{}"}}',
      '{"add":{"path":5}}',
      '5',
    ]) {
      await put('bucket-a/delta/sales/bad/_delta_log/00000000000000000000.json', text)
      assert.match(
        (await client.refusal('SELECT * FROM delta.sales.bad')).message,
        /Access storage error|is not supported/,
        text,
      )
    }
  },
)
