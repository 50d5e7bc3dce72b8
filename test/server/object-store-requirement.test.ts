import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startCloud } from '../support/fixture/cloud.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

test('an environment whose store cannot run here keeps the server from starting, with what to do', async (t) => {
  const environmentFile = join(temporaryDirectory(t), 'environment.yaml')
  writeFileSync(
    environmentFile,
    'alibaba:\n  object-storage: { endpoint: local }\n  buckets: [{ id: lake }]\n',
  )
  const engines = { cache: temporaryDirectory(t), pythonIndex: '', mavenRepository: '' }
  await assert.rejects(startCloud(t, { config: { environmentFile, engines } }), {
    message:
      'object-storage of the environment: the module s3proxy is not on this machine; `emrys engines fetch s3proxy` brings it',
  })
})
