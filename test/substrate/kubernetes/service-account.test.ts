import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { manualClock } from '../../../src/kernel/clock.ts'
import { serviceAccountAccess } from '../../../src/substrate/kubernetes/service-account.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const environment = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' }

test('a pod reaches its API server as its account, with the token that is in force', async (t) => {
  const directory = temporaryDirectory(t)
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text)
  write('token', 'one')
  write('ca.crt', 'AUTHORITY')
  write('namespace', 'emrys-system')
  const clock = manualClock()
  const { credential, ...access } = serviceAccountAccess({ environment, clock, directory })
  assert.deepEqual(access, {
    server: 'https://10.96.0.1:443',
    authority: 'AUTHORITY',
    namespace: 'emrys-system',
  })
  write('token', 'two')
  assert.deepEqual(await credential(false), { token: 'one' })
  clock.advance(60_000)
  assert.deepEqual(await credential(false), { token: 'two' })
  write('token', 'three')
  assert.deepEqual(await credential(true), { token: 'three' })
  const six = { ...environment, KUBERNETES_SERVICE_HOST: 'fd00::1' }
  const { server } = serviceAccountAccess({ environment: six, clock, directory })
  assert.equal(server, 'https://[fd00::1]:443')
})

test('what is no pod, or has no account, says so', (t) => {
  const clock = manualClock()
  const directory = temporaryDirectory(t)
  assert.throws(() => serviceAccountAccess({ environment: {}, clock, directory }), /this is no pod/)
  assert.throws(
    () => serviceAccountAccess({ environment, clock, directory }),
    /the service account's token, .*\/token, cannot be read \(ENOENT\)/,
  )
})
