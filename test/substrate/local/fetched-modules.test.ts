/** What clusters wait for is fetched once for all of them, and again where it could not be had. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { networkSource } from '../../../src/artifact/source.ts'
import { sha256Hex } from '../../../src/kernel/digest.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { fetchedModules } from '../../../src/substrate/local/fetched-modules.ts'
import { cachedModules } from '../../../src/substrate/local/module.ts'
import { serviceComponent } from '../../../src/substrate/local/service-component.ts'
import { echoComponent } from '../../support/engine/echo-component.ts'
import { until } from '../../support/engine/emr-cluster.ts'
import { localDirectory, ready, untilSeen } from '../../support/engine/local-substrate.ts'
import { sampleGroup, sampleSpec } from '../../support/fixture/sample.ts'
import { echo } from '../../support/fixture/service.ts'
import { artifactServer } from '../../support/http/artifact-server.ts'
import { cleanUp } from '../../support/process/clean-up.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import { wantedOf } from '../subject.ts'

const PATH = 'org/example/echo/2.0/echo-2.0.jar'
const JAR = randomBytes(300_000)

async function opened(t: Parameters<typeof artifactServer>[0]) {
  const server = await artifactServer(t)
  const cache = temporaryDirectory(t)
  const pin = { size: JAR.length, sha256: sha256Hex(JAR) }
  const artifacts = [{ ...pin, origin: { kind: 'maven', path: PATH } as const }]
  const parts = [{ name: 'echo', version: '2.0', use: 'tests', artifacts }]
  const locks = [{ engine: 'echo', parts }]
  const addresses = { pythonIndex: '', mavenRepository: `${server.url}/maven2` }
  const source = networkSource(addresses)
  const known = cachedModules(cache, ...locks)
  const it = fetchedModules(known, { cache, locks, source, log: silentLogger(), againMs: 1_500 })
  cleanUp(t, () => it.close())
  const serve = () => server.files.set(`/maven2/${PATH}`, JAR)
  return { modules: it.modules, server, serve }
}

test('a part is fetched once for all that wait for it, and tried again where it cannot be had', async (t) => {
  const { modules, server, serve } = await opened(t)
  const asked = () => modules.awaited?.('echo')
  assert.equal(asked(), 'echo is being fetched')
  await until(
    'it is refused',
    () => asked()?.startsWith('echo could not be fetched, which is tried again: ') === true,
  )
  serve()
  await until('it is there', () => asked() === undefined)
  assert.equal(modules.unmet('echo'), undefined)
  const fetches = server.seen.length
  assert.equal(asked(), undefined)
  assert.equal(server.seen.length, fetches)
  assert.match(modules.awaited?.('other') ?? '', /other is not made for this platform/)
})

test('a cluster waits for what is fetched, says so, and starts when it is there', async (t) => {
  const { modules, serve } = await opened(t)
  const component = echoComponent('f')
  const roles = component.roles.map((role) => ({
    ...role,
    absent: () => modules.awaited?.('echo'),
  }))
  const { open, pid } = localDirectory(t, { ...component, roles })
  const substrate = open()
  substrate.supervise?.(() => {})
  const groups = [{ ...sampleGroup('h', 1), role: 'head' }, sampleGroup('w', 1)]
  const it = wantedOf({ groups }, 'c-1')
  await substrate.apply(it)
  await untilSeen(substrate, 'c-1', ({ groups: [group] }) =>
    /^echo (?:is being|could not be) fetched/.test(group?.problem?.reason ?? ''),
  )
  assert.equal(pid('c-1'), 0)
  serve()
  await ready(substrate, it)
  assert.ok(pid('c-1') > 0)
})

test('a cluster is refused for what is not there, but for what it may wait for', async (t) => {
  const { modules } = await opened(t)
  const componentWith = (own: typeof modules) =>
    serviceComponent({
      family: 'hadoop',
      services: [echo],
      skipped: [],
      modules: own,
      env: process.env,
    })
  const software = { family: 'hadoop', version: 'V', components: ['echo-2.0'] }
  const groups = [
    { ...sampleGroup('m', 1), role: 'master' },
    { ...sampleGroup('c', 1), role: 'core' },
  ]
  const lackIn = (own: typeof modules, storage?: object) =>
    componentWith(own).unmet?.({
      id: 'c',
      spec: sampleSpec({ software, groups, ...(storage && { storage }) }),
    })
  const { awaited: _none, ...refusing } = modules
  assert.match(lackIn(refusing)?.detail ?? '', /`emrys engines fetch echo` brings it/)
  assert.equal(lackIn(modules), undefined)
  // Nobody has it for this platform.
  assert.equal(lackIn(modules, {})?.what, 'echo-buckets')
})
