/**
 * What the services of a cluster say of their work when they are asked. Each question is there only where a service of the cluster can
 * answer it; an answer is as the service gives it at that moment, and rejects with a sentence when nobody gives one in time. Types
 * alone, and without imports: services describe themselves in them.
 */

export interface Inquiries {
  /** Applications that were begun in a time, in no order; only as many as their manager remembers. */
  readonly applications?: (begun: TimeRange) => Promise<readonly Application[]>
  /** What the jobs among these applications have done so far; those of which nobody knows anything are left out. */
  readonly jobs?: (applications: readonly Application[]) => Promise<ReadonlyMap<string, JobFigures>>
  /** Statements that were begun in a time, in no order; only as many as their server remembers. */
  readonly queries?: (begun: TimeRange) => Promise<readonly QueryRun[]>
  /** Statements that the servers of Hive's protocol were sent in a time, in no order; only as many as they remember. */
  readonly statements?: (begun: TimeRange) => Promise<readonly StatementRun[]>
  /** What Spark began for statements in a time, in no order; only as much as its servers remember. */
  readonly executions?: (begun: TimeRange) => Promise<readonly Execution[]>
  /** What files there are, by size and by how long ago they were last read. */
  readonly files?: (nowMs: number) => Promise<FileSurvey>
  /** The tables of HBase with what one of its servers (`host:port`), or all of them together, have of each, in no order. */
  readonly tables?: (server?: string) => Promise<readonly TableLoad[]>
  readonly capacity?: () => Promise<StorageCapacity>
  /** What the nodes have of cores, and how much of that is used now. */
  readonly processors?: () => Promise<ProcessorUse>
  /** What the applications of a queue have and wait for, by its whole name (`root.default`); undefined when there is no such queue. */
  readonly load?: (queue: string) => Promise<QueueLoad | undefined>
}

/** Both ends belong to it. */
export interface TimeRange {
  readonly fromMs: number
  readonly toMs: number
}

export interface Application {
  readonly id: string
  readonly user: string
  readonly name: string
  readonly queue: string
  /** In capitals: `MAPREDUCE`. */
  readonly type: string
  /** By its manager's words. */
  readonly state: string
  readonly finalState: string
  readonly progressPercent: number
  readonly startedMs: number
  /** Of one that has ended. */
  readonly finishedMs?: number
  readonly elapsedMs: number
  /** Has now. */
  readonly memoryMib: number
  readonly cores: number
  readonly containers: number
  /** Has had, by time. */
  readonly memoryMibSeconds: number
  readonly coreSeconds: number
  readonly queuePercent: number
  readonly clusterPercent: number
  readonly preempted: {
    readonly memoryMib: number
    readonly cores: number
    readonly containers: number
    readonly masterContainers: number
  }
}

/** Of a job of maps and reduces. */
export interface JobFigures {
  readonly maps: TaskFigures
  readonly reduces: TaskFigures
  readonly averageShuffleMs: number
  readonly averageMergeMs: number
  readonly collectionMs: number
  readonly readBytes: number
  readonly writtenBytes: number
}

export interface TaskFigures {
  readonly total: number
  readonly completed: number
  readonly launched: number
  readonly averageMs: number
  readonly attempts: {
    readonly failed: number
    readonly killed: number
    readonly successful: number
  }
  readonly inputRecords: number
  readonly outputRecords: number
  readonly coreMs: number
  readonly memoryMibMs: number
}

/** A statement of SQL, and what it has taken so far. */
export interface QueryRun {
  readonly id: string
  readonly user: string
  readonly statement: string
  /** By its server's words. */
  readonly state: string
  /** Where names without one are looked up; empty where none was said. */
  readonly catalog: string
  /** The address that it came from. */
  readonly client: string
  readonly startedMs: number
  /** Of one that has ended. */
  readonly finishedMs?: number
  readonly elapsedMs: number
  readonly processorMs: number
  readonly planningMs: number
  readonly completedSplits: number
  /** Bytes at a time, summed over milliseconds. */
  readonly memoryByteMs: number
  readonly peakMemoryBytes: number
  /** Read from where the tables are. */
  readonly readBytes: number
  /** Of rows that it worked on. */
  readonly processedBytes: number
  /** Between the nodes of its server. */
  readonly exchangedBytes: number
  /** Of its result. */
  readonly resultBytes: number
  readonly writtenBytes: number
  /** Of one that has failed. */
  readonly error?: string
}

/** A statement of SQL as a server of Hive's protocol runs it. */
export interface StatementRun {
  readonly id: string
  readonly user: string
  readonly statement: string
  readonly state: 'RUNNING' | 'FINISHED' | 'ERROR' | 'CANCELED'
  /** What executes it. */
  readonly engine: string
  /** Applications that work for it. */
  readonly applications: readonly string[]
  readonly startedMs: number
  /** Of one that has ended. */
  readonly finishedMs?: number
  readonly elapsedMs: number
}

/** A table of HBase as its servers count it. */
export interface TableLoad {
  readonly namespace: string
  readonly name: string
  /** Requests, over the last minute. */
  readonly readsPerSecond: number
  readonly writesPerSecond: number
  readonly memoryBytes: number
  readonly fileBytes: number
  readonly files: number
}

/** Work that Spark has done, or does, for a statement. */
export interface Execution {
  readonly id: string
  readonly application: string
  readonly statement: string
  readonly state: 'RUNNING' | 'COMPLETED' | 'FAILED'
  readonly startedMs: number
  readonly elapsedMs: number
  readonly scanned: Volume
  readonly written: Volume
}

/** As far as it was counted; bytes as they are shown, with four digits. */
export interface Volume {
  readonly partitions: number
  readonly rows: number
  readonly files: number
  readonly bytes: number
}

export interface FileSurvey {
  readonly all: FileSum
  /** Absent where there are more than can be looked at. */
  readonly kinds?: {
    readonly bySize: Readonly<Record<'empty' | 'small' | 'medium' | 'big', FileSum>>
    /** By the time since they were last read; `unknown` where nobody noted it. */
    readonly byAge: Readonly<Record<'hot' | 'warm' | 'cold' | 'unknown', FileSum>>
  }
}

export interface FileSum {
  readonly count: number
  readonly bytes: number
}

export interface ProcessorUse {
  readonly cores: number
  /** Of all of them together. */
  readonly usedPercent: number
}

export interface StorageCapacity {
  readonly totalBytes: number
  readonly usedBytes: number
  readonly remainingBytes: number
  /** Used on the same disks by others. */
  readonly otherBytes: number
}

export interface QueueLoad {
  readonly memoryMib: Use
  readonly cores: Use
  readonly containers: { readonly allocated: number; readonly pending: number }
  /** Those that have ended are counted since their manager was started. */
  readonly applications: Readonly<
    Record<'running' | 'pending' | 'submitted' | 'completed' | 'failed' | 'killed', number>
  >
}

export interface Use {
  readonly available: number
  readonly allocated: number
  readonly pending: number
  readonly reserved: number
}
