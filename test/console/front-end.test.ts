import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { frontEnd } from '../../src/console/front-end.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

test('the files are read once, packed beside, and nothing else of the folder is among them', async (t) => {
  const folder = temporaryDirectory(t)
  writeFileSync(join(folder, 'index.html'), '<p>page</p>')
  writeFileSync(join(folder, 'main.js'), 'run()')
  writeFileSync(join(folder, 'notes.txt'), 'private')
  let asked = 0
  const files = frontEnd(async () => {
    asked++
    return folder
  })
  assert.deepEqual([...(await files()).keys()].sort(), ['index.html', 'main.js'])
  const script = (await files()).get('main.js')
  assert.equal(script?.type, 'text/javascript; charset=utf-8')
  assert.equal(gunzipSync(script?.packed ?? '').toString(), 'run()')
  assert.equal(asked, 1)
})

test('what could not be had is tried again by the next one', async (t) => {
  const folder = temporaryDirectory(t)
  const files = frontEnd(async () => folder)
  await assert.rejects(files(), /has no index\.html/)
  writeFileSync(join(folder, 'index.html'), '<p>page</p>')
  assert.ok((await files()).has('index.html'))
})
