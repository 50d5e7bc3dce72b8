/**
 * TLS of an instance on a real API server: its key store lies in a Secret, front ends are replaced to read it, and clients verify them by what the API
 * shows. In the place of a front end stands the engine of this program, which is given the key store as fe.conf and the pod say where it is.
 */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, test } from 'node:test'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import { frontends } from '../../src/substrate/kubernetes/starrocks/frontend.ts'
import { startInstance, untilRunning } from '../support/fixture/alibaba-instance.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import { enginePods } from './engine-pod.ts'
import { onKubernetes } from './instance-cloud.ts'
import { startVolumes } from './volume.ts'
import { startWorld } from './world.ts'
import { until } from './until.ts'

const skip = skipWithoutControlPlane()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const PASSWORD = '1qaz@QAZ'

test(
  'clients verify front ends by the certificate that the API shows, until it is taken away',
  { skip, timeout: 600_000 },
  async (t) => {
    const world = await startWorld(ending, ({ client: own }) => enginePods(own))
    const { client, kubelet, ask } = world
    await ask('POST', '/apis/storage.k8s.io/v1/storageclasses', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'any' },
      provisioner: 'none.example/none',
    })
    startVolumes(ending, ask)
    const group = { cu: 8, storageSize: 200, storagePerformanceLevel: 'pl1', diskNumber: 1 }
    const versions: Record<string, string> = {}
    const instance = await startInstance(t, {
      body: {
        RunMode: 'shared_nothing',
        FrontendNodeGroups: [{ ...group, residentNodeNumber: 1 }],
        BackendNodeGroups: [{ ...group, residentNodeNumber: 1 }],
      },
      ...onKubernetes(world, {
        provision: { storageClasses: { '*': 'any' }, zones: {}, images: 'starrocks', versions },
        frontends: frontends(9030),
      }),
    })
    const namespace = `emrys-${instance.id}`
    const podUid = (name: string) => kubelet.pods.get(`${namespace}/${name}`)?.uid
    const frontend = () => kubelet.pods.get(`${namespace}/sr-fe-0`)?.host ?? ''
    const cipher = async (ca: string) => {
      const connection = await createConnection({
        host: frontend(),
        port: 9030,
        user: 'admin',
        password: PASSWORD,
        ssl: { ca, rejectUnauthorized: true },
      })
      const [rows] = await connection.query<RowDataPacket[]>('SELECT 1 AS one')
      connection.destroy()
      return rows[0]?.['one'] as unknown
    }
    const details = async () => (await instance.send('ListSSLDetails')).body.Data
    const configuration = async () => {
      const files = await client.list(resources.configMap, { namespace })
      return files
        .filter(({ metadata: { name } }) => name.startsWith('sr-fe-'))
        .map(({ data }) => JSON.stringify(data))
        .join()
    }
    const enable = { EnableCustom: false, Renewal: false }

    await t.test('StarRocks of a version that has none refuses it by name', async () => {
      const { code, message } = await instance.refusal('EnableSSLConnection', enable)
      assert.equal(code, 'UnsupportedOperation')
      assert.match(message, /from 3\.4\.1 on, and 3\.3\.13 runs/)
    })

    versions['starrocks'] = '3.5.8'
    let before = { fe: podUid('sr-fe-0'), be: podUid('sr-be-0') }

    await t.test('a certificate of the service', async () => {
      await assert.rejects(cipher('none'))
      await instance.send('EnableSSLConnection', enable)
      await untilRunning(instance)
      const { SslCertificateText: certificate, EnableSSL } = await details()
      assert.equal(EnableSSL, true)
      assert.equal(await cipher(certificate), 1)
      assert.notEqual(podUid('sr-fe-0'), before.fe)
      const { status } = await instance.document()
      assert.match(status.reason ?? '', /^starrocks 3\.3\.13.* runs as 3\.5\.8$/)
    })

    await t.test('the key and its password stand in the Secret alone', async () => {
      const secret = await client.find({ type: resources.secret, namespace, name: 'sr-tls' })
      const data = secret?.['data'] as Readonly<Record<string, string>>
      const password = Buffer.from(data['password'] ?? '', 'base64').toString()
      assert.ok(password.length > 20)
      const text = await configuration()
      assert.match(text, /ssl_keystore_location = \/etc\/starrocks-tls\/keystore\.p12/)
      assert.ok(!text.includes(password))
      for (const type of [resources.starrocks, resources.statefulSet, resources.pod])
        assert.ok(!JSON.stringify(await client.list(type, { namespace })).includes(password))
    })

    await t.test(
      'another one takes its place, and the former is not accepted any more',
      async () => {
        const { SslCertificateText: former } = await details()
        before = { fe: podUid('sr-fe-0'), be: podUid('sr-be-0') }
        await instance.send('EnableSSLConnection', { EnableCustom: false, Renewal: true })
        await untilRunning(instance)
        const { SslCertificateText: certificate } = await details()
        const serial = (pem: string) => new X509Certificate(pem).serialNumber
        assert.notEqual(serial(certificate), serial(former))
        assert.equal(await cipher(certificate), 1)
        await assert.rejects(cipher(former))
        // Workers have nothing to do with it.
        assert.equal(podUid('sr-be-0'), before.be)
      },
    )

    await t.test('taken away, nothing of it is left', async () => {
      const { SslCertificateText: former } = await details()
      await instance.send('DisableSSLConnection')
      await untilRunning(instance)
      await assert.rejects(cipher(former))
      // What no pod reads any more is removed once the instance is as it is wanted, which the API may say a moment earlier.
      await until(async () => !(await configuration()).includes('ssl_keystore'))
      await until(async () => {
        const secret = await client.find({ type: resources.secret, namespace, name: 'sr-tls' })
        return secret !== undefined && secret['data'] === undefined
      })
    })
  },
)
