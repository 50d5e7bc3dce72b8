import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.restartstrategy.RestartStrategies;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * A running instance, with StarRocks' connector for Flink (Maven: com.starrocks:flink-connector-starrocks) on a cluster of Flink inside this
 * process: both versions of its sink, at least once and exactly once, with a job that fails and is restored from a checkpoint.
 *
 * Address and password come from EMRYS_SQL_HOST, EMRYS_SQL_PORT, EMRYS_HTTP_PORT, EMRYS_SQL_USER and EMRYS_SQL_PASSWORD. Prints one
 * line a step; exits with 1 at the first step that goes wrong.
 */
public final class Scenario {
  private static final int ROWS = 3000;
  private static final int PER_SECOND = 1000;

  public static void main(String[] arguments) throws Exception {
    Path temporary = Files.createTempDirectory("emrys-flink-");
    System.setProperty("java.io.tmpdir", temporary.toString());
    int code = 1;
    try {
      steps();
      code = 0;
    } catch (Throwable problem) {
      problem.printStackTrace();
    } finally {
      remove(temporary.toFile());
    }
    // Threads of the cluster would continue.
    System.exit(code);
  }

  /** Threads of the cluster remove what is theirs meanwhile. */
  private static void remove(File file) {
    File[] inside = file.listFiles();
    if (inside != null) for (File each : inside) remove(each);
    file.delete();
  }

  private static void steps() throws Exception {
    run("CREATE DATABASE shop");
    run("CREATE TABLE shop.orders (id INT NOT NULL, name VARCHAR(64), paid DECIMAL(10, 2), at DATETIME) DUPLICATE KEY (id)");
    run("CREATE TABLE shop.buyers (name VARCHAR(64) NOT NULL, orders BIGINT) PRIMARY KEY (name) DISTRIBUTED BY HASH (name)");
    atLeastOnce("V1", "csv", "");
    atLeastOnce("V2", "csv", "");
    atLeastOnce("V2", "json", "'sink.at-least-once.use-transaction-stream-load' = 'false', ");
    exactlyOnce("csv");
    exactlyOnce("json");
    changes();
    unread();
    run("DROP DATABASE shop FORCE");
  }

  private static void atLeastOnce(String version, String format, String more) throws Exception {
    String prefix = "least-" + version.toLowerCase() + "-" + format;
    StreamTableEnvironment flink = flink();
    flink.executeSql(orders(options("orders", format) + more + "'sink.version' = '" + version + "', 'sink.label-prefix' = '" + prefix + "'"));
    flink.executeSql("INSERT INTO orders VALUES (1, 'größe', 12.50, TIMESTAMP '2026-01-02 03:04:05'), "
        + "(2, CAST(NULL AS STRING), CAST(NULL AS DECIMAL(10, 2)), CAST(NULL AS TIMESTAMP(0)))")
        .await();
    expect(value("SELECT group_concat(concat_ws('|', id, name, paid, at) ORDER BY id SEPARATOR ' ') FROM shop.orders"),
        "1|größe|12.50|2026-01-02 03:04:05 2", "rows by sink " + version + " as " + format);
    expect(labels(prefix), true, "a label that begins with " + prefix);
    run("TRUNCATE TABLE shop.orders");
    step("at least once by sink " + version + " as " + format + ", with label prefix");
  }

  /** One row fails the job for once, behind the first checkpoint; what was written since then is written again, and nothing twice. */
  private static void exactlyOnce(String format) throws Exception {
    String prefix = "once-" + format;
    Failing.failed.set(false);
    StreamTableEnvironment flink = flink();
    flink.createTemporarySystemFunction("failing", Failing.class);
    flink.executeSql("CREATE TABLE numbers (id INT) WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', "
        + "'fields.id.end' = '" + ROWS + "', 'rows-per-second' = '" + PER_SECOND + "')");
    flink.executeSql(orders(options("orders", format) + "'sink.version' = 'V2', 'sink.semantic' = 'exactly-once', 'sink.label-prefix' = '"
        + prefix + "'"));
    flink.executeSql("INSERT INTO orders SELECT failing(id), CONCAT('größe ', CAST(id AS STRING)), id, NOW() FROM numbers").await();
    expect(Failing.failed.get(), true, "that the job has failed for once");
    expect(value("SELECT concat(count(*), ' ', count(DISTINCT id), ' ', sum(paid)) FROM shop.orders"),
        ROWS + " " + ROWS + " " + ROWS * (ROWS + 1L) / 2 + ".00", "rows exactly once");
    expect(labels(prefix), true, "a label that begins with " + prefix);
    run("TRUNCATE TABLE shop.orders");
    step("exactly once as " + format + ", over a failure");
  }

