/** Hadoop's services, which run of the same files. */
export { hdfs } from './src/hdfs.ts'
export { yarn } from './src/yarn.ts'
