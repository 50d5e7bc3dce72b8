/**
 * How a service of a Hadoop-like cluster describes itself, so that the local substrate can run it: its daemons, where each of them
 * runs, what it is configured with, how it is asked whether it works, and what else it can be asked. Types only; each service is a folder in `engines`.
 */
import type { DirectoryContent } from '../../domain/directory-content.ts'
import type { Application, Inquiries } from '../../domain/inquiry.ts'

export type { DirectoryContent } from '../../domain/directory-content.ts'
export type {
  Application,
  Execution,
  FileSum,
  FileSurvey,
  Inquiries,
  JobFigures,
  QueryRun,
  QueueLoad,
  StatementRun,
  StorageCapacity,
  TableLoad,
  TaskFigures,
  TimeRange,
  Volume,
} from '../../domain/inquiry.ts'

export interface Service {
  readonly name: string
  /** As products call it where they name its daemons; the name in capitals without. */
  readonly title?: string
  /** The components of products that it stands for, by the names in their labels (`hdfs-3.2.2`). */
  readonly components: readonly string[]
  /** What runs, whatever version was asked for. */
  readonly version: string
  /** The part of an engine's lock whose files are its class path; absent for a program of the machine's own. */
  readonly part?: string
  /** The program that its daemons are, where a package of the machine brings it. */
  readonly program?: MachineProgram
  /** Whether a cluster that names it runs without it where its program is not there, and says so. */
  readonly optional?: true
  /** The Java that it runs on, where that is not the one of most. */
  readonly java?: JavaVersions
  /** What is loaded beside its class path, each into a place of its own. */
  readonly plugins?: readonly Plugin[]
  /** Whether it keeps metadata in a database. */
  readonly keepsMetadata?: true
  /** Whether its files hold what its administrator is known by. */
  readonly administered?: true
  /** Where it keeps the users and groups of its cluster. */
  readonly directory?: DirectoryService
  /** The part with what it comes to buckets with, for clusters that have keys to some; absent where it never does. */
  readonly buckets?: string
  /** The files that its clients may set properties of, and the properties there that are not theirs to set. */
  readonly configurable: Readonly<Record<string, readonly string[]>>
  /** Why one that is theirs to set cannot be set so, in a sentence. */
  unmetSetting?(setting: Setting): string | undefined
  /** A daemon waits for those before it (`after`). */
  readonly daemons: readonly Daemon[]
  /** What can be asked of it, by the plan of one of its daemons. */
  inquiries?(plan: DaemonPlan): Inquiries
  /** Jobs that clients have it run. */
  readonly jobs?: readonly JobType[]
  /** Why the cluster cannot become so, in a sentence. */
  unmetChange?(change: ServiceChange): string | undefined
}

/** Versions of the language, both ends included. */
export interface JavaVersions {
  readonly min: number
  readonly max: number
}

export interface Plugin {
  /** The part of an engine's lock whose files it is. */
  readonly part: string
  /** The service beside which alone it has something to do. */
  readonly beside?: string
  /** As its service has them (`configurable`). */
  readonly configurable?: Readonly<Record<string, readonly string[]>>
}

/** A program that a package of the machine's own brings. It is looked for on the path at every start. */
export interface MachineProgram {
  readonly name: string
  /** Of Debian. */
  readonly package: string
  /** What cannot be done without it, for people. */
  readonly use: string
  /** What has it say its version; one that does not is `Service.version`. */
  readonly versionArgs: readonly string[]
  /** The earliest that will do (3, 8), where not every one does. */
  readonly versionMin?: readonly number[]
}

export interface DirectoryService {
  /** The daemon that keeps them. */
  readonly daemon: string
  /** Brings what it keeps to exactly these; rejects when it does not answer. */
  ensure(plan: DaemonPlan, content: DirectoryContent, password: string): Promise<void>
}

export interface ServiceChange {
  /** Its properties by file, as its client set them. */
  readonly settings: Settings
  readonly before: readonly PlacedNode[]
  readonly after: readonly PlacedNode[]
  /** The most of a daemon's nodes that keep the same, as it said last (`Probe.copies`). */
  copies?(daemon: string): number | undefined
}

