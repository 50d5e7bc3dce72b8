/** Every command but `serve`. */
import type { Command } from 'commander'
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
import { paceCommand } from './pace.ts'
import { statusCommand } from './status.ts'
import { storeCommand } from './store.ts'
import { testServersCommand } from './test-servers.ts'
import type { Terminal } from './terminal.ts'

export function addCommands(program: Command, out: Terminal): void {
  program
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
  addBillingCommands(addIdentityCommands(program, out), out)
}
