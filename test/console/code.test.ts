/** What the console writes as code does what its form does: run where the SDK is at hand (test/client/console for the others), and never code of somebody else's. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { literal, shellWord } from '../../console/code/literal.ts'
import { codeTexts, type CodeRequest } from '../../console/code/text.ts'
import { machineOf } from '../../console/code/terraform.ts'
import { instanceTypes } from '../../src/dialect/tencent/catalogue/instance-type.ts'
import { DEVELOPMENT_KEY_ID, DEVELOPMENT_SECRET } from '../../src/gateway/development.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { createBody } from '../support/http/alibaba-client.ts'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'

const KEYS = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: DEVELOPMENT_KEY_ID,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: DEVELOPMENT_SECRET,
  TENCENTCLOUD_SECRET_ID: DEVELOPMENT_KEY_ID,
  TENCENTCLOUD_SECRET_KEY: DEVELOPMENT_SECRET,
}

const ROOT = join(import.meta.dirname, '../..')

const alibabaCreate = (origin: string, more: object = {}): CodeRequest => ({
  action: 'CreateInstanceV1',
  product: 'starrocks',
  version: '2022-10-19',
  route: { method: 'POST', path: '/webapi/cluster/createV1' },
  region: 'cn-hangzhou',
  parameters: { ...createBody(), ...more },
  origin,
})

const tencentCreate = (origin: string, more: object = {}): CodeRequest => ({
  action: 'CreateInstance',
  product: 'emr',
  version: '2019-01-03',
  route: null,
  region: 'ap-guangzhou',
  parameters: { ...sampleCreateRequest(), ...more },
  origin,
})

function textOf(request: CodeRequest, name: string): string {
  const found = codeTexts(request).find((each) => each.name === name)
  assert.ok(found, name)
  return found.text
}

/** Runs a text in Node, where packages are found from the checkout. */
async function run(text: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module'], {
    cwd: ROOT,
    env: { ...process.env, ...KEYS },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const { promise, resolve } = Promise.withResolvers<number | null>()
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (output += part))
  child.on('close', resolve)
  child.stdin.end(text)
  assert.equal(await promise, 0, output)
  return output
}

test('the text for Node makes the cluster on each cloud, and a change that has its parameters in the query', async (t) => {
  const cloud = await startCloud(t)
  const made = await run(textOf(alibabaCreate(cloud.url), 'Node'))
  const id = /InstanceId: '([\w-]+)'/.exec(made)?.[1] ?? ''
  assert.ok(await cloud.store.read((tx) => tx.findById('cluster', id)), made)
  const tag = { RegionId: 'cn-hangzhou', ResourceId: [id], ResourceType: 'instance' }
  const about = {
    product: 'starrocks',
    version: '2022-10-19',
    region: 'cn-hangzhou',
    origin: cloud.url,
  }
  const tags = async () =>
    (await cloud.store.read((tx) => tx.findById('cluster', id)))?.document.tags
  await run(
    textOf(
      {
        ...about,
        action: 'TagResources',
        route: { method: 'POST', path: '/webapi/tags' },
        parameters: { ...tag, Tag: [{ Key: 'team', Value: "o'brien" }] },
      },
      'Node',
    ),
  )
  assert.deepEqual(await tags(), [{ key: 'team', value: "o'brien" }])
  await run(
    textOf(
      {
        ...about,
        action: 'UnTagResources',
        route: { method: 'DELETE', path: '/webapi/tags' },
        parameters: { ...tag, TagKey: ['team'] },
      },
      'Node',
    ),
  )
  assert.deepEqual(await tags(), [])
  // The package of one service exports what the package of all has in this folder.
  const other = textOf(tencentCreate(cloud.url), 'Node').replaceAll(
    'tencentcloud-sdk-nodejs-emr',
    'tencentcloud-sdk-nodejs/tencentcloud/services/emr/index.js',
  )
  const emr = await run(other)
  const cluster = /InstanceId: '([\w-]+)'/.exec(emr)?.[1] ?? ''
  assert.ok(await cloud.store.read((tx) => tx.findById('cluster', cluster)), emr)
})