export type Settings = Readonly<Record<string, Readonly<Record<string, string>>>>

export interface Setting {
  readonly file: string
  readonly name: string
  readonly value: string
  /** The names of the services that run in its cluster. */
  readonly services: readonly string[]
}

export interface PlacedNode {
  readonly id: string
  readonly role: string
}

/** A node as it is decided what runs on it. */
export interface Placement {
  readonly role: string
  /** How many of its role stand before it. */
  readonly place: number
  /** Of all nodes. */
  readonly roles: ReadonlySet<string>
  /** Whether its cluster's metadata lie in a database of the client's own. */
  readonly ownMetadata: boolean
}

/** A kind of job: how it is submitted, and how it is known what became of it. */
export interface JobType {
  /** What it is submitted with: `hadoop jar`. */
  readonly command: string
  /** The daemon by whose plan its client is configured. */
  readonly daemon: string
  /** Why it cannot be run, in a sentence. */
  unmet(job: JobRequest, plan: DaemonPlan): string | undefined
  /** What its client is configured with, in a directory of its own that is first on its class path. */
  files(plan: DaemonPlan, job: JobRequest): Readonly<Record<string, string>>
  /** The program of the machine that it runs on beside Java. */
  machineProgram?(job: JobRequest): MachineProgram | undefined
  /**
   * Of its client's environment; without it the daemon's, with that directory as Hadoop's configuration. `program` is where that of the
   * machine lies, for a job that runs on one.
   */
  environment?(plan: DaemonPlan, program?: string): Readonly<Record<string, string>>
  /** Shell that is run before, in that directory. */
  prepare?(plan: DaemonPlan): string
  /** What its client does, one after the other, each if the one before succeeded. */
  programs(plan: DaemonPlan, job: JobRequest): readonly JavaProgram[]
  /** What it has begun, by whoever runs that. */
  applications(plan: DaemonPlan, job: JobRequest): Promise<readonly Application[]>
}

export interface JobRequest {
  /** Unique on the machine; of letters, digits and hyphens. */
  readonly id: string
  readonly args: readonly string[]
  /** As whom it is submitted. */
  readonly user: string
  /** Whether clients are trusted with this machine: whatever they bring is run. */
  readonly trusted: boolean
}

export interface Daemon {
  /** Unique among all services; the name of its log as well. */
  readonly name: string
  /** As products call it; absent for one that they do not name, which runs as long as its node does. */
  readonly process?: string
  runsOn(node: Placement): boolean
  /** Where clients look for it; all on its node's own address. */
  readonly ports: readonly number[]
  /**
   * The daemons that have to answer before it is started; those that the cluster has not are not waited for. Itself among them: the first time
   * it is started on one node after the other, as what it makes in a place that all share must not be made by two at once.
   */
  readonly after: readonly string[]
  /** The daemons beside these without which it runs and does not do its work. */
  readonly needs?: readonly string[]
  /** MiB of heap: at least this, or this share of what its node may have of the machine. */
  readonly heapMib: number
  readonly heapShare: number
  /** MiB that it was measured to keep in memory with the least heap. */
  readonly residentMib: number
  /** Its configuration, by file, in its own directory, which is first on its class path. How it logs is there without. */
  files(plan: DaemonPlan): Readonly<Record<string, string>>
  /** What becomes the daemon. */
  program(plan: DaemonPlan): Program
  /** What has to be done before its first start, and is done again until it was done to its end. */
  once?(plan: DaemonPlan): readonly Once[]
  /** Shell that is run before every start, in its directory. */
  readonly prepare?: string | ((plan: DaemonPlan) => string)
  /** Of its environment. */
  environment?(plan: DaemonPlan): Readonly<Record<string, string>>
  /** Those of its files that it takes over without a new start, and what has it do that. */
  readonly reload?: readonly Reload[]
  /** Asks it for what only a daemon that works can answer. Rejects when nobody answers. */
  probe(plan: DaemonPlan): Promise<Probe>
  /**
   * Begins to move what it keeps to where it stays, as far as that is not under way; asked again and again while its node is to go.
   * Answers why it never will be, in a sentence, if so. Absent where nothing has to move, or a file that is reloaded (`reload`) has it moved.
   */
  drain?(plan: DaemonPlan): Promise<string | undefined>
  /**
   * Whether nothing would be lost with it, by the account of others, while it does not run, or (`runs`) does and answers nobody; absent where
   * they cannot say.
   */
  drained?(plan: DaemonPlan, runs: boolean): Promise<boolean>
  /** Its own figures in Prometheus' text form, a fixed set. Rejects when nobody answers. */
  figures?(plan: DaemonPlan): Promise<string>
  /** What clients connect to. */
  endpoints?(plan: DaemonPlan): readonly DaemonEndpoint[]
}

