/**
 * The configuration files of StarRocks' parts. A file that is given replaces the one in the image, so each says also what the image's
 * file says of ports and logs (fe/conf and be/conf of StarRocks 3.x). Nothing secret is in them: they are ConfigMaps.
 */
import { sha256Hex } from '../../../kernel/digest.ts'
import type { Part, Volume } from './part.ts'

/** Whether data lie on the disks of back ends, or in object storage with compute nodes before it. */
export type RunMode = 'shared_nothing' | 'shared_data'

const JAVA =
  '-Dlog4j2.formatMsgNoLookups=true -XX:+UseG1GC -Djava.security.policy=${STARROCKS_HOME}/conf/udf_security.policy'

/** A front end's Java heap: what is left of its memory is for threads and buffers. */
const HEAP = 0.7

export interface PartConfiguration {
  readonly part: Part
  readonly runMode: RunMode
  readonly memoryMib: number
  readonly volumes: readonly Volume[]
}

export function configurationText(it: PartConfiguration): string {
  const lines = it.part.name === 'fe' ? frontendLines(it) : workerLines(it)
  return `${Object.entries(lines)
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n')}\n`
}

/** Another text is another object, so that pods are replaced when what they read has changed. */
export function configurationName(part: Part, text: string): string {
  return `sr-${part.name}-${sha256Hex(text).slice(0, 8)}`
}

function frontendLines({
  runMode,
  memoryMib,
}: PartConfiguration): Readonly<Record<string, string>> {
  const heap = Math.floor(memoryMib * HEAP)
  return {
    LOG_DIR: '${STARROCKS_HOME}/log',
    DATE: '"$(date +%Y%m%d-%H%M%S)"',
    JAVA_OPTS: `"-Xmx${heap}m ${JAVA}"`,
    sys_log_level: 'INFO',
    http_port: '8030',
    rpc_port: '9020',
    query_port: '9030',
    edit_log_port: '9010',
    mysql_service_nio_enabled: 'true',
    // A back end that was decommissioned stays until its data are seen to be elsewhere.
    drop_backend_after_decommission: 'false',
    ...(runMode === 'shared_data' && {
      run_mode: 'shared_data',
      cloud_native_meta_port: '6090',
      // Keys of object storage are given over SQL, and stand in no file.
      enable_load_volume_from_conf: 'false',
    }),
  }
}

function workerLines({ part, volumes }: PartConfiguration): Readonly<Record<string, string>> {
  const folders = volumes.map(({ path }) => path)
  return {
    sys_log_level: 'INFO',
    be_port: '9060',
    be_http_port: '8040',
    heartbeat_service_port: '9050',
    brpc_port: '8060',
    ...(part.name === 'cn' && { starlet_port: '9070' }),
    // A node without disks of its own keeps what it caches in its container.
    ...(folders.length > 0 && { storage_root_path: folders.join(';') }),
  }
}
