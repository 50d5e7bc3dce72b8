/** The commands of `emrys`, with their help. */
import { Command } from 'commander'
import { fittedHelp } from './help.ts'
import { packageFile } from './node-version.ts'
import { serveCommand } from './serve.ts'
import type { Terminal } from './terminal.ts'

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

/** `addOthers` adds the commands beside `serve`. */
export function emrysProgram(
  out: Terminal,
  addOthers?: (program: Command, out: Terminal) => void,
): Command {
  const program = new Command('emrys')
    .description("A self-hosted big-data cluster service that speaks the clouds' own APIs.")
    .version(packageFile().version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help with examples')
    .addHelpText('after', EXAMPLES)
    .addCommand(serveCommand())
  addOthers?.(program, out)
  fitHelp(program, 'emrys', out)
  return program
}

/** Help fits the terminal, and what is wrong with the arguments of a command is followed by where its examples are. */
function fitHelp(command: Command, path: string, out: Terminal): void {
  command.showHelpAfterError(`(\`${path} --help\` shows examples)`)
  command.configureOutput({
    writeOut: (text) => out.line(fittedHelp(text.trimEnd(), out.columns || WIDTH)),
    writeErr: (text) =>
      process.stderr.write(
        text.startsWith('Usage:') ? fittedHelp(text, process.stderr.columns || WIDTH) : text,
      ),
  })
  for (const each of command.commands) fitHelp(each, `${path} ${each.name()}`, out)
}

/** Where nobody says how wide it is. */
const WIDTH = 80
