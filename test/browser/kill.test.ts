/** A server that is killed (SIGKILL) under an open page and comes back at its port: the page in Debian's Chromium continues. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instanceBody } from '../support/http/body.ts'
import { client } from '../support/http/client.ts'
import { rootOf } from '../support/http/console.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { emrysServe } from '../support/process/emrys-command.ts'
import { openBrowser, openPage, signInWithKey, skipWithoutChromium as skip } from './browser.ts'

test(
  'a killed server is said to be away; what was acknowledged is on the page when it is back, which is live again',
  { skip },
  async (t) => {
    const dataDir = temporaryDirectory(t)
    const first = await emrysServe(t, dataDir)
    const port = Number(new URL(first.url).port)
    const make = async (name: string) => {
      const api = client(port)
      const made = await api.alibaba('/webapi/cluster/createV1', { body: instanceBody(name) })
      api.close()
      assert.equal(made.status, 200)
    }
    const browser = await openBrowser(t)
    const { page, complaints } = await openPage(browser, first.url, '/clusters')
    await signInWithKey(page, 'alibaba', rootOf('alibaba'))
    await make('acknowledged')
    first.signal('SIGKILL')
    await page.getByText('The server does not answer').waitFor()
    await first.ended
    const second = await emrysServe(t, dataDir, ['--port', String(port)])
    assert.equal(second.url, first.url)
    await page.getByText('The session has ended').waitFor()
    await signInWithKey(page, 'alibaba', rootOf('alibaba'))
    await page.getByRole('link', { name: 'acknowledged' }).waitFor()
    await make('afterwards')
    await page.getByRole('link', { name: 'afterwards' }).waitFor()
    assert.deepEqual(complaints, [])
    second.signal('SIGTERM')
    await second.ended
  },
)
