/**
 * Emrys in the cluster that it uses: the chart is installed, its pods are containers of the image with the account that the API server gave
 * them, and what they are asked for comes to be in that cluster. One server with its volume, and several on a PostgreSQL.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createConnection } from 'mysql2/promise'
import { random } from '../../src/kernel/random.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import { skipWithoutPostgres, startPostgres } from '../support/engine/postgres.ts'
import { alibabaClient, createBody } from '../support/http/alibaba-client.ts'
import { cleanUp, type Ending } from '../support/process/clean-up.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { askerOf } from './api.ts'
import { builtImage } from './built-image.ts'
import { NAMESPACE, objectsOf, placeOf, skipWithoutChart } from './chart-object.ts'
import { skipWithoutContainers } from './container.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import { API_ADDRESS, emrysPods, type RunningPods } from './emrys-pod.ts'
import { enginePods } from './engine-pod.ts'
import type { Kubelet } from './kubelet.ts'
import { until } from './until.ts'
import { startWorld } from './world.ts'

const skip = skipWithoutControlPlane() || skipWithoutChart() || skipWithoutContainers()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const PASSWORD = '1qaz@QAZ'
const ACCOUNT = '1000000000000007'
const DATABASE = '10.96.0.50'
const START_MS = 300_000

const directory = temporaryDirectory(ending)
const image = skip ? undefined : await builtImage(directory)
const root = join(directory, 'root')
image?.unpack(root)

interface Services {
  readonly [address: string]: { readonly host: string; readonly port: number }
}

async function installed(t: Ending, values: object, services: Services = {}) {
  assert.ok(image)
  let servers: RunningPods | undefined
  const world = await startWorld(t, (plane) => {
    const api = { [`${API_ADDRESS}:443`]: { host: '127.0.0.1', port: plane.port } }
    const ask = askerOf(t, plane.access)
    const place = join(plane.directory, 'pods')
    servers = emrysPods(t, {
      image,
      root,
      directory: place,
      ask,
      services: { ...services, ...api },
    })
    const { run } = servers
    const engines = enginePods(plane.client)
    return (pod, at) => (pod.metadata.namespace === NAMESPACE ? run(pod, at) : engines(pod, at))
  })
  const { client, ask } = world
  await client.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: NAMESPACE,
      labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
    },
  })
  await client.create('/apis/storage.k8s.io/v1/storageclasses', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'fast' },
    provisioner: 'none.example/none',
  })
  return {
    ...world,
    servers: servers!,
    async install() {
      for (const object of objectsOf({
        settings: { EMRYS_KUBERNETES_STORAGE_CLASSES: '*=fast' },
        ...values,
      })) {
        const { status, body } = await ask('POST', placeOf(object), object)
        assert.equal(status, 201, JSON.stringify(body))
      }
    },
  }
}

/** In the place of the chart's Service: connections go to its ready pods in turn. */
async function servicePort(t: Ending, { pods }: Kubelet): Promise<number> {
  let turn = 0
  const server = createServer((socket) => {
    const ready = [...pods].filter(([name, it]) => name.startsWith(`${NAMESPACE}/`) && it.ready)
    const [, chosen] = ready[turn++ % Math.max(1, ready.length)] ?? []
    if (!chosen) return socket.destroy()
    const to = connect({ host: chosen.host, port: 4580 })
    for (const each of [socket, to]) each.on('error', () => {})
    socket.pipe(to).on('close', () => socket.destroy())
    return to.pipe(socket).on('close', () => to.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp(t, () => void server.close())
  return (server.address() as AddressInfo).port
}

function isReady({ pods }: Kubelet, count: number): boolean {
  const found = [...pods].filter(([name, { ready }]) => name.startsWith(`${NAMESPACE}/`) && ready)
  return found.length === count
}

/** Of whoever may do everything in a new account. */
function newKey({ containers }: RunningPods) {
  const execute = (...args: string[]) =>
    containers.get('emrys-0')!.execute(['/usr/bin/emrys', ...args])
  assert.match(
    execute('account', 'add', 'alibaba', 'team-a', '--number', ACCOUNT),
    /1000000000000007/,
  )
  const text = execute('key', 'add', '--account', ACCOUNT)
  const [, keyId = '', secret = ''] = /key id {2}(\S+)\nsecret {2}(\S+)\n/.exec(text) ?? []
  return { keyId, secret, status: () => execute('status') }
}

const group = { cu: 8, storageSize: 200, storagePerformanceLevel: 'pl1', diskNumber: 1 }
const instanceBody = createBody({
  RunMode: 'shared_nothing',
  PromotionOptionNo: '',
  ObserverNodeGroups: [],
  FrontendNodeGroups: [{ ...group, residentNodeNumber: 1 }],
  BackendNodeGroups: [{ ...group, residentNodeNumber: 3 }],
})

function instanceClient(port: number, key: { readonly keyId: string; readonly secret: string }) {
  const call = alibabaClient(port, key)
  return {
    async create() {
      const { body } = await call('CreateInstanceV1', { body: instanceBody })
      return String(body.Data.InstanceId)
    },
    async stateOf(id: string): Promise<string | undefined> {
      const { body } = await call('DescribeInstances', { query: { RegionId: 'cn-hangzhou' } })
      const found = body.Data.find((each: { InstanceId: string }) => each.InstanceId === id)
      return found?.InstanceStatus
    },
    release: (id: string) =>
      call('ReleaseInstance', { query: { RegionId: 'cn-hangzhou', InstanceId: id } }),
  }
}

test(
  'a server in a pod carries an instance by its own account, and continues in the next pod with its volume',
  { skip, timeout: 600_000 },
  async (t) => {
    const { client, kubelet, servers, install } = await installed(t, {})
    await install()
    const logs = () => [...servers.containers.values()].map(({ log }) => log).join('\n')
    await until(() => isReady(kubelet, 1), { describe: logs, mostMs: START_MS })
    const key = newKey(servers)
    await until(() => /StarRocks by StarRocks' operator$/m.test(key.status()), {
      describe: key.status,
    })
    const { create, stateOf, release } = instanceClient(await servicePort(t, kubelet), key)
    const id = await create()
    await until(async () => (await stateOf(id)) === 'running', { describe: logs, mostMs: START_MS })
    const namespace = { type: resources.namespace, name: `emrys-${id}` }
    const made = await client.find(namespace)
    assert.equal(made?.metadata.labels?.['emrys.dev/cluster'], id)
    const host = kubelet.pods.get(`emrys-${id}/sr-fe-0`)?.host ?? ''
    const sql = await createConnection({ host, port: 9030, user: 'admin', password: PASSWORD })
    const [rows] = await sql.query('SELECT 1 AS one')
    sql.destroy()
    assert.deepEqual(rows, [{ one: 1 }])

    const before = kubelet.pods.get(`${NAMESPACE}/emrys-0`)?.uid
    await client.remove({ type: resources.pod, namespace: NAMESPACE, name: 'emrys-0' })
    await until(
      () => isReady(kubelet, 1) && kubelet.pods.get(`${NAMESPACE}/emrys-0`)?.uid !== before,
      { describe: logs, mostMs: START_MS },
    )
    assert.equal(await stateOf(id), 'running')
    await release(id)
    await until(async () => (await client.find(namespace)) === undefined, {
      describe: logs,
      mostMs: START_MS,
    })
  },
)

test(
  'several servers in pods share a database and its key, and one does what another was asked for',
  { skip: skip || skipWithoutPostgres(), timeout: 600_000 },
  async (t) => {
    const postgres = await startPostgres(t)
    const address = new URL(await postgres.database())
    await postgres.demandPassword(PASSWORD)
    const own = `postgres://emrys@${DATABASE}:5432${address.pathname}?sslmode=disable`
    const { client, kubelet, servers, install } = await installed(
      t,
      {
        store: { kind: 'postgres', address: own, passwordSecret: 'database' },
        keySecret: 'key',
        replicas: 2,
      },
      { [`${DATABASE}:5432`]: { host: '127.0.0.1', port: postgres.port } },
    )
    for (const [name, data] of [
      ['database', { password: Buffer.from(PASSWORD).toString('base64') }],
      ['key', { key: Buffer.from(random().hex(64), 'hex').toString('base64') }],
    ] as const)
      await client.create(`/api/v1/namespaces/${NAMESPACE}/secrets`, { metadata: { name }, data })
    await install()
    const logs = () => [...servers.containers.values()].map(({ log }) => log).join('\n')
    await until(() => isReady(kubelet, 2), { describe: logs, mostMs: START_MS })
    const key = newKey(servers)
    await until(() => /StarRocks by StarRocks' operator$/m.test(key.status()), {
      describe: key.status,
    })
    const { create, stateOf, release } = instanceClient(await servicePort(t, kubelet), key)
    const id = await create()
    // Whoever was asked may be gone.
    await client.remove({ type: resources.pod, namespace: NAMESPACE, name: 'emrys-1' })
    await until(async () => (await stateOf(id)) === 'running', { describe: logs, mostMs: START_MS })
    await until(() => isReady(kubelet, 2), { describe: logs, mostMs: START_MS })
    await release(id)
    const namespace = { type: resources.namespace, name: `emrys-${id}` }
    await until(async () => (await client.find(namespace)) === undefined, {
      describe: logs,
      mostMs: START_MS,
    })
  },
)
