/** The `emrys` command: the server, and questions to a running one. Failures are one sentence and exit code 1. */
import { Command } from 'commander'
import { ConfigProblem } from '../config/config.ts'
import { backupCommand, restoreCommand } from './backup.ts'
import { addBillingCommands } from './billing/commands.ts'
import { clockCommand } from './clock.ts'
import { clustersCommand } from './clusters.ts'
import { configCommand } from './config.ts'
import { connectCommand } from './connect.ts'
import { enginesCommand } from './engines.ts'
import { demandCommand } from './demand.ts'
import { faultCommand } from './fault.ts'
import { addIdentityCommands } from './identity/commands.ts'
import { kmsCommand } from './kms.ts'
import { objectStorageCommand } from './object-storage.ts'
import { logsCommand } from './logs.ts'
import { packageFile } from './node-version.ts'
import { paceCommand } from './pace.ts'
import { serveCommand } from './serve.ts'
import { statusCommand } from './status.ts'
import { storeCommand } from './store.ts'
import { terminal } from './terminal.ts'
import { testServersCommand } from './test-servers.ts'

const EXAMPLES = `
A first try, in two terminals:
  emrys serve                                    start a server on http://127.0.0.1:4580
  emrys clusters --watch                         watch the clusters that clients create

Point a client of either cloud at the server; only the endpoint changes. On loopback it knows one key:
  key id EMRYSDEVELOPMENTKEY, secret emrys-development-secret

A StarRocks instance runs on this machine, and can be queried:
  emrys connect ID                               a SQL prompt; its password is the one it was created with
  emrys logs ID -f                               the log of its engine

Which server, and who may: every question goes to --url, else EMRYS_URL, else http://127.0.0.1:4580, with the admin token of that
server: from --token-file, else EMRYS_ADMIN_TOKEN, else the file admin-token in the data directory that \`emrys serve\` would use
with the same environment (EMRYS_DATA_DIR, EMRYS_CONFIG). That file is its owner's alone, and goes to no other machine by itself.
  emrys status --url http://127.0.0.1:4999 --token-file ./data/admin-token

More:
  emrys serve --simulation-default immediate     clusters are ready at once, for test suites
  emrys pace hadoop time:30                      from now on simulated Hadoop clusters take 30 s a step
  emrys clock --advance 1h                       move the server's time forward by an hour
  emrys fault on block-storage                   see what a client does when a dependency fails
  emrys help user                                users, keys and policies
  emrys engines                                  what engines on this machine need for more than the usual
  emrys status                                   is it healthy?
  emrys help serve                               every flag, with examples

Of an id, as much as is unique is enough. Whatever lists or shows something takes --json.
Exit codes: 0; 1 when something was refused or failed, with a sentence on standard error; 130 after Ctrl-C.`

async function run(): Promise<void> {
  const out = terminal()
  const program = new Command('emrys')
    .description("A self-hosted big-data cluster service that speaks the clouds' own APIs.")
    .version(packageFile().version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help with examples')
    .addHelpText('after', EXAMPLES)
    .addCommand(serveCommand())
    .addCommand(statusCommand(out))
    .addCommand(clustersCommand(out))
    .addCommand(connectCommand(out))
    .addCommand(logsCommand(out))
    .addCommand(configCommand(out))
    .addCommand(paceCommand(out))
    .addCommand(clockCommand(out))
    .addCommand(faultCommand(out))
    .addCommand(demandCommand(out))
    .addCommand(kmsCommand(out))
    .addCommand(objectStorageCommand(out))
    .addCommand(enginesCommand(out))
    .addCommand(backupCommand(out))
    .addCommand(restoreCommand(out))
    .addCommand(storeCommand(out))
    .addCommand(testServersCommand())
  const whole = addBillingCommands(addIdentityCommands(program, out), out)
  hintAtHelp(whole, 'emrys')
  await whole.parseAsync()
}

/** What is wrong with the arguments of a command is followed by where its examples are. */
function hintAtHelp(command: Command, path: string): void {
  command.showHelpAfterError(`(\`${path} --help\` shows examples)`)
  for (const each of command.commands) hintAtHelp(each, `${path} ${each.name()}`)
}

function sentenceOf(problem: unknown): string {
  if (problem instanceof ConfigProblem)
    return ['the configuration is not usable:', ...problem.problems].join('\n  - ')
  return problem instanceof Error ? problem.message : String(problem)
}

try {
  await run()
} catch (problem) {
  process.stderr.write(`emrys: ${sentenceOf(problem)}\n`)
  process.exitCode = 1
}
