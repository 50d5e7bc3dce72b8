/**
 * The configuration files of StarRocks' parts. A file that is given replaces the one in the image, so each says also what the image's
 * file says of ports and logs (fe/conf and be/conf of StarRocks 3.x). Nothing secret is in them: they are ConfigMaps.
 */
import { sha256Hex } from '../../../kernel/digest.ts'
import { canonicalJson } from '../../../kernel/json.ts'
import type { ConfigurationFile } from '../../../domain/cluster/spec.ts'
import { encryptionLines } from './encryption.ts'
import { isFrontend, type Part, type Volume } from './part.ts'

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
  /** Of the instance's owner. */
  readonly settings: Readonly<Record<string, string>>
  /** Whether front ends offer TLS. */
  readonly encrypted: boolean
}

/** What of an instance's settings is for a part: front ends have a file of their own. */
export function settingsOf(
  configuration: readonly ConfigurationFile[],
  { name }: Pick<Part, 'name'>,
): Readonly<Record<string, string>> {
  const file = isFrontend({ name }) ? 'FE' : 'BE'
  return configuration.find((each) => each.file === file)?.properties ?? {}
}

/** Empty where there are none. */
export function settingsDigest(settings: Readonly<Record<string, string>>): string {
  if (Object.keys(settings).length === 0) return ''
  return sha256Hex(canonicalJson(settings)).slice(0, 16)
}

/** What the files say of containers, volumes and how data are kept: settings cannot say otherwise. */
const OWN =
  /^(LOG_DIR|DATE|JAVA_OPTS.*|.*_port|drop_backend_after_decommission|run_mode|enable_load_volume_from_conf|storage_root_path|meta_dir|priority_networks|.*_(access|secret)_key|ssl_key.*)$/

/** One that cannot stand in a file, by its name and why. */
export function unmetSetting(
  configuration: readonly ConfigurationFile[],
): { readonly name: string; readonly detail: string } | undefined {
  for (const { properties } of configuration)
    for (const [name, value] of Object.entries(properties)) {
      if (OWN.test(name)) return { name, detail: 'kubernetes sets it for its containers' }
      if (!/^\w+$/.test(name) || /[\r\n]/.test(value))
        return { name, detail: 'it is no line of a configuration file' }
    }
  return undefined
}

export function configurationText(it: PartConfiguration): string {
  const own = isFrontend(it.part) ? frontendLines(it) : workerLines(it)
  const lines = { ...own, ...it.settings }
  return `${Object.entries(lines)
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n')}\n`
}

/** Another text is another object, so that pods are replaced when what they read has changed. */
export function configurationName(part: Part, text: string): string {
  return `sr-${part.name}-${sha256Hex(text).slice(0, 8)}`
}

/** Of any of its files, former ones included. */
export function isConfigurationName(name: string): boolean {
  return /^sr-(fe|be|cn|observer)-[0-9a-f]{8}$/.test(name)
}

function frontendLines({
  runMode,
  memoryMib,
  encrypted,
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
    ...(encrypted && encryptionLines),
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
