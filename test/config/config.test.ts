import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigProblem, loadConfig } from '../../src/config/config.ts'

const transit = {
  'key-service.driver': 'transit',
  'key-service.transit.address': 'https://vault.example:8200/',
}

function problemsOf(sources: Parameters<typeof loadConfig>[0]): readonly string[] {
  try {
    loadConfig(sources)
  } catch (problem) {
    assert.ok(problem instanceof ConfigProblem)
    return problem.problems
  }
  return []
}

test('keys are kept by Emrys itself by default', () => {
  assert.deepEqual(loadConfig({}).config.keyService, { driver: 'built-in' })
})

test('a key service elsewhere needs its address and a token, from the environment or a file', () => {
  assert.equal(problemsOf({ flags: { 'key-service.driver': 'transit' } }).length, 2)
  assert.match(problemsOf({ flags: transit }).join(), /needs key-service.transit.token-file/)
  const env = { EMRYS_KEY_SERVICE_TRANSIT_TOKEN: 's.secret-token' }
  assert.deepEqual(loadConfig({ flags: transit, env }).config.keyService, {
    driver: 'transit',
    address: 'https://vault.example:8200',
    mount: 'transit',
    namespace: '',
    token: 's.secret-token',
    tokenFile: '',
    caFile: '',
  })
  const file = { ...transit, 'key-service.transit.token-file': '/run/token' }
  assert.deepEqual(problemsOf({ flags: file }), [])
})

test('the token is not among the settings in force', () => {
  const env = { EMRYS_KEY_SERVICE_TRANSIT_TOKEN: 's.secret-token' }
  const { inForce } = loadConfig({ flags: transit, env })
  assert.ok(!JSON.stringify(inForce).includes('secret-token'))
  const reported = inForce.find(({ name }) => name === 'key-service.transit.token')
  assert.deepEqual(reported, {
    name: reported?.name,
    value: '(not shown)',
    default: '',
    from: 'environment',
  })
})

test('addresses and mounts of another form are refused by name', () => {
  for (const address of ['vault:8200', 'ftp://vault', 'https://user:pw@vault', 'https://vault/v1'])
    assert.match(
      problemsOf({ flags: { ...transit, 'key-service.transit.address': address } }).join(),
      /key-service.transit.address \(from flag\): it must be an address such as/,
    )
  for (const mount of ['', '/transit', 'a//b', '../sys', 'a b'])
    assert.match(
      problemsOf({ flags: { 'key-service.transit.mount': mount } }).join(),
      /is not the path of a mount/,
    )
})

test('an empty host, which would be every address, is refused', () => {
  assert.deepEqual(problemsOf({ flags: { host: '' } }), ['host (from flag): it must not be empty'])
})

test('metadata databases are probed on this machine, anywhere or nowhere', () => {
  assert.equal(loadConfig({}).config.metadataProbe, 'loopback')
  for (const mode of ['off', 'any'])
    assert.equal(loadConfig({ flags: { 'metadata.probe': mode } }).config.metadataProbe, mode)
  assert.match(problemsOf({ flags: { 'metadata.probe': 'some' } }).join(), /none of off, loopback/)
})

test('what is no setting is refused, with the nearest one by name', () => {
  assert.deepEqual(problemsOf({ file: 'prot: 1\ntls: { certs: x }\nweather: fine\n' }), [
    'the configuration file sets prot, which is not a setting; did you mean port?',
    'the configuration file sets tls.certs, which is not a setting; did you mean tls.cert?',
    'the configuration file sets weather, which is not a setting; `emrys config --local` lists them',
  ])
  assert.deepEqual(
    problemsOf({ env: { EMRYS_DEVELOPMENT_KEYS: 'false', EMRYS_LOGLEVEL: 'warn' } }),
    [
      'EMRYS_DEVELOPMENT_KEYS is set, which is not a setting; did you mean EMRYS_DEVELOPMENT_KEY?',
      'EMRYS_LOGLEVEL is set, which is not a setting; did you mean EMRYS_LOG_LEVEL?',
    ],
  )
})

test("variables of the command's own, of tests and of containers are let be", () => {
  const env = {
    EMRYS_URL: 'http://127.0.0.1:1',
    EMRYS_CA: '/ca',
    EMRYS_ACCOUNT: '1',
    EMRYS_PASSWORD: 'x',
    EMRYS_CONFIG: '/file',
    EMRYS_TOKEN: 'x',
    EMRYS_LONG: '1',
    EMRYS_DOCS: 'write',
    EMRYS_SQL_PORT: '1',
    EMRYS_HTTP_PORT: '1',
    EMRYS_FUZZ_SEED: '1',
    EMRYS_SERVICE_HOST: '10.0.0.1',
    EMRYS_PORT_4580_TCP_ADDR: '10.0.0.1',
    HOSTS: 'x',
  }
  assert.deepEqual(problemsOf({ env }), [])
})
