/** `emrys kms`: the keys that wrap data keys of encrypted clusters. */
import { Command } from 'commander'
import type { EncryptionKeyRow } from '../admin/encryption-key.ts'
import { adminClient } from './admin-client.ts'
import {
  asksAccount,
  asksAnyAccount,
  rowsOf,
  show,
  tell,
  type InAccount,
  type Shown,
} from './identity/listing.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples (EMRYS_ACCOUNT can stand for --account):
  emrys kms add key-1 --region cn-hangzhou --account 1000000000000001
  emrys kms disable key-1 --region cn-hangzhou --account 1000000000000001
                                    clusters that are encrypted with it do not start any more
  emrys kms delete key-1 --region cn-hangzhou --account 1000000000000001
                                    for ever: what was encrypted with it is lost
  emrys kms list

A key that nobody made is made when it is first used. Not for servers whose keys Vault or OpenBao keeps.`

const PAGE = 'encryption-keys'

type InRegion = InAccount & { readonly region: string }

export function kmsCommand(out: Terminal): Command {
  const command = new Command('kms')
    .summary('the keys that clusters are encrypted with')
    .description('Makes, lists, enables, disables and deletes the keys that wrap data keys.')
    .addHelpText('after', EXAMPLES)
    .addCommand(addCommand(out))
    .addCommand(listCommand(out))
  for (const verb of ['enable', 'disable', 'delete'] as const)
    command.addCommand(changeCommand(out, verb))
  return command
}

function asksKey(command: Command): Command {
  return asksAccount(command)
    .argument('<id>', 'what clients call it')
    .requiredOption('--region <id>', 'the region that it is in')
}

function addCommand(out: Terminal): Command {
  return asksKey(new Command('add'))
    .description('make a key')
    .option('--description <text>', 'what it is for')
    .action(async (id: string, options: InRegion & { readonly description?: string }) => {
      const { account, region, description } = options
      const body = { account, region, id, description }
      const value = await adminClient(options).send('POST', PAGE, body)
      tell(out, `key ${id}: made in ${region}`, { value, json: options.json })
    })
}

function listCommand(out: Terminal): Command {
  return asksAnyAccount(new Command('list'))
    .description('list keys; never their material')
    .action(async (options: Shown & { readonly account?: string }) => {
      const { account } = options
      show(out, await rowsOf<EncryptionKeyRow>(adminClient(options), PAGE, { account }), {
        json: options.json,
        none: 'no keys; one is made when it is first used, or by `emrys kms add`',
        columns: [
          { title: 'KEY', text: (row) => row.id },
          { title: 'ACCOUNT', text: (row) => row.account },
          { title: 'REGION', text: (row) => row.region },
          { title: 'STATE', text: (row) => row.state },
          { title: 'ORIGIN', text: (row) => row.origin },
          { title: 'CREATED', text: (row) => row.created },
        ],
      })
    })
}

function changeCommand(out: Terminal, verb: 'enable' | 'disable' | 'delete'): Command {
  return asksKey(new Command(verb))
    .description(`${verb} a key`)
    .action(async (id: string, options: InRegion) => {
      const { account, region } = options
      const body = { account, region, id }
      const value = await adminClient(options).send('POST', `${PAGE}/${verb}`, body)
      tell(out, `key ${id}: ${verb}d`, { value, json: options.json })
    })
}
