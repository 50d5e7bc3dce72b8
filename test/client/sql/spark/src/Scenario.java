import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A running instance, with StarRocks' connector for Spark (Maven: com.starrocks:starrocks-spark-connector-3.4_2.12) on a Spark inside this
 * process: rows by Stream Load and by transactions, as CSV and JSON, by the interface of data frames and by SQL.
 *
 * Address and password come from EMRYS_SQL_HOST, EMRYS_SQL_PORT, EMRYS_HTTP_PORT, EMRYS_SQL_USER and EMRYS_SQL_PASSWORD. Prints one
 * line a step; exits with 1 at the first step that goes wrong.
 */
public final class Scenario {
  private static final int ROWS = 5000;

  public static void main(String[] arguments) throws Exception {
    run("CREATE DATABASE shop");
    run("CREATE TABLE shop.orders (id BIGINT NOT NULL, name VARCHAR(64), paid DECIMAL(10, 2), day DATE, at DATETIME, tags ARRAY<STRING>)"
        + " DUPLICATE KEY (id)");
    run("CREATE TABLE shop.buyers (id INT NOT NULL, name VARCHAR(64) DEFAULT 'nobody', visits INT) PRIMARY KEY (id)"
        + " DISTRIBUTED BY HASH (id)");
    SparkSession spark = SparkSession.builder().master("local[2]").appName("shop").config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2").config("spark.sql.session.timeZone", "UTC").config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1").getOrCreate();
    try {
      for (String format : new String[] {"csv", "json"}) {
        written(spark, format, "3");
        written(spark, format, "0");
      }
      partialColumns(spark);
      bySql(spark);
      unread(spark);
    } finally {
      spark.stop();
    }
    run("DROP DATABASE shop FORCE");
  }

  /** Without retries, and only then, the connector loads by transactions. */
  private static void written(SparkSession spark, String format, String retries) throws Exception {
    String prefix = "spark-" + format + "-" + retries + "-";
    Dataset<Row> orders = spark.range(ROWS).selectExpr("id", "concat('größe ', id) AS name", "CAST(id AS DECIMAL(10, 2)) AS paid",
        "date_add(DATE '2026-01-01', CAST(id % 10 AS INT)) AS day", "TIMESTAMP '2026-01-02 03:04:05' AS at",
        "IF(id = 0, NULL, array('a', concat('b', id))) AS tags");
    write(orders, "orders").option("starrocks.write.properties.format", format).option("starrocks.write.max.retries", retries)
        .option("starrocks.write.label.prefix", prefix).option("starrocks.timezone", "UTC")
        .option("starrocks.column.types", "tags ARRAY<STRING>").save();
    expect(value("SELECT concat_ws(' ', count(*), count(DISTINCT id), sum(paid), count(tags)) FROM shop.orders"),
        ROWS + " " + ROWS + " " + ROWS * (ROWS - 1L) / 2 + ".00 " + (ROWS - 1), "rows as " + format);
    expect(value("SELECT concat_ws('|', name, paid, day, at, array_join(tags, ',')) FROM shop.orders WHERE id = 7"),
        "größe 7|7.00|2026-01-08|2026-01-02 03:04:05|a,b7", "a row as " + format);
    expect(labels(prefix), true, "a label that begins with " + prefix);
    run("TRUNCATE TABLE shop.orders");
    step("rows as " + format + (retries.equals("0") ? " by transactions" : " by Stream Load") + ", with label prefix");
  }

  private static void partialColumns(SparkSession spark) throws Exception {
    run("INSERT INTO shop.buyers VALUES (1, 'jack', 1)");
    Dataset<Row> visits = spark.sql("SELECT * FROM VALUES (1, 5), (2, 6) AS v(id, visits)");
    write(visits, "buyers").option("starrocks.columns", "id,visits").option("starrocks.write.properties.partial_update", "true")
        .option("starrocks.write.properties.format", "csv").save();
    expect(value("SELECT group_concat(concat_ws(' ', id, name, visits) ORDER BY id SEPARATOR ', ') FROM shop.buyers"),
        "1 jack 5, 2 nobody 6", "rows of some columns");
    step("some columns of a primary key");
  }

  private static void bySql(SparkSession spark) throws Exception {
    spark.sql("CREATE TABLE buyers USING starrocks OPTIONS ('starrocks.table.identifier' = 'shop.buyers', " + settings() + ")");
    spark.sql("INSERT INTO buyers VALUES (3, 'jill', 7)");
    expect(value("SELECT name FROM shop.buyers WHERE id = 3"), "jill", "a row by SQL");
    step("a table of Spark's SQL");
  }

  /** Reading asks for tablets, which this engine does not have. */
  private static void unread(SparkSession spark) throws Exception {
    try {
      spark.sql("SELECT * FROM buyers").collect();
    } catch (Exception problem) {
      String said = String.valueOf(problem);
      for (Throwable cause = problem; cause != null; cause = cause.getCause()) said += cause;
      expect(said.contains("_query_plan is not supported by this engine"), true, "the reason in " + said);
      step("reading is refused with its reason");
      return;
    }
    throw new AssertionError("tablets were read");
  }

  private static DataFrameWriter<Row> write(Dataset<Row> rows, String table) {
    return rows.write().format("starrocks").mode("append").option("starrocks.table.identifier", "shop." + table)
        .option("starrocks.fe.http.url", address("EMRYS_HTTP_PORT")).option("starrocks.fe.jdbc.url", "jdbc:mysql://" + address("EMRYS_SQL_PORT"))
        .option("starrocks.user", System.getenv("EMRYS_SQL_USER")).option("starrocks.password", System.getenv("EMRYS_SQL_PASSWORD"));
  }

  private static String settings() {
    return "'starrocks.fe.http.url' = '" + address("EMRYS_HTTP_PORT") + "', 'starrocks.fe.jdbc.url' = 'jdbc:mysql://" + address("EMRYS_SQL_PORT")
        + "', 'starrocks.user' = '" + System.getenv("EMRYS_SQL_USER") + "', 'starrocks.password' = '" + System.getenv("EMRYS_SQL_PASSWORD") + "'";
  }

  private static boolean labels(String prefix) throws SQLException {
    return !value("SELECT count(*) FROM information_schema.loads WHERE state = 'FINISHED' AND label LIKE '" + prefix + "%'").equals("0");
  }

  private static String address(String port) {
    return System.getenv("EMRYS_SQL_HOST") + ":" + System.getenv(port);
  }

  private static void step(String text) {
    System.out.println("ok  " + text);
  }

  private static void expect(Object actual, Object wanted, String what) {
    if (!Objects.equals(actual, wanted)) throw new AssertionError(what + ": expected " + wanted + ", got " + actual);
  }

  private static void run(String sql) throws SQLException {
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String value(String sql) throws SQLException {
    try (Connection connection = connect(); Statement statement = connection.createStatement(); ResultSet found = statement.executeQuery(sql)) {
      return found.next() ? String.valueOf(found.getString(1)) : "no row";
    }
  }

  private static Connection connect() throws SQLException {
    String url = "jdbc:mysql://" + address("EMRYS_SQL_PORT") + "/";
    return DriverManager.getConnection(url, System.getenv("EMRYS_SQL_USER"), System.getenv("EMRYS_SQL_PASSWORD"));
  }
}
