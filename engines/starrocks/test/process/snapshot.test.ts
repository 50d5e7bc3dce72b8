import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { engineControl } from '../../src/process/control-client.ts'
import { engineDirectory, startEngine } from '../support/engine-process.ts'

test('a snapshot is begun, followed and forgotten through the control socket', async (t) => {
  const directory = engineDirectory(t)
  const engine = await startEngine(t, directory)
  await engine.query(
    'CREATE DATABASE d; CREATE TABLE d.a (n INT) DUPLICATE KEY(n) DISTRIBUTED BY HASH(n); INSERT INTO d.a VALUES (1)',
  )
  const control = engineControl(directory)
  assert.deepEqual(await control.snapshot('bt-1'), { phase: 'absent' })
  await control.beginSnapshot('bt-1')
  await assert.rejects(control.beginSnapshot('bt-2'), /bt-1 is being taken/)
  while ((await control.snapshot('bt-1')).phase === 'taking') await pause(5)
  assert.deepEqual(await control.snapshot('bt-1'), { phase: 'taken' })
  assert.ok(existsSync(join(directory, 'snapshot/bt-1/manifest.json')))
  await control.forgetSnapshot('bt-1')
  assert.deepEqual(await control.snapshot('bt-1'), { phase: 'absent' })
  for (const name of ['..', 'a/b', 'a%2fb', '.hidden'])
    assert.equal(await statusOf(directory, `/snapshot/${name}`), 404, name)
  assert.equal(await engine.end('SIGTERM'), 0)
})

test('an engine that is asked to end gives up the snapshot that it takes', async (t) => {
  const directory = engineDirectory(t)
  const engine = await startEngine(t, directory)
  await engineControl(directory).beginSnapshot('bt-1')
  assert.equal(await engine.end('SIGTERM'), 0)
  const left = readdirSync(join(directory, 'snapshot')).filter((name) => name.endsWith('.part'))
  assert.deepEqual(left, [])
})

function statusOf(directory: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socketPath = join(directory, 'control.sock')
    const sent = request({ socketPath, method: 'POST', path, agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    sent.on('error', reject)
    sent.end()
  })
}
