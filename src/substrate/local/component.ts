/**
 * What the local substrate needs to know of an engine family: the roles that its programs play, which processes an instance
 * consists of, and how to configure, start and ask each. The substrate decides where and with how much; a component decides what
 * the files of its processes hold and how they are asked. Nothing that a role is given to start with is remembered but its files:
 * a newer Emrys, or one in another place, starts its own program.
 */
import type { BackupTable } from '../../domain/backup.ts'
import type { Access } from '../../domain/cluster/access.ts'
import type { DaemonName } from '../../domain/cluster/daemon.ts'
import type { NodeSize } from '../../domain/cluster/node-group.ts'
import type { Prospect } from '../../domain/cluster/capability.ts'
import type {
  ClusterSpec,
  ConfigurationFile,
  LakeCatalog,
  MetadataStore,
  Software,
} from '../../domain/cluster/spec.ts'
import type { DirectoryContent } from '../../domain/directory-content.ts'
import type { Application, Inquiries } from '../../domain/inquiry.ts'
import type { Endpoint } from '../../domain/cluster/status.ts'
import type { Job } from '../../domain/job-flow.ts'
import type { ObjectStorage, ObjectStorageKey } from '../../domain/object-storage.ts'
import type { Workload } from '../../domain/cluster/workload.ts'
import type { Capabilities } from '../port.ts'
import type { LivenessTimeouts } from './condition.ts'
import type { EntryNote } from './instance-note.ts'

export interface Component extends Pick<
  Capabilities,
  'nodeSizes' | 'configuration' | 'daemons' | 'access' | 'rollout'
> {
  readonly family: string
  /** The roles of nodes whose size decides how much of the machine an instance gets. */
  readonly workers: readonly string[]
  /** In the order in which they are started: the processes of one wait until those of the roles before it answer. */
  readonly roles: readonly Role[]
  /** What keeps it from encrypting data here, in a sentence, if anything; absent where it never does. */
  unmetEncryption?(): string | undefined
  /** What keeps it from working with object storage here, in a sentence, if anything; absent where it never does. */
  unmetObjectStorage?(): string | undefined
  /** Further addresses that clients come by, as the spec wants them; absent where there are none. */
  entries?(spec: ClusterSpec): readonly EntryPlan[]
  /** The processes of an instance with these nodes. The name of each role and node stays as it is while the node is there. */
  plan(
    nodes: readonly Pick<ComponentNode, 'id' | 'role'>[],
    software: Software,
  ): readonly ProcessPlan[]
  /** Why it cannot carry the cluster as it would be, memory aside; absent where it always can. */
  unmet?(
    prospect: Prospect,
    /** What the processes of a role said last (`RoleHealth.copies`). */
    copies?: (role: string) => number | undefined,
  ): { readonly what: string; readonly detail: string } | undefined
  /** What can be asked of these processes; absent where there is nothing to ask. */
  inquiries?(processes: readonly PlacedProcess[]): Inquiries
  /** Brings the users and groups that these processes keep to those that are wanted; false while none of them keeps any. */
  directory?(processes: readonly PlacedProcess[], it: DirectoryRequest): Promise<boolean>
  /** How a job is submitted to these processes, or why it cannot be, in a sentence; absent where none can. */
  job?(processes: readonly PlacedProcess[], job: Job): JobPlan | string
  /** What of the software runs in another version than was asked for, or not at all, in a sentence. */
  remark?(software: Software): string | undefined
}

export interface DirectoryRequest {
  readonly content: DirectoryContent
  /** Opens a secret of the cluster by name. */
  readonly reveal: (secret: string) => string | undefined
}

export interface EntryPlan {
  readonly name: string
  /** What is listened for there: where clients look for it. */
  readonly standardPorts: readonly number[]
}

/** The client of a job, which has a directory of its own. */
export interface JobPlan {
  readonly files: Readonly<Record<string, string>>
  readonly command: RoleCommand
  /** What it has begun, by whoever runs that. */
  applications(): Promise<readonly Application[]>
}

