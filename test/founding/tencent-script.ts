/** Bootstrap scripts and the configuration of the software. */
import assert from 'node:assert/strict'
import { askAdmin } from '../support/http/admin.ts'
import { software, type Members, type TencentRow, type TencentStage } from './tencent-stage.ts'

const SCRIPT = 'PreExecutedFileSettings.N'
const URI = 'cos://founding-1250000001/setup.sh'
const scripted = (...settings: readonly Members[]): Members => ({
  PreExecutedFileSettings: settings.map((each) => ({ CosFileURI: URI, ...each })),
})
/** In the form of the founding document's time: a path in a bucket. */
const inBucket = (more: Members = {}) =>
  scripted({ CosFileURI: undefined, Path: '/boot/a.sh', Bucket: 'founding', ...more })

interface Run {
  readonly script: string
  readonly node: string
}

/** The scripts as they ran, each with how many nodes it ran on. */
async function ran({ cloud, page, record }: TencentStage, id: string) {
  await cloud.settle()
  const { scriptRuns } = (await page(`clusters/${id}`)) as { scriptRuns: readonly Run[] }
  const { scripts = [] } = (await record(id)).spec
  const order = [...new Set(scriptRuns.map(({ script }) => script))]
  return order.map((script) => ({
    uri: scripts.find((each) => each.id === script)?.uri,
    args: scripts.find((each) => each.id === script)?.args,
    name: scripts.find((each) => each.id === script)?.name,
    nodes: scriptRuns.filter((run) => run.script === script).length,
  }))
}

async function first(it: TencentStage, members: Members) {
  const [script] = (await it.record(await it.create(members))).spec.scripts ?? []
  assert.ok(script)
  return script
}