export interface Reload {
  readonly file: string
  /** Absent for a file whose changes it sees by itself. */
  program?(plan: DaemonPlan): JavaProgram
}

export interface Probe {
  readonly answering: boolean
  /** Why it does not do its work. */
  readonly reason?: string
  /** What it lacks another one has to do: starting it again would not help. */
  readonly waiting?: boolean
  /** Whether nothing would be lost with it; absent for those that keep nothing. */
  readonly drained?: boolean
  /** How many nodes have to stay for what it and its peers keep; absent where that is not known. */
  readonly copies?: number
}

export interface DaemonEndpoint {
  readonly name: string
  readonly port: number
}

export type Program = JavaProgram | OwnProgram

/** The program of its service (`Service.program`). */
export interface OwnProgram {
  readonly args: readonly string[]
}

export interface JavaProgram {
  readonly main: string
  readonly args?: readonly string[]
  /** Options of the virtual machine beside those that all have. */
  readonly options?: readonly string[]
}

export type Once = Program & OnceTraits

export interface OnceTraits {
  /** What marks that it was done. */
  readonly name: string
  /** In its directory: removed before it is done, as one that was cut off may have left anything. */
  readonly clears?: string
  /** The exit code by which it says that another daemon has done it. */
  readonly doneElsewhere?: number
  /** It needs another daemon, and is tried until it succeeds. */
  readonly retried?: boolean
}

/** One daemon as it shall run. Its probe is given the same, as it was written down. */
export interface DaemonPlan {
  readonly cluster: string
  readonly node: string
  readonly role: string
  /** Its own, absolute. */
  readonly directory: string
  /** Where its class path's files lie; empty for a program of the machine's own. */
  readonly library: string
  /** Where the files of its service's plugins lie, by their parts. */
  readonly plugins?: Readonly<Record<string, string>>
  /** The name of that program. */
  readonly program?: string
  /** The buckets of its cluster's cloud, where the cluster has keys to some. */
  readonly buckets?: BucketAccess
  /** What of the environment (`NAME=value`) marks processes that the daemon starts in sessions of their own. */
  readonly containerMark: string
  readonly host: string
  /** In the order of the daemon's `ports`. */
  readonly ports: readonly number[]
  readonly heapMib: number
  /** Of the machine, for all that its node does. */
  readonly memoryMib: number
  readonly threads: number
  /** Bytes of each data disk of its node, as it was bought. */
  readonly disks: readonly number[]
  /** All daemons of the cluster, itself among them; in an order that stays. */
  readonly peers: readonly DaemonPeer[]
  /** The cluster's properties, by file. */
  readonly settings: Settings
  /** The client's own database for metadata. Its password is there when files are made, and nowhere else. */
  readonly metadata?: MetadataDatabase
  /** What the cluster's administrator is known by; there when files are made, and nowhere else. */
  readonly administrator?: Administrator
}

export interface Administrator {
  readonly password: string
}

export interface MetadataDatabase {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password?: string
}

export interface BucketAccess {
  /** Scheme, host and port of a store of the S3 protocol. */
  readonly endpoint: string
  readonly region: string
  /** Where the files lie that it comes there with. */
  readonly library: string
  /** The keys, in the form of AWS's shared credentials; the daemon's user alone reads it. */
  readonly keyFile: string
}

export interface DaemonPeer {
  readonly daemon: string
  readonly node: string
  readonly host: string
  readonly ports: readonly number[]
  /** Its node is to go: what it keeps has to be elsewhere. */
  readonly leaving?: true
}
