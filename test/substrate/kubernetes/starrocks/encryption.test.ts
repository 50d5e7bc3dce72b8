import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newAccess } from '../../../../src/domain/cluster/access.ts'
import { selfSignedCertificate } from '../../../../src/kernel/certificate.ts'
import { serverKeyText } from '../../../../src/kernel/key-store.ts'
import {
  certificateOf,
  keptKeyStore,
  unmetKey,
  keyStoreSecret,
} from '../../../../src/substrate/kubernetes/starrocks/encryption.ts'
import { instanceObjects } from '../../../../src/substrate/kubernetes/starrocks/objects.ts'
import { nextNote, templateText } from '../../../../src/substrate/kubernetes/starrocks/note.ts'
import type { KubernetesObject } from '../../../../src/substrate/kubernetes/resource.ts'
import { recordOf } from '../../../../src/kernel/json.ts'
import {
  instanceSpec,
  partGroup,
  sampleInstallation,
  sampleProvision,
} from '../../../support/fixture/starrocks-instance.ts'

const plain = newAccess({ id: 'dg-1', name: 'default', balanced: true })
const encrypted = (secret: string) => ({
  ...plain,
  encryption: { secret, certificate: 'c', custom: false },
})

test('a certificate is known by its secret, and one that is gone is remembered', () => {
  const first = certificateOf(encrypted('one'), undefined)
  assert.match(first ?? '', /^[0-9a-f]{16}$/)
  assert.notEqual(certificateOf(encrypted('two'), first), first)
  assert.equal(certificateOf(plain, undefined), undefined)
  assert.equal(certificateOf(plain, first), '')
  assert.equal(certificateOf({ ...plain, encryption: 'off' }, ''), '')
})

test('a password that StarRocks would read otherwise is refused', () => {
  const unmetRequirement = (password: string) =>
    unmetKey(serverKeyText({ store: 'c3RvcmU=', password }))
  for (const password of ['', ' a', 'a\n']) assert.match(unmetRequirement(password) ?? '', /blank/)
  assert.equal(unmetRequirement('a b'), undefined)
  assert.equal(unmetKey(serverKeyText({ certificate: 'c', key: 'k' })), undefined)
  assert.equal(unmetKey(undefined), undefined)
})

test('a key store is made once for each certificate', async () => {
  const { certificatePem: certificate, keyPem } = await selfSignedCertificate(
    { hosts: ['front.example'], days: 1 },
    { wall: Date.now },
  )
  const key = serverKeyText({ certificate, key: keyPem })
  let secret: KubernetesObject | undefined
  const client = { find: async () => secret } as never
  const first = await keptKeyStore(client, 'n', { certificate: 'one', key })
  const { annotations, data } = keyStoreSecret(first)
  secret = { metadata: { name: 'sr-tls', annotations }, data }
  assert.deepEqual(await keptKeyStore(client, 'n', { certificate: 'one', key }), first)
  const second = await keptKeyStore(client, 'n', { certificate: 'two', key })
  assert.notEqual(second.password, first.password)
})

test('front ends and observers mount the key store, and are what another one replaces', () => {
  const spec = instanceSpec([partGroup('fe', 1), partGroup('be', 1), partGroup('observer', 1)])
  const noted = (secret: string | undefined) =>
    nextNote(
      {
        id: 'c-1',
        name: 'n',
        spec: { ...spec, access: secret === undefined ? plain : encrypted(secret) },
        reveal: () => undefined,
      },
      { was: undefined, pods: new Map(), nowMs: 0 },
    ).groups.map((group) => [group.part, templateText(group)] as const)
  const [none, first, second] = [noted(undefined), noted('one'), noted('two')]
  for (const [at, [part, text]] of none.entries()) {
    const isSame = part === 'be'
    assert.equal(first[at]?.[1] === text, isSame, part)
    assert.equal(second[at]?.[1] === first[at]?.[1], isSame, part)
  }
  const keyStore = { certificate: 'd', store: 'c3RvcmU=', password: 'cGFzcw==' }
  const objects = instanceObjects({
    installation: sampleInstallation,
    provision: sampleProvision,
    id: 'c-1',
    namespace: 'n',
    name: 'n',
    spec,
    passwords: { password: 'p' },
    keyStore,
    sets: new Map(
      spec.groups.map(({ id, role }) => [
        id,
        { set: role === 'observer' ? 'sr-observer' : `sr-${role}`, replicas: 1, template: '{}' },
      ]),
    ),
    generation: 1,
  })
  const secret = objects.find(({ metadata }) => metadata.name === 'sr-tls')
  assert.deepEqual(secret?.['data'], keyStoreSecret(keyStore).data)
  const others = objects.filter((each) => each !== secret)
  assert.ok(!JSON.stringify(others).includes(keyStore.password))
  const cluster = recordOf(objects.find(({ kind }) => kind === 'StarRocksCluster')?.['spec'])
  assert.match(JSON.stringify(cluster['starRocksFeSpec']), /"secrets":\[{"name":"sr-tls"/)
  assert.doesNotMatch(JSON.stringify(cluster['starRocksBeSpec']), /sr-tls/)
  const observer = objects.find(({ kind }) => kind === 'StatefulSet')
  assert.match(JSON.stringify(observer), /"secret":{"secretName":"sr-tls"}/)
})
