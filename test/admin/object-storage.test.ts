import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startCloud } from '../support/fixture/cloud.ts'
import { askAdmin } from '../support/http/admin.ts'
import { cache, skipWithout } from '../support/engine/module.ts'
import { emrys } from '../support/process/emrys-command.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const PAGE = 'object-storage/key'

test(
  'whoever has the admin token reads how to reach the objects, by page and by command',
  { skip: skipWithout('httpfs') },
  async (t) => {
    const directory = temporaryDirectory(t)
    const keyFile = join(directory, 'keys')
    writeFileSync(keyFile, "id-1\nit's secret\n", { mode: 0o600 })
    const environmentFile = join(directory, 'environment.yaml')
    writeFileSync(
      environmentFile,
      `alibaba:\n  object-storage: { endpoint: "http://127.0.0.1:1", key-file: ${keyFile} }\n  buckets: [{ id: lake }]\n`,
    )
    const engines = { cache, pythonIndex: '', mavenRepository: '' }
    const cloud = await startCloud(t, { config: { environmentFile, engines } })
    const body = { cloud: 'alibaba' }
    const { body: found } = await askAdmin(cloud.port, PAGE, { method: 'POST', body })
    assert.deepEqual(found, {
      cloud: 'alibaba',
      endpoint: 'http://127.0.0.1:1',
      region: 'us-east-1',
      keyId: 'id-1',
      secret: "it's secret",
      buckets: ['emrys-data', 'lake'],
    })
    const server = ['--url', cloud.url, '--token-file', join(cloud.dataDir, 'admin-token')]
    const shown = await emrys(t, ['object-storage', ...server])
    assert.match(
      shown.out,
      /^endpoint {2}http:\/\/127\.0\.0\.1:1\n.*\nbuckets {3}emrys-data, lake\nkey id/,
    )
    const variables = await emrys(t, ['object-storage', '--env', ...server])
    assert.match(variables.out, /^export AWS_SECRET_ACCESS_KEY='it'\\''s secret'$/m)
    assert.match(variables.out, /^export AWS_REQUEST_CHECKSUM_CALCULATION='when_required'$/m)
    const none = await emrys(t, ['object-storage', '--cloud', 'tencent', ...server])
    assert.equal(none.code, 1)
    assert.match(none.err, /tencent has no object storage in the environment; `object-storage: /)
    writeFileSync(keyFile, 'hidden\n')
    const broken = await askAdmin(cloud.port, PAGE, { method: 'POST', body })
    assert.equal(broken.status, 503)
    assert.doesNotMatch(broken.text, /hidden/)
  },
)
