/** Each runner of tests with its suite, in the folder where the package of Emrys was installed as it is published. */
import { spawnSync } from 'node:child_process'

const lines = {
  'node:test': ['--test', 'node.test.js'],
  jest: ['node_modules/jest/bin/jest.js', '--testMatch', '**/jest.test.cjs', '--ci'],
  vitest: ['node_modules/vitest/vitest.mjs', 'run', 'vitest.test.js'],
  'the command': ['node_modules/emrys/dist/src/cli/start.js', '--version'],
}

for (const [name, args] of Object.entries(lines)) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) {
    process.stdout.write(`${name} failed:\n${stdout}${stderr}`)
    process.exit(1)
  }
  process.stdout.write(`ok  ${name}\n`)
}
