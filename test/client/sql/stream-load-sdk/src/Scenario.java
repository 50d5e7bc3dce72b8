import com.starrocks.data.load.stream.LabelGenerator;
import com.starrocks.data.load.stream.StreamLoadDataFormat;
import com.starrocks.data.load.stream.StreamLoadSnapshot;
import com.starrocks.data.load.stream.properties.StreamLoadProperties;
import com.starrocks.data.load.stream.properties.StreamLoadTableProperties;
import com.starrocks.data.load.stream.v2.StreamLoadManagerV2;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/**
 * A running instance, with StarRocks' own loader (Maven: com.starrocks:starrocks-stream-load-sdk), the core of its Flink and Kafka
 * connectors: rows as CSV and JSON, and transactions in two phases.
 *
 * Address and password come from EMRYS_SQL_HOST, EMRYS_SQL_PORT, EMRYS_HTTP_PORT, EMRYS_SQL_USER and EMRYS_SQL_PASSWORD. Prints one
 * line a step; exits with 1 at the first step that goes wrong.
 */
public final class Scenario {
  private static final int ROWS = 2000;

  public static void main(String[] arguments) throws Exception {
    run("CREATE DATABASE shop");
    run("CREATE TABLE shop.t (id INT NOT NULL, name VARCHAR(64)) PRIMARY KEY (id) DISTRIBUTED BY HASH (id)");
    plain("CSV", csv());
    plain("JSON", json());
    deletes();
    merged();
    exactlyOnce();
    refused();
    run("DROP DATABASE shop FORCE");
    // The loader's threads would continue for some seconds.
    System.exit(0);
  }

  private static StreamLoadTableProperties.Builder csv() {
    return table().streamLoadDataFormat(new StreamLoadDataFormat.CSVFormat("\n")).addProperty("column_separator", "|");
  }

  private static StreamLoadTableProperties.Builder json() {
    return table().streamLoadDataFormat(StreamLoadDataFormat.JSON).addProperty("format", "json").addProperty("strip_outer_array", "true");
  }

  private static StreamLoadTableProperties.Builder table() {
    return StreamLoadTableProperties.builder().uniqueKey("shop.t").database("shop").table("t");
  }

  private static StreamLoadProperties.Builder load(StreamLoadTableProperties.Builder table) {
    String host = System.getenv("EMRYS_SQL_HOST");
    return StreamLoadProperties.builder()
        .jdbcUrl("jdbc:mysql://" + host + ":" + System.getenv("EMRYS_SQL_PORT"))
        .loadUrls("http://" + host + ":" + System.getenv("EMRYS_HTTP_PORT"))
        .username(System.getenv("EMRYS_SQL_USER"))
        .password(System.getenv("EMRYS_SQL_PASSWORD"))
        .version("3.3.7")
        .labelPrefix("shop-")
        .expectDelayTime(200)
        .scanningFrequency(50)
        .maxRetries(0)
        .defaultTableProperties(table.build());
  }

  private static void plain(String format, StreamLoadTableProperties.Builder table) throws Exception {
    run("TRUNCATE TABLE shop.t");
    StreamLoadManagerV2 manager = new StreamLoadManagerV2(load(table).build(), true);
    manager.init();
    try {
      writeRows(manager, format);
      manager.flush();
    } finally {
      manager.close();
    }
    expect(value("SELECT count(*) FROM shop.t"), String.valueOf(ROWS), "rows as " + format);
    expect(value("SELECT name FROM shop.t WHERE id = 7"), "größe 7", "a row as " + format);
    step("rows as " + format);
  }

  private static void writeRows(StreamLoadManagerV2 manager, String format) {
    for (int id = 0; id < ROWS; id++) manager.write("shop.t", "shop", "t", row(format, id));
  }

  private static String row(String format, int id) {
    return format.equals("CSV") ? id + "|größe " + id : "{\"id\": " + id + ", \"name\": \"größe " + id + "\"}";
  }

  private static void deletes() throws Exception {
    StreamLoadTableProperties.Builder table = json().columns("id,name,__op");
    StreamLoadManagerV2 manager = new StreamLoadManagerV2(load(table).build(), true);
    manager.init();
    try {
      manager.write("shop.t", "shop", "t", "{\"id\": 7, \"name\": \"\", \"__op\": 1}", "{\"id\": 8, \"name\": \"new\", \"__op\": 0}");
      manager.flush();
    } finally {
      manager.close();
    }
    expect(value("SELECT count(*) FROM shop.t WHERE id = 7"), "0", "a deleted row");
    expect(value("SELECT name FROM shop.t WHERE id = 8"), "new", "an updated row");
    step("upserts and deletes");
  }

