/**
 * Single data disks of a node. A size says how many disks of a kind a node has; here each has a place, counted from 0, and an id
 * that stays while its size changes.
 */
import type { Disk, NodeSize } from '../../../../domain/cluster/node-group.ts'
import { diskIdOf } from '../identifier.ts'

export interface DataDisk {
  readonly id: string
  readonly type: string
  readonly sizeGib: number
}

/** The data disks of the node, in their places. */
export function dataDisksOf(node: string, { disks }: Pick<NodeSize, 'disks'>): readonly DataDisk[] {
  return singles(disks).map(({ type, sizeGib }, at) => ({ id: diskIdOf(node, at), type, sizeGib }))
}

/** The size with the data disks at these places as large as given; at all places without them. */
export function withDataDisks(
  size: NodeSize,
  {
    places,
    sizeGib,
  }: { readonly places: ReadonlySet<number> | undefined; readonly sizeGib: number },
): NodeSize {
  const grown = singles(size.disks).map((disk, at) =>
    places === undefined || places.has(at) ? { ...disk, sizeGib } : disk,
  )
  const others = size.disks.filter(({ use }) => use !== 'data')
  return { ...size, disks: [...others, ...grown.reduce<readonly Disk[]>(joined, [])] }
}

/** The size with more data disks behind those that there are, whose places and ids stay. */
export function withMoreDisks(
  size: NodeSize,
  { type, sizeGib, count }: Pick<Disk, 'type' | 'sizeGib' | 'count'>,
): NodeSize {
  const data = size.disks.filter(({ use }) => use === 'data')
  const others = size.disks.filter(({ use }) => use !== 'data')
  return { ...size, disks: [...others, ...joined(data, { use: 'data', type, sizeGib, count })] }
}

function singles(disks: readonly Disk[]): readonly Disk[] {
  return disks
    .filter(({ use }) => use === 'data')
    .flatMap((disk) => Array.from({ length: disk.count }, () => ({ ...disk, count: 1 })))
}

/** Neighbours that are alike are one entry, so that places stay what they are. */
function joined(disks: readonly Disk[], next: Disk): readonly Disk[] {
  const last = disks.at(-1)
  if (last?.type !== next.type || last.sizeGib !== next.sizeGib) return [...disks, next]
  return [...disks.slice(0, -1), { ...last, count: last.count + next.count }]
}
