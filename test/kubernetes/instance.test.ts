/** CreateInstanceV1 to SQL in a pod, and the rest of an instance's life, by the vendor's own runtime on a real control plane. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise'
import { products } from '../../src/substrate/kubernetes/product/products.ts'
import { resources, type KubernetesObject } from '../../src/substrate/kubernetes/resource.ts'
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
  'an instance is created, asked by SQL, changed, and released with everything that it had',
  { skip, timeout: 600_000 },
  async (t) => {
    const world = await startWorld(ending, ({ client: own }) => enginePods(own))
    const { client, kubelet, ask } = world
    await ask('POST', '/apis/storage.k8s.io/v1/storageclasses', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'fast' },
      provisioner: 'none.example/none',
      allowVolumeExpansion: true,
    })
    startVolumes(ending, ask)
    const group = { cu: 8, storageSize: 200, storagePerformanceLevel: 'pl1', diskNumber: 1 }
    const instance = await startInstance(t, {
      body: {
        RunMode: 'shared_nothing',
        FrontendNodeGroups: [{ ...group, residentNodeNumber: 1 }],
        BackendNodeGroups: [{ ...group, residentNodeNumber: 3 }],
      },
      ...onKubernetes(world, {
        provision: { storageClasses: { pl1: 'fast' }, zones: {}, images: 'starrocks' },
        frontends: frontends(9030),
      }),
    })
    const namespace = `emrys-${instance.id}`
    const frontend = () => kubelet.pods.get(`${namespace}/sr-fe-0`)
    const logIn = (user: string, password: string): Promise<Connection> =>
      createConnection({ host: frontend()?.host ?? '', port: 9030, user, password })
    /** Those that are pods, by their names, and whether they are decommissioned. */
    const backends = async () => {
      const connection = await logIn('admin', PASSWORD)
      const [found] = await connection.query<RowDataPacket[]>('SHOW BACKENDS')
      connection.destroy()
      return found
        .map((row) => [String(row['Name']), String(row['SystemDecommissioned'])] as const)
        .filter(([name]) => name.startsWith('sr-'))
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
    }
    const rows = async () => {
      const connection = await logIn('admin', PASSWORD)
      const [found] = await connection.query<RowDataPacket[]>('SELECT count(*) AS n FROM shop.o')
      connection.destroy()
      return Number(found[0]?.['n'])
    }

    await t.test(
      'SQL answers in its pod, with the password that was given and no other',
      async () => {
        const connection = await logIn('admin', PASSWORD)
        await connection.query('CREATE DATABASE shop')
        await connection.query(
          'CREATE TABLE shop.o (id INT) DUPLICATE KEY(id) DISTRIBUTED BY HASH(id)',
        )
        await connection.query('INSERT INTO shop.o VALUES (1), (2), (3)')
        connection.destroy()
        assert.equal(await rows(), 3)
        for (const user of ['root', 'admin'])
          await assert.rejects(logIn(user, ''), { code: 'ER_ACCESS_DENIED_ERROR' })
        const { status } = await instance.document()
        assert.deepEqual(status.endpoints?.[0], {
          name: 'mysql',
          host: `sr-fe-service.${namespace}.svc`,
          port: 9030,
        })
      },
    )

    await t.test('more nodes are more pods', async () => {
      await instance.send('ModifyNodeNumber', { Target: 4 }, 'BE')
      await untilRunning(instance)
      const pods = await client.list(resources.pod, { namespace })
      assert.equal(pods.length, 5)
    })

    await t.test(
      'fewer nodes go once StarRocks has moved their data, with their volumes',
      async () => {
        assert.deepEqual((await backends()).length, 4)
        await instance.send('ModifyNodeNumber', { Target: 3 }, 'BE')
        await untilRunning(instance)
        assert.deepEqual(
          (await backends()).map(([name, decommissioned]) => `${name} ${decommissioned}`),
          ['sr-be-0 false', 'sr-be-1 false', 'sr-be-2 false'],
        )
        const claims = await client.list(resources.claim, { namespace })
        const names = claims.map(({ metadata }) => metadata.name)
        assert.ok(!names.some((name) => name.endsWith('sr-be-3')), names.join())
        assert.equal(await rows(), 3)
      },
    )

    await t.test('fewer than a table has replicas are refused in words of StarRocks', async () => {
      const connection = await logIn('admin', PASSWORD)
      await connection.query(
        'CREATE TABLE shop.p (id INT) DUPLICATE KEY(id) DISTRIBUTED BY HASH(id) PROPERTIES ("replication_num" = "4")',
      )
      await instance.send('ModifyNodeNumber', { Target: 2 }, 'BE')
      await untilRunning(instance)
      const [operation] = await instance.history()
      const query = { OperationId: operation.OperationId }
      const activities = (await instance.send('ListOperationActivity', query)).body
      assert.match(JSON.stringify(activities), /shop\.p requires 4 replicas/)
      assert.equal((await backends()).length, 3)
      await connection.query('DROP TABLE shop.p')
      connection.destroy()
    })

    await t.test('a restart is another pod on the same data', async () => {
      const before = frontend()?.uid
      await instance.send('RestartInstance')
      await untilRunning(instance)
      assert.notEqual(frontend()?.uid, before)
      assert.equal(await rows(), 3)
    })

    await t.test(
      'a setting is in the file of its part, whose pods alone are replaced',
      async () => {
        const before = (await client.list(resources.pod, { namespace })).map(uidOf)
        await instance.call('ModifyInstanceConfig', {
          query: { InstanceId: instance.id, Reason: 'slow queries' },
          body: {
            configsToUpdate: [
              { configType: 'FE', configKey: 'qe_slow_log_ms', configValue: '7000' },
            ],
          },
        })
        await untilRunning(instance)
        const connection = await logIn('admin', PASSWORD)
        const [found] = await connection.query<RowDataPacket[]>(
          "ADMIN SHOW FRONTEND CONFIG LIKE 'qe_slow_log_ms'",
        )
        connection.destroy()
        assert.ok(Object.values(found[0] ?? {}).includes('7000'), JSON.stringify(found))
        const later = (await client.list(resources.pod, { namespace })).map(uidOf)
        assert.equal(later.filter((uid) => !before.includes(uid)).length, 1)
        // The former file goes once nothing reads it, which may be just after the change has settled.
        await until(async () => {
          const files = await client.list(resources.configMap, { namespace })
          return files.filter(({ metadata: { name } }) => name.startsWith('sr-fe-')).length === 1
        })
        assert.equal(await rows(), 3)
      },
    )

    await t.test(
      'another password is given by SQL, without a restart; one that is given again holds again',
      async () => {
        const before = frontend()?.uid
        await instance.send('ModifyUserPassword', { Password: 'Another#1234' })
        await untilRunning(instance)
        await assert.rejects(logIn('admin', PASSWORD), { code: 'ER_ACCESS_DENIED_ERROR' })
        const own = await logIn('admin', 'Another#1234')
        await own.query("ALTER USER admin IDENTIFIED BY 'Mine#12345'")
        own.destroy()
        await instance.send('ModifyUserPassword', { Password: PASSWORD })
        await untilRunning(instance)
        assert.equal(await rows(), 3)
        assert.equal(frontend()?.uid, before)
      },
    )

    await t.test(
      'larger disks grow under pods that continue; more of them are pods with more',
      async () => {
        const podsOf = async () =>
          (await client.list(resources.pod, { namespace })).map(uidOf).toSorted()
        const sizes = async () => {
          const claims = await client.list(resources.claim, { namespace })
          return claims
            .filter(({ metadata }) => metadata.name.includes('-sr-be-'))
            .map(({ status }) => (status as { capacity?: { storage: string } }).capacity?.storage)
        }
        const before = await podsOf()
        await instance.send('ModifyDiskSize', { Target: 300 }, 'BE')
        await untilRunning(instance)
        assert.deepEqual(await sizes(), ['300Gi', '300Gi', '300Gi'])
        assert.deepEqual(await podsOf(), before)
        await instance.send('ModifyDiskNumber', { Target: 2 }, 'BE')
        await untilRunning(instance)
        assert.deepEqual(
          await sizes(),
          Array.from({ length: 6 }, () => '300Gi'),
        )
        assert.equal(await rows(), 3)
        const { code } = await instance.refusal('ModifyDiskSize', { Target: 200 }, 'BE')
        assert.ok(code)
      },
    )

    await t.test('larger nodes are pods of that size, made one after the other', async () => {
      await instance.send('ModifyCu', { Target: 16 }, 'BE')
      await untilRunning(instance)
      const pods = await client.list(resources.pod, { namespace })
      const cpus = pods.map(cpuOf).sort()
      assert.deepEqual(cpus, ['16', '16', '16', '8'])
    })

    await t.test('the password stands in nothing but a Secret', async () => {
      // Definitions of other operators are not there.
      const others = products.flatMap(({ types }) => types)
      for (const type of Object.values(resources)) {
        if (type === resources.secret || others.includes(type)) continue
        const found = JSON.stringify(await client.list(type))
        assert.ok(!found.includes(PASSWORD), type.kind)
        assert.ok(!found.includes(Buffer.from(PASSWORD).toString('base64')), type.kind)
      }
    })

    await t.test('a release leaves nothing', async () => {
      await instance.send('ReleaseInstance')
      await until(async () => (await instance.document()).status.state === 'deleted')
      assert.equal(await client.find({ type: resources.namespace, name: namespace }), undefined)
      assert.deepEqual(await client.list(resources.claim), [])
      assert.equal(kubelet.pods.size, 0)
    })
  },
)

function uidOf({ metadata }: KubernetesObject): string {
  return metadata.uid ?? ''
}

function cpuOf(pod: KubernetesObject): string {
  const { containers } = pod['spec'] as {
    readonly containers: readonly {
      readonly resources: { readonly limits: { readonly cpu: string } }
    }[]
  }
  return containers[0]?.resources.limits.cpu ?? ''
}
