/**
 * What the console writes as code, run by the clients that it is written for: Python on both clouds, tccli, Go where it is there, and Java
 * where `EMRYS_JAVA_LIBRARY` names its libraries; Terraform's language by Terraform itself where that is there, without its providers.
 *
 *   node text.ts http://127.0.0.1:4580
 *
 * The keys come from each cloud's own variables. Prints one line a step; exits with 1 at the first one that goes wrong.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { codeTexts, type CodeRequest } from '../../../console/code/text.ts'
import { createBody } from '../../support/http/alibaba-client.ts'
import { sampleCreateRequest } from '../../support/http/tencent-client.ts'

const ORIGIN = process.argv[2] ?? ''
/** Empty where there is no Java. */
const LIBRARY = process.env['EMRYS_JAVA_LIBRARY'] ?? ''
const ROOT = resolve(import.meta.dirname, '../../..')
const folder = mkdtempSync(join(tmpdir(), 'emrys-console-text-'))

/** A text that every language and shell has to quote. */
const TAG = `it's "$HOME" \\ \`x\` ü`

const alibaba = (
  action: string,
  path: string,
  parameters: CodeRequest['parameters'],
  method = 'POST',
) => ({
  action,
  product: 'starrocks',
  version: '2022-10-19',
  route: { method, path },
  region: 'cn-hangzhou',
  parameters,
  origin: ORIGIN,
})

const tencent = (action: string, parameters: CodeRequest['parameters']) => ({
  action,
  product: 'emr',
  version: '2019-01-03',
  route: null,
  region: 'ap-guangzhou',
  parameters,
  origin: ORIGIN,
})

function run(name: string, request: CodeRequest): string {
  const text = codeTexts(request).find((each) => each.name === name)?.text ?? ''
  const { command, args, cwd } = prepared(name, text)
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name} ${request.action}:\n${text}\n${stdout}${stderr}`)
  process.stdout.write(`${name}: ${request.action}\n`)
  return stdout
}

function prepared(name: string, text: string): { command: string; args: string[]; cwd: string } {
  if (name === 'Python') return { command: 'python', args: ['-c', text], cwd: folder }
  if (name === 'Go') {
    // A module of the clients' own has the packages that this needs.
    const cwd = join(
      ROOT,
      'test',
      'client',
      'go',
      text.includes('darabonba') ? 'alibaba' : 'tencent',
    )
    const file = join(folder, 'main.go')
    writeFileSync(file, text)
    return { command: 'go', args: ['run', file], cwd }
  }
  if (name === 'Java') {
    const file = join(folder, 'Main.java')
    writeFileSync(file, text)
    return { command: 'java', args: ['-cp', join(LIBRARY, '*'), file], cwd: folder }
  }
  if (name === 'Terraform') {
    writeFileSync(join(folder, 'main.tf'), text)
    // It says what it cannot read, and with another code what is not as it would write it.
    return { command: 'terraform', args: ['fmt', '-check', '-diff', 'main.tf'], cwd: folder }
  }
  return { command: 'bash', args: ['-c', text], cwd: folder }
}

function idIn(text: string): string {
  const id = /InstanceId['"]?(?::|=>|=)\s*['"]?([\w-]+)/.exec(text)?.[1]
  if (id === undefined) throw new Error(`no id in ${text}`)
  return id
}

try {
  const hasGo = spawnSync('go', ['version']).status === 0
  const languages = ['Python', ...(hasGo ? ['Go'] : []), ...(LIBRARY === '' ? [] : ['Java'])]
  const about = { RegionId: 'cn-hangzhou', ResourceType: 'instance' }
  for (const language of languages) {
    const body = createBody({ Tags: [{ Key: 'said', Value: TAG }] })
    const id = idIn(run(language, alibaba('CreateInstanceV1', '/webapi/cluster/createV1', body)))
    const found = run(
      language,
      alibaba('DescribeInstances', '/webapi/starrocks/describeInstances', { InstanceId: id }),
    )
    if (!found.includes(`it's "$HOME"`) && !found.includes(String.raw`it\'s "$HOME"`))
      throw new Error(`the tag is not there as it was: ${found}`)
    run(
      language,
      alibaba(
        'UnTagResources',
        '/webapi/tags',
        { ...about, ResourceId: [id], TagKey: ['said'] },
        'DELETE',
      ),
    )
    run(language, alibaba('ReleaseInstance', '/webapi/cluster/release', { InstanceId: id }))
  }
  if (spawnSync('terraform', ['-version']).status === 0) {
    const tagged = createBody({ Tags: [{ Key: 'said', Value: TAG }] })
    run('Terraform', alibaba('CreateInstanceV1', '/webapi/cluster/createV1', tagged))
    const Tags = [{ TagKey: 'said', TagValue: TAG }]
    run('Terraform', tencent('CreateInstance', sampleCreateRequest({ Tags })))
  }
  // tccli does not start without a profile.
  process.env['HOME'] = folder
  spawnSync('tccli', ['configure', 'set', 'region', 'ap-guangzhou', 'output', 'json'])
  // The release of Go's SDK that is one module does not read the id of a new cluster, so that it is looked up.
  const listed = () => {
    const text = run('Python', tencent('DescribeInstances', { DisplayStrategy: 'clusterList' }))
    return (JSON.parse(text) as { ClusterList: { ClusterId: string; ClusterName: string }[] })
      .ClusterList
  }
  for (const language of ['tccli', ...languages]) {
    const InstanceName = `said-by-${language.toLowerCase()}`
    const Tags = [{ TagKey: 'said', TagValue: 'a (b)' }]
    run(language, tencent('CreateInstance', sampleCreateRequest({ InstanceName, Tags })))
    const made = listed().find(({ ClusterName }) => ClusterName === InstanceName)
    if (!made) throw new Error(`${InstanceName} is not there`)
    run(
      language,
      tencent('DescribeInstances', {
        DisplayStrategy: 'clusterList',
        InstanceIds: [made.ClusterId],
      }),
    )
    run(language, tencent('TerminateInstance', { InstanceId: made.ClusterId }))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
