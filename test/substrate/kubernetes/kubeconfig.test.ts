import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { manualClock } from '../../../src/kernel/clock.ts'
import { AccessProblem } from '../../../src/substrate/kubernetes/access.ts'
import { kubeconfigAccess } from '../../../src/substrate/kubernetes/kubeconfig.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
const DATA = Buffer.from(PEM).toString('base64')

interface Parts {
  readonly cluster?: Readonly<Record<string, unknown>>
  readonly user?: Readonly<Record<string, unknown>>
}

function written(t: TestContext, { cluster = {}, user = { token: 'abc' } }: Parts = {}) {
  const directory = temporaryDirectory(t)
  const path = join(directory, 'config')
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [
      { name: 'here', context: { cluster: 'c', user: 'u', namespace: 'team' } },
      { name: 'there', context: { cluster: 'd', user: 'u' } },
    ],
    clusters: [
      {
        name: 'c',
        cluster: {
          server: 'https://127.0.0.1:6443/k8s/',
          'certificate-authority-data': DATA,
          ...cluster,
        },
      },
      { name: 'd', cluster: { server: 'https://there.example' } },
    ],
    users: [{ name: 'u', user }],
  }
  writeFileSync(path, JSON.stringify(config))
  const clock = manualClock()
  return {
    directory,
    path,
    clock,
    open: (context?: string) =>
      kubeconfigAccess({ path, clock, ...(context !== undefined && { context }) }),
  }
}

test('the current context says server, authority, namespace and token; another one can be named', async (t) => {
  const { open } = written(t, { cluster: { 'tls-server-name': 'kubernetes' } })
  const { credential, ...access } = open()
  assert.deepEqual(access, {
    server: 'https://127.0.0.1:6443/k8s',
    authority: PEM,
    serverName: 'kubernetes',
    namespace: 'team',
  })
  assert.deepEqual(await credential(false), { token: 'abc' })
  assert.equal(open('there').server, 'https://there.example')
  assert.throws(() => open('nowhere'), /has no context nowhere/)
})

test('files are named from the folder of the kubeconfig, and read again when they are a minute old or were refused', async (t) => {
  const { directory, clock, open } = written(t, {
    cluster: { 'certificate-authority-data': undefined, 'certificate-authority': 'ca.crt' },
    user: { tokenFile: 'token', 'client-certificate': 'c.crt', 'client-key-data': DATA },
  })
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text)
  write('ca.crt', PEM)
  write('token', 'one\n')
  write('c.crt', 'certificate')
  const { authority, credential } = open()
  assert.equal(authority, PEM.trim())
  assert.deepEqual(await credential(false), { token: 'one', certificate: 'certificate', key: PEM })
  write('token', 'two\n')
  assert.equal((await credential(false)).token, 'one')
  assert.equal((await credential(true)).token, 'two')
  write('token', 'three\n')
  clock.advance(60_000)
  assert.equal((await credential(false)).token, 'three')
  write('token', '')
  await assert.rejects(credential(true), /tokenFile of the kubeconfig, .*token, is empty/)
})

test('what would have no effect is refused by its name', (t) => {
  const cases: readonly (readonly [Parts, RegExp])[] = [
    [{ cluster: { 'insecure-skip-tls-verify': true } }, /insecure-skip-tls-verify, which has no/],
    [{ cluster: { 'proxy-url': 'http://proxy' } }, /proxy-url/],
    [{ cluster: { server: 'http://127.0.0.1:8080' } }, /no https server/],
    [{ cluster: { 'certificate-authority-data': 'AAAA' } }, /no PEM/],
    [{ user: { username: 'me', password: 'secret-word' } }, /username/],
    [{ user: { 'auth-provider': { name: 'gcp' } } }, /auth-provider/],
    [{ user: { token: 'abc', as: 'other' } }, /has as, which/],
    [{ user: {} }, /without a credential/],
    [{ user: { 'client-certificate-data': DATA } }, /and not both/],
    [
      { user: { exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1', command: 'x' } } },
      /v1alpha1, not/,
    ],
    [
      {
        user: {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1',
            command: 'x',
            interactiveMode: 'Always',
          },
        },
      },
      /wants a terminal/,
    ],
    [
      {
        user: {
          token: 'abc',
          exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'x' },
        },
      },
      /exec and another credential/,
    ],
  ]
  for (const [parts, reason] of cases)
    assert.throws(
      () => written(t, parts).open(),
      (problem) => {
        assert.ok(problem instanceof AccessProblem, String(problem))
        assert.match(problem.message, reason)
        assert.doesNotMatch(problem.message, /secret-word|abc\b/)
        return true
      },
    )
})

test('a file that is not there, is no YAML, is too large, or multiplies itself is refused', (t) => {
  const { path, open } = written(t)
  for (const [text, reason] of [
    ['a: [', /no YAML/],
    ['a: &a [1]\nb: [*a, *a]\n', /no YAML, or repeats itself/],
    [' ', /is empty/],
    ['x'.repeat(1024 * 1024 + 1), /larger than a mebibyte/],
  ] as const) {
    writeFileSync(path, text)
    assert.throws(() => open(), reason)
  }
  assert.throws(
    () => kubeconfigAccess({ path: `${path}-none`, clock: manualClock() }),
    /cannot be read \(ENOENT\)/,
  )
})