  public static final class Failing extends ScalarFunction {
    static final AtomicBoolean failed = new AtomicBoolean();

    public Integer eval(Integer id) {
      if (id == ROWS * 2 / 3 && failed.compareAndSet(false, true)) throw new IllegalStateException("this row fails for once");
      return id;
    }
  }

  /** Rows of a primary key that are updated and taken back, as a group by makes them. */
  private static void changes() throws Exception {
    StreamTableEnvironment flink = flink();
    flink.executeSql("CREATE TABLE buyers (name STRING, orders BIGINT, PRIMARY KEY (name) NOT ENFORCED) WITH (" + options("buyers", "json")
        + "'sink.version' = 'V2', 'sink.label-prefix' = 'changes')");
    flink.executeSql("INSERT INTO buyers SELECT name, MAX(c) FROM (SELECT name, COUNT(*) AS c FROM (VALUES ('a'), ('b'), ('a'), ('c'), ('a')) "
        + "AS v(name) GROUP BY name) GROUP BY name HAVING MAX(c) <> 2").await();
    expect(value("SELECT group_concat(concat(name, orders) ORDER BY name) FROM shop.buyers"), "a3,b1,c1", "rows that were changed");
    step("upserts and deletes of a primary key");
  }

  /** Reading asks for tablets, which this engine does not have. */
  private static void unread() throws Exception {
    StreamTableEnvironment flink = flink();
    flink.executeSql("CREATE TABLE buyers (name STRING, orders BIGINT) WITH (" + place("buyers") + ", 'scan-url' = '"
        + address("EMRYS_HTTP_PORT") + "')");
    String said = "";
    try {
      flink.executeSql("SELECT * FROM buyers").await();
    } catch (Exception problem) {
      for (Throwable cause = problem; cause != null; cause = cause.getCause()) said += cause;
    }
    expect(said.contains("_query_plan is not supported by this engine"), true, "the reason in " + said);
    step("reading is refused with its reason");
  }

  private static StreamTableEnvironment flink() {
    Configuration settings = new Configuration();
    settings.setString("execution.checkpointing.interval", "300 ms");
    settings.setString("taskmanager.memory.network.max", "16 mb");
    settings.setString("taskmanager.memory.network.min", "16 mb");
    settings.setString("taskmanager.memory.managed.size", "64 mb");
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(1, settings);
    environment.setRestartStrategy(RestartStrategies.fixedDelayRestart(1, 100));
    return StreamTableEnvironment.create(environment);
  }

  private static String orders(String options) {
    return "CREATE TABLE orders (id INT, name STRING, paid DECIMAL(10, 2), `at` TIMESTAMP(0)) WITH (" + options + ")";
  }

  private static String options(String table, String format) {
    String shape = format.equals("json")
        ? "'sink.properties.format' = 'json', 'sink.properties.strip_outer_array' = 'true', "
        : "'sink.properties.column_separator' = '\\x01', 'sink.properties.row_delimiter' = '\\x02', ";
    return place(table) + ", 'load-url' = '" + address("EMRYS_HTTP_PORT") + "', 'sink.buffer-flush.interval-ms' = '1000', " + shape;
  }

  private static String place(String table) {
    return "'connector' = 'starrocks', 'jdbc-url' = 'jdbc:mysql://" + address("EMRYS_SQL_PORT") + "', 'database-name' = 'shop', 'table-name' = '"
        + table + "', 'username' = '" + System.getenv("EMRYS_SQL_USER") + "', 'password' = '" + System.getenv("EMRYS_SQL_PASSWORD") + "'";
  }

  private static String address(String port) {
    return System.getenv("EMRYS_SQL_HOST") + ":" + System.getenv(port);
  }

  private static boolean labels(String prefix) throws SQLException {
    return !value("SELECT count(*) FROM information_schema.loads WHERE state = 'FINISHED' AND label LIKE '" + prefix + "%'").equals("0");
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
