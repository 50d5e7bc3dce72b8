/**
 * The data disks of a node as volumes of its DataNode: a directory for each, and as many bytes as were bought, where the machine has so many.
 * All of them lie on one file system of the machine, whose rest HDFS reserves. How large that is is asked at every start:
 * a file that said so would be another one with every change of the cluster.
 */
import type { DaemonPlan } from '../../../src/substrate/local/service.ts'
import { escaped, type Properties } from './site.ts'

const VOLUMES = 'dfs.datanode.data.dir'
const RESERVED = 'dfs.datanode.du.reserved'
const FILE = 'disk-site.xml'

/** In the order of its disks; one that nothing is known of has one. */
function volumesOf({ disks }: DaemonPlan): readonly string[] {
  const count = Math.max(1, disks.length)
  return Array.from({ length: count }, (_, at) => `data/blocks${at === 0 ? '' : `-${at + 1}`}`)
}

export function volumeSite(plan: DaemonPlan): Properties {
  const places = volumesOf(plan).map((volume) => `file://${plan.directory}/${volume}`)
  return { [VOLUMES]: places.join() }
}

/** Where its client reserves something, that alone holds. */
function isBounded({ disks, settings }: DaemonPlan): boolean {
  const own = Object.keys(settings['hdfs-site.xml'] ?? {})
  return disks.length > 0 && !own.some((name) => name.startsWith(RESERVED))
}

/** A file of Hadoop's that takes over what `reservation` writes down. */
export function withReservation(plan: DaemonPlan, site: string): string {
  if (!isBounded(plan)) return site
  const include = `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${escaped(plan.directory)}/${FILE}"/>`
  return site.replace('</configuration>', `  ${include}\n</configuration>`)
}

/** Shell for its directory. What only the machine's administrator may fill is not counted as its file system's. */
export function reservation(plan: DaemonPlan): string {
  if (!isBounded(plan)) return ''
  const properties = volumesOf(plan).map((volume, at) => {
    const name = escaped(`${RESERVED}.${plan.directory}/${volume}`).replaceAll("'", `'\\''`)
    return `printf '  <property><name>%s</name><value>%s</value></property>\\n' '${name}' "$(beyond ${plan.disks[at] ?? 0})"`
  })
  return `usable=$(df -Pk . | awk 'END { printf "%.0f", ($(NF - 3) + $(NF - 2)) * 1024 }') || exit 1
beyond() { [ "$usable" -gt "$1" ] && echo $((usable - $1)) || echo 0; }
{
  echo '<configuration>'
  ${properties.join('\n  ')}
  echo '</configuration>'
} >${FILE}.new && mv ${FILE}.new ${FILE} || exit 1`
}
