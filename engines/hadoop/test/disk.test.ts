import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { DaemonPlan } from '../../../src/substrate/local/service.ts'
import { temporaryDirectory } from '../../../test/support/process/directory.ts'
import { reservation, volumeSite, withReservation } from '../src/disk.ts'

const GIB = 1024 ** 3

function planIn(t: TestContext, disks: readonly number[], settings: DaemonPlan['settings'] = {}) {
  const directory = join(temporaryDirectory(t), "it's & that")
  mkdirSync(directory)
  return { directory, disks, settings } as unknown as DaemonPlan
}

test('each disk is a directory, of whose file system the rest is left alone', (t) => {
  const plan = planIn(t, [GIB, 2 ** 60])
  const [one, two] = ['blocks', 'blocks-2'].map((name) => `${plan.directory}/data/${name}`)
  assert.deepEqual(volumeSite(plan), {
    'dfs.datanode.data.dir': `file://${one},file://${two}`,
  })
  execFileSync('sh', ['-uc', reservation(plan)], { cwd: plan.directory })
  const text = readFileSync(join(plan.directory, 'disk-site.xml'), 'utf8')
  const found = [...text.matchAll(/<name>(.*?)<\/name><value>(\d+)<\/value>/g)]
  assert.deepEqual(
    found.map(([, name]) => name?.replaceAll('&amp;', '&')),
    [`dfs.datanode.du.reserved.${one}`, `dfs.datanode.du.reserved.${two}`],
  )
  // The machine has more than the first one, and less than the other.
  assert.deepEqual([Number(found[0]?.[2]) > 0, Number(found[1]?.[2])], [true, 0])
  assert.match(
    withReservation(plan, '<configuration>\n</configuration>\n'),
    /href="[^"<]* &amp; that\/disk-site\.xml"\/>\n<\/configuration>\n$/,
  )
})

test('what a client reserves itself is all that is reserved, and so it is without known disks', (t) => {
  const site = '<configuration>\n</configuration>\n'
  for (const plan of [
    planIn(t, [GIB], { 'hdfs-site.xml': { 'dfs.datanode.du.reserved': '5' } }),
    planIn(t, []),
  ]) {
    assert.deepEqual([reservation(plan), withReservation(plan, site)], ['', site])
    assert.deepEqual(volumeSite(plan), {
      'dfs.datanode.data.dir': `file://${plan.directory}/data/blocks`,
    })
  }
})
