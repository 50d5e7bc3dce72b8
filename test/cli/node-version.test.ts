import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { packageFile, tooOld } from '../../src/cli/node-version.ts'

const ROOT = join(import.meta.dirname, '../..')
const START = join(ROOT, 'src/cli/start.ts')
const BOOTSTRAP = join(ROOT, 'scripts/bootstrap.mjs')

/** Runs a program on a Node that believes to be another version. */
function onNode(version: string, args: readonly string[]) {
  const versions = `{ ...process.versions, node: '${version}' }`
  const belief = `Object.defineProperty(process, 'versions', { value: ${versions} })`
  const options = ['--import', `data:text/javascript,${encodeURIComponent(belief)}`]
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('the floor is that of package.json, to the minor version', () => {
  assert.equal(packageFile().engines.node, '>=22.18')
  for (const version of ['22.18.0', '22.20.1', '23.0.0', '24.21.0', '100.0.0'])
    assert.equal(tooOld(version), undefined)
  for (const version of ['18.20.8', '20.20.2', '22.17.9'])
    assert.match(
      tooOld(version) ?? '',
      new RegExp(`^this is Node ${version}; .* needs Node 22.18 or newer`),
    )
})

test('the installed command on an old Node says which one it needs and loads nothing', () => {
  assert.deepEqual(onNode('20.20.2', [START, '--version']), {
    status: 1,
    stdout: '',
    stderr:
      'emrys: this is Node 20.20.2; the installed emrys needs Node 22.18 or newer (a checkout brings its own: `npm run emrys`)\n',
  })
  assert.equal(onNode('22.18.0', [START, '--version']).stdout, `${packageFile().version}\n`)
})

test('a checkout begins on any Node from 18 on, and says so to an older one', () => {
  const { status, stderr } = onNode('16.20.2', [BOOTSTRAP, 'src/cli/main.ts', '--version'])
  assert.deepEqual(
    [status, stderr],
    [1, 'emrys: this is Node 16.20.2; any Node from 18 on will do\n'],
  )
  const begun = onNode('18.0.0', [BOOTSTRAP, 'src/cli/main.ts', '--version'])
  assert.equal(begun.stdout, `${packageFile().version}\n`)
})

test('README says both', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  assert.match(readme, /any Node from 18 on/)
  assert.match(readme, /Node 22\.18 or newer/)
})
