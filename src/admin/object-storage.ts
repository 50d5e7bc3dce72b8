/** `/_emrys/object-storage/key`: how other programs of the server's administrator reach the objects of a cloud's buckets. */
import type { AdminContext } from './context.ts'
import { textIn } from './identity/answer.ts'
import { AdminProblem, json, type Page } from './page.ts'

export interface StorageAccessRow {
  readonly cloud: string
  readonly endpoint: string
  readonly region: string
  readonly buckets: readonly string[]
  readonly keyId: string
  readonly secret: string
}

type StorageContext = Pick<AdminContext, 'objectStorage' | 'environmentOf' | 'dialects'>

export function objectStoragePages(context: StorageContext): readonly Page[] {
  return [
    {
      // A secret is no matter for a history of addresses.
      method: 'POST',
      path: '/_emrys/object-storage/key',
      does: 'the address, the buckets and the key of a cloud’s object storage: {"cloud":"alibaba"}',
      members: ['cloud'],
      async run(request) {
        const cloud = textIn(request, 'cloud')
        const product = productOf(context, cloud)
        const found = product === undefined ? undefined : await accessTo(context, product)
        if (!found)
          throw new AdminProblem(
            `${cloud} has no object storage in the environment; \`object-storage: { endpoint: local }\` in its section of the file that --environment-file names keeps its objects on this machine`,
            404,
          )
        return json({ cloud, ...found } satisfies StorageAccessRow)
      },
    },
  ]
}

function productOf({ environmentOf, dialects }: StorageContext, cloud: string): string | undefined {
  return dialects
    .flatMap(({ actions }) => actions.map(({ product }) => product))
    .find((product) => environmentOf(product)?.name === cloud)
}

async function accessTo({ objectStorage }: StorageContext, product: string) {
  try {
    return await objectStorage.access(product)
  } catch (problem) {
    throw new AdminProblem((problem as Error).message, 503)
  }
}