  /** StarRocks 3.3 knows no merge commit: each load is its own. */
  private static void merged() throws Exception {
    run("TRUNCATE TABLE shop.t");
    StreamLoadProperties.Builder properties = load(csv()).addHeader("enable_merge_commit", "true").addHeader("merge_commit_interval_ms", "10");
    StreamLoadManagerV2 manager = new StreamLoadManagerV2(properties.build(), true);
    manager.init();
    try {
      writeRows(manager, "CSV");
      manager.flush();
    } finally {
      manager.close();
    }
    expect(value("SELECT count(*) FROM shop.t"), String.valueOf(ROWS), "rows with the headers of merge commit");
    step("the headers of merge commit");
  }

  /** As Flink's sink does at a checkpoint: flush, snapshot, prepare, commit. */
  private static void exactlyOnce() throws Exception {
    run("TRUNCATE TABLE shop.t");
    StreamLoadManagerV2 manager = transaction();
    writeRows(manager, "JSON");
    manager.flush();
    StreamLoadSnapshot first = manager.snapshot();
    expect(manager.prepare(first), true, "prepare");
    expect(value("SELECT count(*) FROM shop.t"), "0", "rows before commit");
    expect(manager.commit(first), true, "commit");
    expect(value("SELECT count(*) FROM shop.t"), String.valueOf(ROWS), "rows after commit");
    manager.write("shop.t", "shop", "t", row("JSON", ROWS));
    manager.flush();
    StreamLoadSnapshot second = manager.snapshot();
    expect(manager.prepare(second), true, "prepare again");
    expect(manager.abort(second), true, "abort");
    expect(value("SELECT count(*) FROM shop.t"), String.valueOf(ROWS), "rows after abort");
    manager.write("shop.t", "shop", "t", row("JSON", ROWS + 1));
    manager.flush();
    StreamLoadSnapshot third = manager.snapshot();
    expect(manager.prepare(third), true, "prepare before a restart");
    manager.close();
    StreamLoadManagerV2 later = transaction();
    expect(later.commit(third), true, "commit after a restart");
    later.close();
    expect(value("SELECT count(*) FROM shop.t"), String.valueOf(ROWS + 1), "rows after a restart");
    step("transactions: prepared, committed, aborted, committed by a later process");
  }

  private static StreamLoadManagerV2 transaction() {
    StreamLoadManagerV2 manager = new StreamLoadManagerV2(load(json()).enableTransaction().build(), false);
    manager.setLabelGeneratorFactory((database, table) -> label());
    manager.init();
    return manager;
  }

  private static LabelGenerator label() {
    return () -> "shop-" + System.nanoTime();
  }

  private static void refused() throws Exception {
    StreamLoadManagerV2 manager = new StreamLoadManagerV2(load(csv()).build(), true);
    manager.init();
    try {
      manager.write("shop.t", "shop", "t", "no number|x");
      manager.flush();
      throw new AssertionError("a row that cannot be read went through");
    } catch (RuntimeException problem) {
      expect(String.valueOf(rootOf(problem).getMessage()).contains("too many filtered rows"), true, "the reason in " + rootOf(problem));
    } finally {
      manager.close();
    }
    step("what cannot be loaded is refused with its reason");
  }

  private static Throwable rootOf(Throwable problem) {
    return problem.getCause() == null ? problem : rootOf(problem.getCause());
  }

  private static void step(String text) {
    System.out.println("ok  " + text);
  }

  private static void expect(Object actual, Object wanted, String what) {
    if (!Objects.equals(actual, wanted)) {
      throw new AssertionError(what + ": expected " + wanted + ", got " + actual);
    }
  }

  private static void run(String sql) throws SQLException {
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String value(String sql) throws SQLException {
    try (Connection connection = connect(); Statement statement = connection.createStatement(); ResultSet found = statement.executeQuery(sql)) {
      return found.next() ? found.getString(1) : "no row";
    }
  }

  private static Connection connect() throws SQLException {
    String address = System.getenv("EMRYS_SQL_HOST") + ":" + System.getenv("EMRYS_SQL_PORT");
    return DriverManager.getConnection("jdbc:mysql://" + address + "/", System.getenv("EMRYS_SQL_USER"), System.getenv("EMRYS_SQL_PASSWORD"));
  }
}