export interface PlacedProcess {
  readonly role: string
  /** Its own. */
  readonly directory: string
}

export interface ProcessPlan {
  /** Name of the role. */
  readonly role: string
  /** The node that it runs for, on that node's own address; absent for one process that serves all nodes. */
  readonly node?: string
}

export interface Role {
  readonly name: string
  /** As the spec names it (`spec.daemons`); absent for what is started and stopped with its node only. */
  readonly daemon?: DaemonName
  /** Where its clients look for it. */
  readonly standardPorts: readonly number[]
  /** The name of its log in its directory; older parts of it end in `.1`, `.2` and so on. */
  readonly logFile: string
  /**
   * The roles whose processes have to answer before one is started; those before it without. Its own among them: its processes are started
   * one after the other the first time.
   */
  readonly after?: readonly string[]
  /** The roles without any process of which one of it does not do its work. */
  readonly needs?: readonly string[]
  /** Where a process of it may be silent for another time than most. */
  readonly timeouts?: Partial<LivenessTimeouts>
  /** MiB that a process keeps in memory that may have so many; as many without. */
  residentMib?(memoryMib: number): number
  /** What its files hold, by name, in the order in which they are written. The same for equal input, but for secrets. */
  files(wanted: RoleWanted): Readonly<Record<string, string>>
  /** What starts a process whose files are there. */
  command(directory: string): RoleCommand
  /** What a process runs of and that is not there yet, in a sentence; has it brought. Absent where it is always there. */
  absent?(directory: string): string | undefined
  /** Has the running process read its files again. */
  update(directory: string): Promise<Update>
  /** Asks the process; undefined when nobody answers. */
  health(directory: string): Promise<RoleHealth | undefined>
  /**
   * Has the running process move away what it keeps, as far as that is not under way; answers why that can never be, in a sentence, if so.
   * Absent where that needs no word of ours.
   */
  drain?(directory: string): Promise<string | undefined>
  /**
   * Whether nothing would be lost with a process that gives no account, by the account of others: it does not run, or (`runs`) is coming
   * up or ending. Absent where they cannot say: then its node waits for it to run again.
   */
  drained?(directory: string, runs: boolean): Promise<boolean>
  /** Gives the running process the key of its object storage, which it keeps in memory only. */
  setObjectStorageKey?(directory: string, key: ObjectStorageKey): Promise<void>
  /** Absent where its data cannot be copied while it runs. */
  readonly snapshot?: RoleSnapshot
  /** Its own figures in Prometheus' text form; empty when nobody answers within seconds, or at too great length. */
  metrics(directory: string): Promise<string>
}

/**
 * How the data of a running process are copied: into a folder of the copy's name in a folder of its directory, which is there when
 * all of it is on the disk, with a manifest. A new process that finds the manifest's files in its directory begins with these data.
 */
export interface RoleSnapshot {
  /** The folder in its directory where copies are made. */
  readonly folder: string
  begin(directory: string, name: string): Promise<void>
  /** Undefined when nobody answers. */
  look(directory: string, name: string): Promise<SnapshotLook | undefined>
  /** Ends it, and removes what is there of it; false when nobody answers. */
  forget(directory: string, name: string): Promise<boolean>
}

export interface SnapshotLook {
  readonly phase: 'absent' | 'taking' | 'taken' | 'failed'
  readonly reason?: string
}

/** What stands in the manifest; processes may add members of their own. */
export interface SnapshotManifest {
  readonly files: readonly {
    readonly path: string
    readonly bytes: number
    readonly sha256: string
  }[]
  readonly tables: readonly BackupTable[]
}

export const MANIFEST = 'manifest.json'