const settings: readonly TencentRow[] = [
  {
    name: SCRIPT,
    does: 'Scripts that run on every node while the cluster is made; at most sixteen, and one that fails fails the cluster.',
    seen: '`/_emrys/clusters/ID`: scriptRuns; DescribeInstances: Status, AlarmInfo',
    async show(it) {
      const runs = await ran(it, await it.create(scripted({})))
      assert.deepEqual(
        runs.map(({ nodes }) => nodes),
        [3],
      )
      await askAdmin(it.cloud.port, 'script-faults', {
        method: 'PUT',
        body: { script: 'doomed.sh', exitCode: 7 },
      })
      const id = await it.create(scripted({ CosFileURI: 'cos://founding/doomed.sh' }))
      await it.cloud.settle()
      const { AlarmInfo = '', Status } = await it.cluster(id)
      assert.match(AlarmInfo, /doomed\.sh failed .*exit code 7/)
      assert.ok(Status !== 2 && Status !== 3, `${Status}`)
      const { code } = await it.refused(scripted(...Array.from({ length: 17 }, () => ({}))))
      assert.equal(code, 'InvalidParameter.InvalidPreExecutedFile')
    },
  },
  {
    name: `${SCRIPT}.CosFileURI`,
    does: 'Where the script lies: https:// or cos://.',
    seen: '`/_emrys/clusters/ID`: spec.scripts.uri; InvalidParameter.InvalidPreExecutedFile',
    async show(it) {
      assert.deepEqual(
        (await ran(it, await it.create(scripted({})))).map(({ uri }) => uri),
        [URI],
      )
      const { message } = await it.refused(scripted({ CosFileURI: 'ftp://host/a.sh' }))
      assert.match(message, /CosFileURI.*https:\/\/ or cos:\/\//)
    },
  },
  {
    name: `${SCRIPT}.Path`,
    does: 'Where the script lies in its bucket, for clients that give no address.',
    seen: '`/_emrys/clusters/ID`: spec.scripts.uri',
    async show(it) {
      assert.equal((await first(it, inBucket())).uri, 'cos://founding/boot/a.sh')
    },
  },
  {
    name: `${SCRIPT}.Bucket`,
    does: 'The bucket of the path; a path without one is refused.',
    seen: '`/_emrys/clusters/ID`: spec.scripts.uri; InvalidParameter.InvalidPreExecutedFile',
    async show(it) {
      assert.equal((await first(it, inBucket({ Bucket: 'other' }))).uri, 'cos://other/boot/a.sh')
      assert.match((await it.refused(inBucket({ Bucket: '' }))).message, /Path with Bucket/)
    },
  },
  {
    name: `${SCRIPT}.Region`,
    does: 'The region of the bucket, which makes its address.',
    seen: '`/_emrys/clusters/ID`: spec.scripts.uri',
    async show(it) {
      const { uri } = await first(it, inBucket({ Region: 'ap-guangzhou' }))
      assert.equal(uri, 'https://founding.cos.ap-guangzhou.myqcloud.com/boot/a.sh')
    },
  },
  {
    name: `${SCRIPT}.Domain`,
    does: 'The domain of the storage, in place of the one that the region has.',
    seen: '`/_emrys/clusters/ID`: spec.scripts.uri',
    async show(it) {
      const { uri } = await first(
        it,
        inBucket({ Domain: 'cos.example.com', Region: 'ap-guangzhou' }),
      )
      assert.equal(uri, 'https://founding.cos.example.com/boot/a.sh')
    },
  },
  {
    name: `${SCRIPT}.AppId`,
    does: 'The number of the account that owns the bucket; part of its name.',
    seen: '`/_emrys/clusters/ID`: spec.scripts.uri',
    async show(it) {
      assert.equal(
        (await first(it, inBucket({ AppId: '1250000001' }))).uri,
        'cos://founding-1250000001/boot/a.sh',
      )
    },
  },
  {
    name: `${SCRIPT}.Args`,
    does: 'What the script is started with; an argument has no spaces, and with the name all have less than 240 characters.',
    seen: '`/_emrys/clusters/ID`: spec.scripts.args; InvalidParameter.InvalidPreExecutedFile',
    async show(it) {
      const Args = ['--mode', 'fast']
      assert.deepEqual((await ran(it, await it.create(scripted({ Args }))))[0]?.args, Args)
      assert.match((await it.refused(scripted({ Args: ['a b'] }))).message, /0\.Args.*spaces/)
      assert.match((await it.refused(scripted({ Args: ['x'.repeat(240)] }))).message, /240/)
    },
  },
  {
    name: `${SCRIPT}.RunOrder`,
    does: 'Scripts of one moment run in this order.',
    seen: '`/_emrys/clusters/ID`: scriptRuns',
    async show(it) {
      const id = await it.create(
        scripted(
          { CosFileURI: 'cos://founding/second.sh', RunOrder: 2 },
          { CosFileURI: 'cos://founding/first.sh', RunOrder: 1 },
        ),
      )
      assert.deepEqual(
        (await ran(it, id)).map(({ name }) => name),
        ['first.sh', 'second.sh'],
      )
    },
  },
  {
    name: `${SCRIPT}.WhenRun`,
    does: 'When the script runs: once the machines are there, before or after the software starts.',
    seen: '`/_emrys/clusters/ID`: scriptRuns; InvalidParameter.InvalidPreExecutedFile',
    async show(it) {
      const id = await it.create(
        scripted(
          { CosFileURI: 'cos://founding/late.sh', WhenRun: 'clusterAfter' },
          { CosFileURI: 'cos://founding/before.sh', WhenRun: 'clusterBefore' },
          { CosFileURI: 'cos://founding/early.sh', WhenRun: 'resourceAfter' },
        ),
      )
      const names = (await ran(it, id)).map(({ name }) => name)
      assert.deepEqual(names, ['early.sh', 'before.sh', 'late.sh'])
      const { message } = await it.refused(scripted({ WhenRun: 'never' }))
      assert.match(message, /resourceAfter, clusterBefore, clusterAfter/)
    },
  },
  {
    name: `${SCRIPT}.CosFileName`,
    does: 'The name of the script; the last part of its address when it is left out.',
    seen: '`/_emrys/clusters/ID`: spec.scripts.name',
    async show(it) {
      assert.equal((await first(it, scripted({ CosFileName: 'prepare' }))).name, 'prepare')
      assert.equal((await first(it, scripted({}))).name, 'setup.sh')
    },
  },
  ...(['CosSecretId', 'CosSecretKey'] as const).map((member): TencentRow => ({
    name: `${SCRIPT}.${member}`,
    does: 'Half of the key that opens the storage of the script; kept sealed and shown to nobody.',
    seen: '`/_emrys/clusters/ID`: secrets has its name',
    async show({ create, record, cluster }) {
      const id = await create(scripted({ [member]: 'sealed-text-of-script' }))
      const shown = await record(id)
      const ending = member === 'CosSecretId' ? '.keyId' : '.key'
      assert.ok(shown.secrets.some((name) => name !== 'password' && name.endsWith(ending)))
      assert.ok(!JSON.stringify([shown, await cluster(id)]).includes('sealed-text-of-script'))
    },
  })),
  {
    name: `${SCRIPT}.Remark`,
    does: 'A note about the script, kept with it.',
    seen: '`/_emrys/clusters/ID`',
    async show({ create, page }) {
      const id = await create(scripted({ Remark: 'opens the mirror' }))
      assert.ok(JSON.stringify(await page(`clusters/${id}`)).includes('opens the mirror'))
    },
  },
]

const file = {
  serviceName: 'HDFS',
  classification: 'hdfs-site.xml',
  serviceVersion: '2.8.5',
  properties: { 'dfs.replication': '2' },
}

const configuration: TencentRow = {
  name: 'ExtendFsField',
  does: 'Configuration files of the software with their properties, as JSON; checked by component and file, kept with the cluster.',
  seen: '`/_emrys/clusters/ID`: spec.configuration; InvalidParameter.InvalidExtendField',
  async show({ create, record, refused }) {
    const id = await create({ ...software(), ExtendFsField: JSON.stringify([file]) })
    const [kept] = (await record(id)).spec.configuration
    assert.ok(kept)
    assert.equal(kept.service, 'HDFS')
    assert.equal(kept.file, 'hdfs-site.xml')
    assert.deepEqual(kept.properties, { 'dfs.replication': '2' })
    const wrong = { ...file, classification: 'yarn-site.xml' }
    const { code, message } = await refused({ ExtendFsField: JSON.stringify([wrong]) })
    assert.equal(code, 'InvalidParameter.InvalidExtendField')
    assert.match(message, /core-site\.xml, hdfs-site\.xml/)
  },
}

export const script: readonly TencentRow[] = [...settings, configuration]
