/** `emrys object-storage`: how other programs reach the objects that instances work with. */
import { Command, Option } from 'commander'
import type { StorageAccessRow } from '../admin/object-storage.ts'
import { adminClient, withServer, type ServerOptions } from './admin-client.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  emrys object-storage                 of Alibaba Cloud's buckets
  emrys object-storage --cloud tencent
  eval "$(emrys object-storage --env)"; aws s3 ls s3://lake --endpoint-url "$AWS_ENDPOINT_URL"

The secret is printed: it opens every bucket.`

type Options = ServerOptions & {
  readonly cloud: string
  readonly json?: true
  readonly env?: true
}

export function objectStorageCommand(out: Terminal): Command {
  return withServer(new Command('object-storage'))
    .summary('how to reach the objects of buckets')
    .description('Shows the address, the buckets and the key of the object storage of a cloud.')
    .addOption(
      new Option('--cloud <name>', 'whose buckets')
        .choices(['alibaba', 'tencent'])
        .default('alibaba'),
    )
    .option('--json', 'as JSON')
    .option('--env', 'as variables of AWS clients')
    .addHelpText('after', EXAMPLES)
    .action(async ({ cloud, json, env, ...server }: Options) => {
      const client = adminClient(server)
      const found = (await client.send('POST', 'object-storage/key', { cloud })) as StorageAccessRow
      if (json) return out.line(JSON.stringify(found))
      const { endpoint, region, buckets, keyId, secret } = found
      if (env) {
        for (const [name, value] of Object.entries({
          AWS_ENDPOINT_URL: endpoint,
          AWS_REGION: region,
          AWS_ACCESS_KEY_ID: keyId,
          AWS_SECRET_ACCESS_KEY: secret,
          // The store that Emrys runs takes no checksum behind the parts of an upload, which newer clients send unasked.
          AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
        }))
          out.line(`export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`)
        return undefined
      }
      out.line(`endpoint  ${endpoint}`)
      out.line(`region    ${region}`)
      out.line(`buckets   ${buckets.join(', ')}`)
      out.line(`key id    ${keyId}`)
      return out.line(`secret    ${secret}`)
    })
}
