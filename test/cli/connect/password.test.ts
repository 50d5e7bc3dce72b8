import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { askPassword } from '../../../src/cli/connect/password.ts'

function terminal() {
  const modes: boolean[] = []
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => (modes.push(raw), input),
  })
  const output = new PassThrough()
  const answer = askPassword(
    'Password: ',
    input as unknown as NodeJS.ReadStream & { fd: 0 },
    output as unknown as NodeJS.WriteStream & { fd: 2 },
  )
  return { input, modes, answer, shown: () => String(output.read()) }
}

test('a password is typed with corrections, of any script, and nothing of it is shown', async () => {
  const { input, modes, answer, shown } = terminal()
  input.write('Sx')
  input.write('\u007fécret-1\r')
  assert.equal(await answer, 'Sécret-1')
  assert.deepEqual(modes, [true, false])
  assert.equal(shown(), 'Password: \n')
})

test('what was pasted behind the password is kept for who reads the terminal next', async () => {
  const { input, answer } = terminal()
  input.write(Buffer.from("S3cret\rselect 1;\rselect 'é';\r"))
  assert.equal(await answer, 'S3cret')
  input.write('select 3;\r')
  assert.equal(String(input.read()), "select 1;\rselect 'é';\rselect 3;\r")
})

test('a sign that arrives in two pieces is one sign, and the line end of a paste from elsewhere is one end', async () => {
  const { input, answer } = terminal()
  const [first, ...others] = Buffer.from('é')
  input.write(Buffer.from([first!]))
  await new Promise(setImmediate)
  input.write(Buffer.from([...others, ...Buffer.from('x\r\nselect 1;')]))
  assert.equal(await answer, 'éx')
  assert.equal(String(input.read()), 'select 1;')
})

test('giving up is reported, and the terminal is as before', async () => {
  for (const key of ['\u0003', '\u0004']) {
    const { input, modes, answer } = terminal()
    input.write(`half${key}`)
    await assert.rejects(answer, /no password was given/)
    assert.deepEqual(modes, [true, false])
  }
})
