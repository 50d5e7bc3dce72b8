/** HBase of an EMR cluster, real: what its own client puts is there after every daemon was killed. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import {
  addressesOf,
  call,
  daemonsOf,
  documentOf,
  emrCloud,
  emrDirectory,
  javaOf,
  kill,
  listenersOf,
  processesOf,
  until,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { cachedSet, skipWithout } from '../support/engine/module.ts'
import type { Cloud } from '../support/fixture/cloud.ts'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const skip =
  skipWithout('hbase') ||
  skipWithout('hadoop') ||
  skipWithout('zookeeper') ||
  skipWithout('openldap')

const components = ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1']

/** HBase's own client: no jar that is to be had brings its shell. */
const CLIENT = `import org.apache.hadoop.hbase.*;
import org.apache.hadoop.hbase.client.*;
import static org.apache.hadoop.hbase.util.Bytes.toBytes;
public class Client {
  public static void main(String[] args) throws Exception {
    TableName name = TableName.valueOf("kept");
    try (Connection connection = ConnectionFactory.createConnection(HBaseConfiguration.create());
        Admin admin = connection.getAdmin()) {
      if (!admin.tableExists(name))
        admin.createTable(TableDescriptorBuilder.newBuilder(name).setColumnFamily(ColumnFamilyDescriptorBuilder.of("f"))
            .build(), new byte[][] {toBytes("m")});
      try (Table table = connection.getTable(name)) {
        for (int at = 0; at + 1 < args.length; at += 2)
          table.put(new Put(toBytes(args[at])).addColumn(toBytes("f"), toBytes("q"), toBytes(args[at + 1])));
        try (ResultScanner rows = table.getScanner(new Scan())) {
          for (Result row : rows) System.out.println(new String(row.getRow()) + "=" + new String(row.value()));
        }
      }
    }
  }
}
`

/** Puts the rows, and gives all that there are. */
async function scan(t: TestContext, dataDir: string, ...rows: string[]): Promise<string> {
  const [site = ''] = globSync(join(dataDir, 'local/*/hbase-master/*/'))
  const source = join(temporaryDirectory(t), 'Client.java')
  writeFileSync(source, CLIENT)
  const opens = ['java.lang', 'java.nio', 'sun.nio.ch'].map(
    (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
  )
  const { stdout } = await promisify(execFile)(
    javaOf(),
    [
      '-Xmx256m',
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED',
      ...opens,
      '-cp',
      `${site}:${cachedSet('hbase')}/*`,
      source,
      ...rows,
    ],
    { cwd: temporaryDirectory(t), timeout: 600_000 },
  )
  return stdout
}

test(
  'a table of HBase keeps its rows on all region servers through the death of every daemon',
  { skip, timeout: 2_400_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const first = await emrCloud(t, dataDir)
    const { InstanceId } = await call(first, 'CreateInstance', {
      ...sampleCreateRequest({ ProductId: 44, Software: [...components, 'hbase-2.4.5'] }),
    })
    const id = String(InstanceId)
    const cluster = await untilState(first, id, 'running')
    assert.match(cluster.status.reason, /hbase-2\.4\.5 runs as 2\.6\.4/)
    const [master = ''] = addressesOf(cluster, 'master')
    const hosts = [master, ...addressesOf(cluster, 'core'), '127.0.0.1']
    assert.deepEqual(
      listenersOf(daemonsOf(dataDir)).filter((host) => !hosts.includes(host)),
      [],
    )
    const rows = 'a=1\nz=2\n'
    assert.equal(await scan(t, dataDir, 'a', '1', 'z', '2'), rows)

    await checkLoad(first, id)

    // A restart of Emrys touches nothing.
    const before = daemonsOf(dataDir)
    await first.close()
    const second = await emrCloud(t, dataDir)
    await untilState(second, id, 'running')
    assert.deepEqual(daemonsOf(dataDir), before)

    for (const { pid } of before) kill(pid)
    await until('all are new', async () => {
      const { status } = await documentOf(second, id)
      const now = daemonsOf(dataDir).map(({ pid }) => pid)
      return (
        status.state === 'running' &&
        now.length === before.length &&
        before.every(({ pid }) => !now.includes(pid))
      )
    })
    assert.equal(await scan(t, dataDir), rows)

    await call(second, 'TerminateInstance', { InstanceId: id })
    await untilState(second, id, 'deleted')
    assert.deepEqual(processesOf(dataDir), [])
    assert.equal(existsSync(join(dataDir, 'local', id)), false)
  },
)

/** What its region servers count of the table, by the cloud's API; they count every 45 seconds. */
async function checkLoad(cloud: Cloud, id: string): Promise<void> {
  const asked = { InstanceId: id, Offset: 0, Limit: 10, Table: 'kept' }
  await until('the table has rows in memory, and was written', async () => {
    const { TableMonitorList } = await call(cloud, 'DescribeHBaseTableOverview', asked)
    const [row] = TableMonitorList as readonly Readonly<Record<string, unknown>>[]
    return (
      row?.['Table'] === 'default_kept' &&
      Number(row['MemstoreSize']) > 0 &&
      Number(row['WriteRequestCount']) > 0
    )
  })
  for (const action of ['DescribeHBaseTableRequestMetric', 'DescribeHBaseTableStoreSizeMetric']) {
    const of = { InstanceId: id, TableName: 'default_kept' }
    const { MetricDataList } = await call(cloud, action, of)
    const values = (MetricDataList as readonly { readonly Values: readonly number[] }[]).flatMap(
      ({ Values }) => Values,
    )
    assert.ok(values.length === 2 && values.some((value) => value > 0), action)
  }
}
