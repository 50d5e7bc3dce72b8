/** COSSettings of an EMR cluster, real: its Hadoop reads and writes a bucket that other clients see by the S3 protocol. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { loadConfig } from '../../src/config/config.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { s3Request } from '../../src/kernel/s3.ts'
import { limits } from '../../src/limits.ts'
import {
  addressesOf,
  call,
  daemonsOf,
  emrCloud,
  emrDirectory,
  javaOf,
  until,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { cachedSet, skipWithout } from '../support/engine/module.ts'
import {
  objectStoreServer,
  skipWithoutObjectStore,
  type ObjectStoreServer,
} from '../support/engine/object-store.ts'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const skip =
  skipWithout('hadoop') ||
  skipWithout('openldap') ||
  skipWithout('zookeeper') ||
  skipWithout('s3a') ||
  skipWithoutObjectStore()

const BUCKET = 'emr-1250000001'

test(
  'a Hadoop cluster with keys to a bucket has it as a file system, for its shell and for jobs',
  { skip, timeout: 1_800_000 },
  async (t) => {
    const store = await objectStoreServer(t, [BUCKET])
    const dataDir = emrDirectory(t)
    const directory = temporaryDirectory(t)
    const keyFile = join(directory, 'keys')
    writeFileSync(keyFile, `${store.keyId}\n${store.secret}\n`, { mode: 0o600 })
    const environmentFile = join(directory, 'environment.yaml')
    writeFileSync(
      environmentFile,
      `tencent:\n  object-storage: { endpoint: "${store.endpoint}", key-file: ${keyFile} }\n  buckets: [{ id: ${BUCKET} }]\n`,
    )
    const script = 'echo "$1 on $EMRYS_NODE_ROLE"; echo prepared >>"$HOME/steps"\n'
    await put(store, 'scripts/prepare.sh', Buffer.from(script))
    const { local: defaults } = loadConfig({}).config
    const cloud = await emrCloud(t, dataDir, {
      environmentFile,
      local: { ...defaults, clientCode: true },
    })
    const { InstanceId } = await call(cloud, 'CreateInstance', {
      ...sampleCreateRequest({
        ProductId: 44,
        Software: ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1'],
        COSSettings: {
          CosSecretId: store.keyId,
          CosSecretKey: store.secret,
          LogOnCosPath: `cosn://${BUCKET}/logs/emr`,
        },
        PreExecutedFileSettings: (['resourceAfter', 'clusterAfter'] as const).map((WhenRun) => ({
          CosFileURI: `cos://${BUCKET}/scripts/prepare.sh`,
          Args: [WhenRun],
          WhenRun,
        })),
      }),
    })
    const id = String(InstanceId)
    const cluster = await untilState(cloud, id, 'running')
    const instance = join(dataDir, 'local', id)

    for (const role of ['master', 'core'])
      for (const node of nodesOf(cluster, role)) {
        const steps = readFileSync(join(instance, 'home', node, 'steps'), 'utf8')
        assert.equal(steps, 'prepared\nprepared\n')
        const query = { lines: 9, role: 'script-bootstrap-0', node }
        const log = cloud.substrates.get('local')?.logs?.(id, query)
        assert.equal(log?.text, `resourceAfter on ${role}\n`)
      }

    const withKeys = filesIn(instance).filter((file) => includes(file, store.secret))
    assert.deepEqual(
      new Set(withKeys.map((file) => file.split('/').at(-1))),
      new Set(['bucket.key']),
    )
    for (const file of withKeys) assert.equal(statSync(file).mode & 0o777, 0o600)
    // What any user of the cluster can ask its NameNode for.
    const [master = ''] = addressesOf(cluster, 'master')
    const page = await (await fetch(`http://${master}:9870/conf`)).text()
    assert.match(page, /fs\.cosn\.impl/)
    assert.ok(!page.includes(store.secret) && !page.includes(store.keyId))

    const conf = configurationIn(instance, 'yarn-resourcemanager')
    const shell = (...args: string[]) => hadoop(conf, 'org.apache.hadoop.fs.FsShell', args)
    const local = join(directory, 'words')
    writeFileSync(local, 'one two two three three three\n'.repeat(1_000))
    const root = `cosn://${BUCKET}`
    await shell('-mkdir', '-p', `${root}/in`)
    await shell('-put', local, `${root}/in/`)
    assert.deepEqual(await objectOf(store, 'in/words'), readFileSync(local))
    await put(store, 'in/more', Buffer.from('four\n'))
    const listed = await shell('-ls', '-R', `${root}/`)
    assert.match(listed, /30000 .*cosn:\/\/emr-1250000001\/in\/words/)
    assert.match(listed, /5 .*cosn:\/\/emr-1250000001\/in\/more/)

    await hadoop(conf, 'org.apache.hadoop.examples.ExampleDriver', [
      'wordcount',
      `${root}/in`,
      `${root}/out`,
    ])
    assert.equal(
      await shell('-cat', `s3a://${BUCKET}/out/part-*`),
      'four\t1\none\t1000\nthree\t3000\ntwo\t2000\n',
    )
    await shell('-mv', `${root}/out`, `${root}/in/result`)
    await shell('-get', `${root}/in/result`, directory)
    assert.ok(readdirSync(join(directory, 'result')).includes('_SUCCESS'))
    await shell('-rm', '-r', '-skipTrash', `${root}/in`, `${root}/scripts`)
    assert.deepEqual(
      readdirSync(join(store.directory, BUCKET)).filter((name) => !/^(\.|logs$)/.test(name)),
      [],
    )
    for (const file of filesIn(instance))
      assert.ok(file.endsWith('/bucket.key') || !includes(file, store.secret), file)

    cloud.clock.advance(limits.logDeliveryMs)
    const delivered = join(store.directory, BUCKET, 'logs/emr', id)
    const daemons = daemonsOf(dataDir)
    for (const { name, node } of daemons)
      await until(`a piece of ${name}`, () => readdirSync(join(delivered, node, name)).length > 0)
    const [core] = daemons.filter(({ name }) => name === 'hdfs-datanode')
    assert.match(textIn(join(delivered, core?.node ?? '', 'hdfs-datanode')), /DataNode/)
    const nameNode = daemons.find(({ name }) => name === 'hdfs-namenode')?.node ?? ''
    await put(store, 'in/late', Buffer.from('late\n'))
    await shell('-cp', `${root}/in/late`, '/late')
    await call(cloud, 'TerminateInstance', { InstanceId: id })
    await untilState(cloud, id, 'deleted')
    const last = textIn(join(delivered, nameNode, 'hdfs-namenode'))
    assert.match(last, /cmd=create\s+src=\/late/)
    const lines = last.split('\n').filter((line) => line.includes('cmd=mkdirs'))
    assert.equal(new Set(lines).size, lines.length)
    assert.ok(!last.includes(store.secret))
  },
)

function nodesOf({ spec }: Cluster, role: string): readonly string[] {
  const groups = spec.groups.filter((group) => group.role === role)
  return groups.flatMap(({ nodes }) => nodes.map(({ id }) => id))
}

/** Of all pieces. */
function textIn(folder: string): string {
  return readdirSync(folder)
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('')
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function includes(file: string, secret: string): boolean {
  try {
    return readFileSync(file).includes(secret)
  } catch {
    return false // Daemons and containers remove what they wrote.
  }
}

function configurationIn(instance: string, daemon: string): string {
  const [node = ''] = readdirSync(join(instance, daemon))
  return join(instance, daemon, node)
}

/** A command of Hadoop's, with the configuration and the files of the cluster; what it printed. */
async function hadoop(conf: string, main: string, args: readonly string[]): Promise<string> {
  const opens = ['java.lang', 'java.util', 'java.nio', 'java.net'].map(
    (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
  )
  const classPath = [conf, `${cachedSet('hadoop')}/*`, `${cachedSet('s3a')}/*`].join(':')
  const { stdout } = await promisify(execFile)(
    javaOf(),
    ['-Xmx256m', '-XX:TieredStopAtLevel=1', ...opens, '-cp', classPath, main, ...args],
    {
      cwd: join(conf, 'tmp'),
      env: { ...process.env, HADOOP_USER_NAME: 'hadoop', HADOOP_CONF_DIR: conf },
      timeout: 900_000,
    },
  )
  return stdout
}

const accessOf = ({ endpoint, region, keyId, secret }: ObjectStoreServer) => ({
  endpoint,
  region,
  keyId,
  secret,
})

async function objectOf(store: ObjectStoreServer, name: string): Promise<Buffer> {
  const path = `/${BUCKET}/${name}`
  const answer = await s3Request(accessOf(store), { method: 'GET', path }, new Date())
  assert.equal(answer.status, 200)
  return answer.body
}

async function put(store: ObjectStoreServer, name: string, body: Buffer): Promise<void> {
  const path = `/${BUCKET}/${name}`
  const answer = await s3Request(accessOf(store), { method: 'PUT', path, body }, new Date())
  assert.equal(answer.status, 200)
}
