/** What an instance begins with beside its password, made by SQL on a real control plane, in the engine of this program as a front end. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { frontends } from '../../src/substrate/kubernetes/starrocks/frontend.ts'
import { startInstance, untilRunning } from '../support/fixture/alibaba-instance.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import { enginePods } from './engine-pod.ts'
import { onKubernetes } from './instance-cloud.ts'
import { startVolumes } from './volume.ts'
import { startWorld } from './world.ts'

const skip = skipWithoutControlPlane()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const REST = 'http://rest.example:8181'
const PASSWORD = '1qaz@QAZ'

test(
  'a catalog and a user that may read it are there when the instance runs, and stay dropped',
  { skip, timeout: 600_000 },
  async (t) => {
    const world = await startWorld(ending, ({ client }) =>
      enginePods(client, { icebergRest: [REST] }),
    )
    const { kubelet, ask } = world
    await ask('POST', '/apis/storage.k8s.io/v1/storageclasses', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'any' },
      provisioner: 'none.example/none',
    })
    startVolumes(ending, ask)
    const environmentFile = join(temporaryDirectory(t), 'environment.yaml')
    writeFileSync(
      environmentFile,
      [
        'alibaba:',
        `  iceberg-rest: ['${REST}']`,
        `  catalogs: [{ id: lake, region: cn-hangzhou, rest: '${REST}' }]`,
      ].join('\n'),
    )
    const group = { cu: 8, storageSize: 200, storagePerformanceLevel: 'pl1', diskNumber: 1 }
    const { cloud, before } = onKubernetes(world, {
      provision: { storageClasses: { '*': 'any' }, zones: {}, images: 'starrocks' },
      frontends: frontends(9030),
    })
    const instance = await startInstance(t, {
      body: {
        RunMode: 'shared_nothing',
        FrontendNodeGroups: [{ ...group, residentNodeNumber: 1 }],
        BackendNodeGroups: [{ ...group, residentNodeNumber: 1 }],
        DlfCatalogName: 'lake',
        DlfCatalogType: 'iceberg',
        LinkedRamUserName: 'analyst',
        PrincipalType: 'RS',
        RamUserId: '200000000000000001',
      },
      cloud: { ...cloud, config: { ...cloud.config, environmentFile } },
      before,
    })
    const rowsAs = async (user: string, sql: string) => {
      const host = kubelet.pods.get(`emrys-${instance.id}/sr-fe-0`)?.host ?? ''
      const connection = await createConnection({ host, port: 9030, user, password: PASSWORD })
      try {
        const [rows] = await connection.query<RowDataPacket[]>(sql)
        return rows
      } finally {
        connection.destroy()
      }
    }
    const catalogs = async (user: string) =>
      (await rowsAs(user, 'SHOW CATALOGS')).map((row) => String(row['Catalog']))
    assert.ok((await catalogs('analyst')).includes('lake'))
    const [created] = await rowsAs('admin', 'SHOW CREATE CATALOG lake')
    assert.match(JSON.stringify(created), /http:\/\/rest\.example:8181/)
    const grants = JSON.stringify(await rowsAs('admin', "SHOW GRANTS FOR 'analyst'"))
    assert.match(grants, /USAGE ON CATALOG lake/)
    assert.match(grants, /SELECT ON ALL TABLES IN ALL DATABASES/)

    await rowsAs('admin', 'DROP CATALOG lake')
    await instance.send('RestartInstance')
    await untilRunning(instance)
    assert.ok(!(await catalogs('admin')).includes('lake'))
  },
)
