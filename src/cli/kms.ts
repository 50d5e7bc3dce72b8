/** `emrys kms`: the keys that wrap data keys of encrypted clusters. */
import { Command } from 'commander'
import type { EncryptionKeyRow } from '../admin/encryption-key.ts'
import {
  accountScopedCommand,
  accountFilterCommand,
  change,
  listing,
  readRows,
  type AccountOptions,
} from './subcommand.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples (EMRYS_ACCOUNT can stand for --account):
  emrys kms add key-1 --region cn-hangzhou --account 1000000000000001
  emrys kms disable key-1 --region cn-hangzhou --account 1000000000000001
                                    clusters that are encrypted with it do not start any more
  emrys kms delete key-1 --region cn-hangzhou --account 1000000000000001
                                    irrevocable: what was encrypted with it is lost
  emrys kms rotate key-1 --region cn-hangzhou --account 1000000000000001
                                    new material; data keys are rewrapped, and what runs continues
  emrys kms list

A key that does not exist is created when it is first used. Not for servers whose keys are in Vault or OpenBao.`

const PAGE = 'encryption-keys'

type RegionOptions = AccountOptions & { readonly region: string }

export function kmsCommand(out: Terminal): Command {
  const command = new Command('kms')
    .summary('manage the keys that clusters are encrypted with')
    .description(
      'Creates, lists, enables, disables, rotates and deletes the keys that wrap data keys.',
    )
    .addHelpText('afterAll', EXAMPLES)
    .addCommand(addCommand(out))
    .addCommand(listCommand(out))
  for (const verb of ['enable', 'disable', 'rotate', 'delete'] as const)
    command.addCommand(
      change<RegionOptions>(keyCommand(verb).description(`${verb} a key`), out, {
        among: {
          nouns: 'keys of this account and region',
          list: 'emrys kms list',
          ids: async (client, { account, region }) =>
            (await readRows<EncryptionKeyRow>(client, PAGE, { account }))
              .filter((row) => row.region === region)
              .map(({ id, state }) => ({ id, label: state })),
        },
        page: () => `${PAGE}/${verb}`,
        body: (id, { account, region }) => ({ account, region, id }),
        result: (id) => `key ${id}: ${verb}d`,
      }),
    )
  return command
}

function keyCommand(verb: string): Command {
  return accountScopedCommand(verb)
    .argument('<id>', 'the id by which clients name it')
    .requiredOption('--region <id>', 'the region that it is in')
}

function addCommand(out: Terminal): Command {
  const command = keyCommand('add')
    .description('create a key')
    .option('--description <text>', 'what it is for')
  return change<RegionOptions & { readonly description?: string }, EncryptionKeyRow>(command, out, {
    page: () => PAGE,
    body: (id, { account, region, description }) => ({ account, region, id, description }),
    result: (id, { region }) => `key ${id}: created in ${region}`,
  })
}

function listCommand(out: Terminal): Command {
  const command = accountFilterCommand('list').description('list keys; never their material')
  return listing<EncryptionKeyRow>(command, out, {
    page: PAGE,
    filters: ['account'],
    none: 'no keys; one is created when it is first used, or by `emrys kms add`',
    columns: [
      { title: 'KEY', text: (row) => row.id, whole: true },
      { title: 'ACCOUNT', text: (row) => row.account, whole: true },
      { title: 'REGION', text: (row) => row.region, whole: true },
      { title: 'STATE', text: (row) => row.state },
      { title: 'ORIGIN', text: (row) => row.origin },
      { title: 'CREATED', text: (row) => row.created },
    ],
  })
}
