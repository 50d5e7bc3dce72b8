import assert from 'node:assert/strict'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { manualClock } from '../../../src/kernel/clock.ts'
import { execCredential } from '../../../src/substrate/kubernetes/exec-credential.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const VERSION = 'client.authentication.k8s.io/v1'

/** A program that runs these lines; each start is a line of the file `starts`. */
function plugin(t: TestContext, script: string, answerMs = 20_000) {
  const directory = temporaryDirectory(t)
  const command = join(directory, 'give')
  writeFileSync(command, `#!/bin/sh\necho start >>starts\n${script}\n`)
  chmodSync(command, 0o700)
  const clock = manualClock()
  const it = {
    apiVersion: VERSION,
    command,
    args: ['--for', 'me'],
    env: { GIVEN: 'word' },
    directory,
  }
  return {
    clock,
    directory,
    credential: execCredential({ ...it, cluster: { server: 'https://x' } }, clock, { answerMs }),
    starts: () => readFileSync(join(directory, 'starts'), 'utf8').split('\n').length - 1,
  }
}

function answer(status: object, apiVersion = VERSION): string {
  return `echo '${JSON.stringify({ kind: 'ExecCredential', apiVersion, status })}'`
}

test('the program gets its arguments, its environment and the cluster, and no terminal', async (t) => {
  const script = `cat >input; echo "$@ $GIVEN" >told; echo "$KUBERNETES_EXEC_INFO" >info\n${answer({ token: 'abc' })}`
  const { credential, directory } = plugin(t, script)
  assert.deepEqual(await credential(false), { token: 'abc' })
  const read = (name: string) => readFileSync(join(directory, name), 'utf8')
  assert.equal(read('told'), '--for me word\n')
  assert.equal(read('input'), '')
  assert.deepEqual(JSON.parse(read('info')), {
    apiVersion: VERSION,
    kind: 'ExecCredential',
    spec: { interactive: false, cluster: { server: 'https://x' } },
  })
})

test('it is started once for those who ask together, and again when it expires or is refused', async (t) => {
  const clock = manualClock()
  const until = new Date(clock.wall() + 600_000).toISOString()
  const it = plugin(t, answer({ token: 'abc', expirationTimestamp: until }))
  await Promise.all([it.credential(false), it.credential(false)])
  await it.credential(false)
  assert.equal(it.starts(), 1)
  await it.credential(true)
  assert.equal(it.starts(), 2)
  it.clock.advance(569_999)
  await it.credential(false)
  assert.equal(it.starts(), 2)
  it.clock.advance(1)
  await it.credential(false)
  assert.equal(it.starts(), 3)
})

test('a certificate with its key is a credential too', async (t) => {
  const status = { clientCertificateData: 'CERT', clientKeyData: 'KEY' }
  assert.deepEqual(await plugin(t, answer(status)).credential(false), {
    certificate: 'CERT',
    key: 'KEY',
  })
})

test('a program that fails, hangs, talks too much or answers nonsense gives its reason and none of its words', async (t) => {
  const cases = [
    ['echo secret-word >&2; exit 3', /fails with exit code 3/],
    ['exec sleep 30', /does not answer within 0.5 s/],
    ['head -c 300000 /dev/zero', /says more than a credential/],
    ['echo secret-word', /does not answer JSON/],
    [answer({ token: 'secret-word' }, 'client.authentication.k8s.io/v1beta1'), /no|not answer an/],
    [answer({}), /neither a token nor a certificate/],
    [
      answer({ token: 'secret-word', expirationTimestamp: 'soon' }),
      /a time of expiry that is none/,
    ],
  ] as const
  for (const [script, reason] of cases) {
    const { credential } = plugin(t, script, script.includes('sleep') ? 500 : 20_000)
    await assert.rejects(credential(false), (problem: Error) => {
      assert.match(problem.message, reason)
      assert.doesNotMatch(`${problem.message} ${problem.stack}`, /secret-word/)
      return true
    })
  }
})

test('a program that is not there is named', async () => {
  const missing = {
    apiVersion: VERSION,
    command: '/nowhere/give',
    args: [],
    env: {},
    directory: '/',
  }
  await assert.rejects(execCredential(missing, manualClock())(false), /\/nowhere\/give.*ENOENT/)
})