const EVIL = `"'\`\${1+1}%{if}$(touch x)\\\n*/ <script>\u2028`

test('a text of the form stays a text in every language', () => {
  assert.deepEqual(JSON.parse(literal('python', EVIL)), EVIL)
  for (const style of ['python', 'node', 'go', 'java'] as const)
    assert.ok(!literal(style, { [EVIL]: [EVIL] }).includes('\n*/'), style)
  // oxlint-disable-next-line no-eval -- it is a literal, which is what is to be shown
  assert.deepEqual((0, eval)(`(${literal('node', { a: [EVIL, 1, true], [EVIL]: EVIL })})`), {
    a: [EVIL, 1, true],
    [EVIL]: EVIL,
  })
  assert.equal(shellWord("it's"), `'it'\\''s'`)
  assert.equal(shellWord('$(x)'), `'$(x)'`)
  const named = { InstanceName: EVIL }
  for (const it of [
    alibabaCreate('http://127.0.0.1:1', named),
    tencentCreate('http://127.0.0.1:1', named),
  ])
    for (const { name, text } of codeTexts(it)) {
      assert.ok(!text.includes('\u2028') || /CLI|tccli/.test(name), name)
      if (name === 'Terraform') assert.ok(text.includes('$${1+1}') && text.includes('%%{if}'), text)
    }
})

/** Without what only makes values stand below each other. */
const plain = (text: string) => text.replaceAll(/ += /g, ' = ')

test('Terraform has the arguments of the provider, and says what it has none for', () => {
  const instance = textOf(
    alibabaCreate('http://127.0.0.1:4580', { GatewayType: 'Slb' }),
    'Terraform',
  )
  for (const line of [
    'resource "alicloud_star_rocks_instance" "example" {',
    '  cluster_zone_id = "cn-hangzhou-i"',
    '  oss_accessing_role_name = "AliyunEMRStarRocksAccessingOSSRole"',
    '  vswitches {',
    '    vswitch_id = "vsw-bp19mlh98tm9teyyd"',
    '    local_storage_instance_type = "null"',
    '# GatewayType has no argument of its own in this resource.',
    '  protocol = "HTTP"',
  ])
    assert.ok(plain(instance).includes(`${line}\n`), line)
  const machine = { InstanceType: 'S5.2XLARGE32', DiskType: 'CLOUD_SSD', DiskSize: 100 }
  const more = { ResourceSpec: { MasterResourceSpec: machine, MasterCount: 1 } }
  const cluster = textOf(
    tencentCreate('http://127.0.0.1:4580', { ...more, Tags: [{ TagKey: 'a b', TagValue: 'c' }] }),
    'Terraform',
  )
  for (const line of [
    '  display_strategy = "clusterList"',
    '  support_ha = 0',
    '  placement_info {',
    '    subnet_id = "subnet-12345678"',
    '      spec = "CVM.S5"',
    '      cpu = 8',
    '      mem_size = 32768',
    '    "a b" = "c"',
    '  domain = "emrys.test:4580"',
  ])
    assert.ok(plain(cluster).includes(`${line}\n`), `${line} in ${cluster}`)
  assert.match(cluster, /^  product_id {7}= 30$/m)
  assert.ok(
    !codeTexts({ ...tencentCreate('http://x'), action: 'TerminateInstance' }).some(
      ({ name }) => name === 'Terraform',
    ),
  )
})

test('a machine is named to Terraform as the catalogue knows it', () => {
  const wrong = instanceTypes.filter(({ name, cpu, memoryMb, family }) => {
    const it = machineOf(name)
    return it?.cpu !== cpu || it.mem_size !== memoryMb || it.spec !== `CVM.${family.family}`
  })
  assert.deepEqual(
    wrong.map(({ name }) => name),
    [],
  )
  assert.equal(machineOf('nonsense'), undefined)
})
