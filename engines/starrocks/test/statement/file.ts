/** Statements about files in object storage. */
import { lacks, refused } from './family.ts'
import type { Family } from './family.ts'

export const file: readonly Family[] = [
  {
    title: 'Files in object storage',
    modules: ['httpfs'],
    rows: [
      'INSERT INTO FILES ("path" = "oss://bucket-a/p/", "format" = "parquet", "compression" = "zstd", "single" = "true") SELECT * FROM t',
      'INSERT INTO FILES ("path" = "oss://bucket-a/c/", "format" = "csv", "csv.column_separator" = "||", "csv.row_delimiter" = "<row>") SELECT * FROM t',
      'INSERT INTO FILES ("path" = "oss://bucket-a/k/", "format" = "parquet", "partition_by" = "k") SELECT * FROM t',
      'INSERT INTO FILES ("path" = "oss://bucket-a/s/", "format" = "csv", "target_max_file_size" = "1048576") SELECT * FROM t',
      lacks(
        'INSERT INTO FILES ("path" = "oss://bucket-a/o/", "format" = "orc") SELECT 1',
        'The file format orc',
      ),
      'DESC FILES ("path" = "oss://bucket-a/p/*", "format" = "parquet")',
      'SELECT * FROM FILES ("path" = "oss://bucket-a/p/*", "format" = "parquet", "fill_mismatch_column_with" = "none")',
      'SELECT $1, $2 FROM FILES ("path" = "oss://bucket-a/c/*", "format" = "csv", "csv.column_separator" = "||", "csv.row_delimiter" = "<row>")',
      'SELECT v, k FROM FILES ("path" = "oss://bucket-a/k/*/*", "format" = "parquet", "columns_from_path" = "k")',
      'SELECT PATH, SIZE FROM FILES ("path" = "oss://bucket-a/{p,c}/*", "list_files_only" = "true")',
      lacks(
        'SELECT * FROM FILES ("path" = "oss://bucket-a/p/x.orc", "format" = "orc")',
        'The file format orc',
      ),
      refused(
        'SELECT * FROM FILES ("path" = "oss://bucket-a/p/x.json", "format" = "json")',
        1064,
        'Access storage error. Error message: not supported format: json',
      ),
      refused(
        'SELECT * FROM FILES ("path" = "oss://bucket-c/x", "format" = "csv")',
        1064,
        "Access storage error. Error message: Access denied: the role of the instance has no right to read 'oss://bucket-c/x' (Status Code: 403)",
      ),
      'CREATE TABLE loaded PROPERTIES ("replication_num" = "1") AS SELECT * FROM FILES ("path" = "oss://bucket-a/p/*", "format" = "parquet")',
      'INSERT INTO loaded SELECT * FROM FILES ("path" = "oss://bucket-a/p/*", "format" = "parquet")',
      'CREATE VIEW outside AS SELECT * FROM FILES ("path" = "oss://bucket-a/p/*", "format" = "parquet")',
      'SELECT count(*) FROM outside',
      'SUBMIT TASK load_once AS INSERT INTO loaded SELECT * FROM outside',
      'EXPORT TABLE t TO "oss://bucket-a/e/" WITH SYNC MODE PROPERTIES ("column_separator" = ",", "include_query_id" = "false")',
      'EXPORT TABLE t (v, k) TO "oss://bucket-a/e/part" PROPERTIES ("timeout" = "60")',
      'SHOW EXPORT WHERE STATE = "EXPORTING"',
      refused(
        'CANCEL EXPORT WHERE queryid = "00000000-0000-0000-0000-000000000000"',
        1064,
        'Export job [00000000-0000-0000-0000-000000000000] is not found',
      ),
      'LOAD LABEL d.l1 (DATA INFILE ("oss://bucket-a/e/*.csv") INTO TABLE t COLUMNS TERMINATED BY "," (k, tmp) SET (v = upper(tmp)) WHERE k > 1) WITH BROKER PROPERTIES ("timeout" = "600", "max_filter_ratio" = "0.1")',
      'SHOW LOAD WHERE LABEL = "l1"',
    ],
  },
  {
    title: 'Storage volumes',
    modules: ['httpfs'],
    isShared: true,
    rows: [
      'CREATE STORAGE VOLUME v TYPE = S3 LOCATIONS = ("s3://bucket-a/v") COMMENT "rows" PROPERTIES ("enabled" = "true", "aws.s3.use_instance_profile" = "true")',
      'CREATE STORAGE VOLUME IF NOT EXISTS v TYPE = S3 LOCATIONS = ("s3://bucket-a/v") PROPERTIES ("aws.s3.use_aws_sdk_default_behavior" = "true")',
      refused(
        'CREATE STORAGE VOLUME w TYPE = S3 LOCATIONS = ("s3://bucket-b/in/w") PROPERTIES ("aws.s3.use_instance_profile" = "true")',
        1064,
        "Access storage error. Error message: Access denied: the role of the instance has no right to write 's3://bucket-b/in/w/*' (Status Code: 403)",
      ),
      refused(
        'CREATE STORAGE VOLUME w TYPE = S3 LOCATIONS = ("s3://bucket-a/w")',
        1064,
        'Storage params is not valid {}',
      ),
      lacks(
        'CREATE STORAGE VOLUME w TYPE = AZBLOB LOCATIONS = ("azblob://c/w") PROPERTIES ("aws.s3.use_instance_profile" = "true")',
        'The storage volume type AZBLOB',
      ),
      'DESC STORAGE VOLUME v',
      'CREATE DATABASE volumes PROPERTIES ("storage_volume" = "v")',
      'CREATE TABLE volumes.t AS SELECT * FROM d.t',
      'CREATE TABLE d.there PROPERTIES ("storage_volume" = "v") AS SELECT * FROM volumes.t',
      'ALTER STORAGE VOLUME v COMMENT = "more rows", SET ("enabled" = "false")',
      refused(
        'CREATE TABLE volumes.more AS SELECT * FROM d.t',
        1064,
        'Storage volume v is disabled',
      ),
      'ALTER STORAGE VOLUME IF EXISTS v SET ("enabled" = "true")',
      'CREATE ROLE reader',
      'GRANT USAGE, ALTER, DROP ON STORAGE VOLUME v TO ROLE reader',
      'SET v AS DEFAULT STORAGE VOLUME',
      refused('DROP STORAGE VOLUME v', 1064, 'default storage volume can not be removed'),
      'SET builtin_storage_volume AS DEFAULT STORAGE VOLUME',
      lacks(
        'ALTER TABLE d.t SET ("storage_volume" = "v")',
        'ALTER TABLE of the property "storage_volume"',
      ),
      'DROP DATABASE volumes FORCE',
      'DROP TABLE d.there FORCE',
      'DROP STORAGE VOLUME v',
    ],
  },
  {
    title: 'Files of Avro',
    modules: ['httpfs', 'avro'],
    rows: ['SELECT * FROM FILES ("path" = "oss://bucket-a/a.avro", "format" = "avro")'],
  },
]
