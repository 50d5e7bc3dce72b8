/** How a server gets into its database: by a password that nobody sees, and by TLS to the server that is meant and no other one. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock } from '../../src/kernel/clock.ts'
import { localAuthority } from '../../src/cli/local-authority.ts'
import { loginOf } from '../../src/server/store.ts'
import { postgresAddress } from '../../src/store/postgres/address.ts'
import { openPostgresStore } from '../../src/store/postgres/store.ts'
import { skipWithoutPostgres, startPostgres } from '../support/engine/postgres.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { emrysServe, startCommand } from '../support/process/emrys-command.ts'

const PASSWORD = 'correct horse battery staple'
const skip = skipWithoutPostgres()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const postgres = skip ? undefined : await startPostgres(ending)

function written(folder: string, name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text, { mode: 0o600 })
  return file
}

/** Opens the store, and closes it. */
async function enter(address: string, storePasswordFile: string): Promise<void> {
  const store = await openPostgresStore(loginOf({ storePasswordFile }, postgresAddress(address)))
  await store.close()
}

test('a password is proved by SCRAM, and shown nowhere', { skip, timeout: 300_000 }, async (t) => {
  await postgres!.demandPassword(PASSWORD)
  const address = await postgres!.database()
  const folder = temporaryDirectory(t)
  const right = written(folder, 'right', `${PASSWORD}\n`)
  const wrong = written(folder, 'wrong', 'incorrect horse')

  await t.test('the wrong one, none and a missing file are refused, in words', async () => {
    await assert.rejects(enter(address, wrong), /password authentication failed for user "emrys"/)
    await assert.rejects(enter(address, ''), /password must be a string/)
    await assert.rejects(enter(address, join(folder, 'none')), /password is not readable/)
    await enter(address, right)
  })

  await t.test('it is in no log, no command line and no environment of a server', async () => {
    const flags = ['--store', address, '--log-level', 'debug', '--store-password-file']
    const server = await emrysServe(t, temporaryDirectory(t), [...flags, right])
    for (const what of ['cmdline', 'environ'])
      assert.ok(!readFileSync(`/proc/${server.pid}/${what}`, 'latin1').includes(PASSWORD), what)
    server.signal('SIGTERM')
    const ended = await server.ended
    assert.equal(ended.code, 0, ended.err)
    assert.ok(!`${ended.out}${ended.err}`.includes(PASSWORD))
    const serve = ['serve', '--port', '0', '--data-dir', temporaryDirectory(t)]
    const refused = await startCommand(t, [...serve, ...flags, wrong]).ended
    assert.notEqual(refused.code, 0)
    assert.match(refused.err, /the password is not right; see store-password-file/)
    assert.ok(!`${refused.out}${refused.err}`.includes('incorrect horse'))
  })

  await t.test('one that was changed is read for the next connection', async () => {
    await postgres!.demandPassword('another one')
    await assert.rejects(enter(address, right), /password authentication failed/)
    writeFileSync(right, 'another one')
    await enter(address, right)
    await postgres!.demandPassword(PASSWORD)
    writeFileSync(right, PASSWORD)
  })

  await t.test('by TLS only the server that is meant is talked to', async () => {
    const mine = temporaryDirectory(t)
    const authority = await localAuthority({
      dataDir: mine,
      host: '127.0.0.1',
      clock: systemClock(),
    })
    const other = await localAuthority({
      dataDir: temporaryDirectory(t),
      host: '127.0.0.1',
      clock: systemClock(),
    })
    await postgres!.demandTls(await authority.serverPair())
    const by = (mode: string, host = '127.0.0.1', ca = authority.authorityFile) => {
      const place = address.replace('127.0.0.1', host)
      return enter(`${place}?sslmode=${mode}${ca === '' ? '' : `&sslrootcert=${ca}`}`, right)
    }
    await assert.rejects(enter(address, right), /no pg_hba.conf entry .* no encryption/)
    await by('verify-full')
    await by('verify-full', 'localhost')
    // Its address is this machine's too, and stands in no certificate.
    await assert.rejects(by('verify-full', '127.0.0.2'), /does not match certificate's altnames/)
    await by('verify-ca', '127.0.0.2')
    for (const mode of ['verify-ca', 'verify-full']) {
      await assert.rejects(by(mode, '127.0.0.1', other.authorityFile), /certificate/)
      await assert.rejects(by(mode, '127.0.0.1', ''), /certificate/)
    }
    await by('require', '127.0.0.2', '')
  })
})