/** One process as it shall run. Sizes are what the machine may give it, not what the cloud would have. */
export interface RoleWanted {
  /** Of the cluster. */
  readonly id: string
  readonly name: string
  readonly version: string
  readonly timeZone: string | undefined
  /** Where its components keep their metadata; absent for the database that comes with the cluster. */
  readonly metadata?: MetadataStore
  /** Counts the passwords that the cluster was given after its first one. */
  readonly passwordNumber: number
  /** Number of what is wanted of this process; its health repeats the number of what it has read. */
  readonly revision: number
  /** A directory of its own, which it alone writes to but for its files; made and removed by the substrate. */
  readonly directory: string
  /** The address that it listens on, and its ports there, in the order of `standardPorts`. */
  readonly host: string
  readonly ports: readonly number[]
  /** The host that clients are given instead of `host`, if any. */
  readonly advertisedHost: string | undefined
  readonly threads: number
  readonly memoryMib: number
  readonly quotaBytes: number
  /** Those that it serves. */
  readonly nodes: readonly ComponentNode[]
  /** Its data are encrypted with a key that its process is given on standard input when it starts: 32 bytes. */
  readonly encrypted: boolean
  /** Made when its engine first runs (ClusterSpec). */
  readonly catalog?: LakeCatalog
  readonly linkedUser?: string
  /**
   * What it may do with objects; its key is given by `Role.setObjectStorageKey`. With a volume it is also on standard input when the process
   * starts, as JSON behind the data key.
   */
  readonly objectStorage?: ObjectStorage
  /** All groups of the instance, those without nodes too, in their order. */
  readonly groups: readonly ComponentGroup[]
  /** Every process of the instance, itself included, those that are removed left out. */
  readonly peers: readonly Peer[]
  /** Processes of nodes that are to go, and those that are being removed: what they keep has to be elsewhere. */
  readonly leaving: readonly Peer[]
  /** Settings of the cluster's own. */
  readonly configuration: readonly ConfigurationFile[]
  /** Of the whole instance: how its clients get in, and the further addresses for it. */
  readonly access: Access | undefined
  readonly entries: readonly EntryNote[]
  /** Opens a secret of the cluster by name. */
  readonly reveal: (secret: string) => string | undefined
}

export interface ComponentNode {
  readonly id: string
  readonly role: string
  /** The name of its group. */
  readonly group: string
  readonly zone: string
  readonly host: string
  /** Its own, while the cluster is brought to another version. */
  readonly version: string
  /** As large as it is wanted; absent where an earlier version did not note it. */
  readonly size?: NodeSize
}

export interface ComponentGroup {
  readonly name: string
  readonly role: string
  /** Cores of its nodes together, as the cloud counts them. */
  readonly cpus: number
}

export interface Peer extends ProcessPlan {
  readonly host: string
  readonly ports: readonly number[]
}

/**
 * `restart`: it reads them when it starts again. A refusal is the process's own judgement of the files, in a sentence; it has
 * changed nothing then.
 */
export type Update = 'applied' | 'restart' | { readonly refused: string }

/** What a process says of itself; members that it does not know are left out. */
export interface RoleHealth {
  /** Its own process id: how one is found again whose starter died before it could write it down. */
  readonly pid: number
  /** Whether it does its work. */
  readonly answering: boolean
  /** Why it does not. */
  readonly reason?: string
  /** What it lacks another process has to do: it is not ended for that. */
  readonly waiting?: boolean
  /** Of the files that it works with. */
  readonly revision: number
  readonly endpoints: readonly Endpoint[]
  readonly threads?: number
  readonly memoryBytes?: number
  readonly storageBytes?: number
  /** Whether nothing would be lost with it, by its own account; absent where it keeps nothing or counts its bytes. */
  readonly drained?: boolean
  /** How many nodes have to stay for what it and its peers keep. */
  readonly copies?: number
  /** Bytes of data that it keeps. */
  readonly usedBytes?: number
  readonly workload?: Workload
  /** Whether it has the key of its object storage; absent where it has no object storage. */
  readonly objectStorageKey?: boolean
}

export interface RoleCommand {
  /** What runs the program; Node without. */
  readonly runtime?: string
  readonly program: string
  readonly args: readonly string[]
  /** What its process must find in its environment before it starts. */
  readonly env?: Readonly<Record<string, string>>
}
