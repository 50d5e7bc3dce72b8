/** HDFS of a test's cluster: files by WebHDFS, and what its daemons say of themselves. */
import { hdfs } from '../../../scripts/demo/hdfs.ts'

export const webHdfs = hdfs

/** One that is being started may take a request and never answer it. */
const ANSWER_MS = 30_000

/** The attributes of a bean of a daemon of Hadoop's. */
export async function beanOf(host: string, port: number, name: string) {
  const answer = await fetch(`http://${host}:${port}/jmx?qry=${encodeURIComponent(name)}`, {
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  const { beans } = (await answer.json()) as { beans: Readonly<Record<string, unknown>>[] }
  return beans[0] ?? {}
}

interface LiveNode {
  readonly xferaddr: string
  readonly adminState: string
  readonly numBlocks: number
}

async function liveNodesOf(host: string): Promise<ReadonlyMap<string, LiveNode>> {
  const { LiveNodes } = await beanOf(host, 9870, 'Hadoop:service=NameNode,name=NameNodeInfo')
  const nodes = JSON.parse(String(LiveNodes)) as Record<string, LiveNode>
  return new Map(
    Object.values(nodes).map((node) => [node.xferaddr.split(':')[0] ?? '', node] as const),
  )
}

/** What the NameNode says of each live DataNode, by its address. */
export async function liveNodes(host: string): Promise<ReadonlyMap<string, string>> {
  return new Map([...(await liveNodesOf(host))].map(([at, node]) => [at, node.adminState]))
}

/** How many blocks of files a live DataNode has. */
export async function blocksOn(host: string, node: string): Promise<number> {
  return (await liveNodesOf(host)).get(node)?.numBlocks ?? 0
}
