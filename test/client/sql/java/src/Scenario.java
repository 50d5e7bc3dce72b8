import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * A running instance, with MariaDB Connector/J (Maven: org.mariadb.jdbc:mariadb-java-client).
 *
 * Address and password come from EMRYS_SQL_HOST, EMRYS_SQL_PORT, EMRYS_SQL_USER and EMRYS_SQL_PASSWORD. Prints one line a step;
 * exits with 1 at the first step that goes wrong.
 */
public final class Scenario {
  private static final int ROWS_MANY = 1_000_000;
  private static final LocalDate DAY = LocalDate.of(2024, 2, 29);
  private static final LocalDateTime MOMENT = LocalDateTime.of(2024, 2, 29, 12, 34, 56, 789_000_000);
  private static final byte[] BYTES = {0, (byte) 0xff, '\''};
  private static final String TEXT = "grüße 你好 🐘 '\"\\";

  private interface Work {
    void run() throws SQLException;
  }

  public static void main(String[] arguments) throws SQLException {
    try (Connection connection = connect(Map.of())) {
      login(connection);
      types();
      batches(connection);
      transactions(connection);
      stream();
      metadata(connection);
      refusals(connection);
      interruptions(connection);
    }
  }

  private static Connection connect(Map<String, String> more) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", System.getenv("EMRYS_SQL_USER"));
    properties.setProperty("password", System.getenv("EMRYS_SQL_PASSWORD"));
    more.forEach(properties::setProperty);
    String address = System.getenv("EMRYS_SQL_HOST") + ":" + System.getenv("EMRYS_SQL_PORT");
    String database = Objects.requireNonNullElse(more.get("database"), "");
    properties.remove("database");
    return DriverManager.getConnection("jdbc:mariadb://" + address + "/" + database, properties);
  }

  private static void step(String text) {
    System.out.println("ok  " + text);
  }

  private static void expect(Object actual, Object wanted, String what) {
    if (!Objects.equals(actual, wanted)) {
      throw new AssertionError(what + ": expected " + wanted + ", got " + actual);
    }
  }

  private static void refused(int errno, Work work) {
    try {
      work.run();
    } catch (SQLException problem) {
      expect(problem.getErrorCode(), errno, "the number of " + problem);
      return;
    }
    throw new AssertionError("expected the refusal " + errno + ", but it went through");
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet found = statement.executeQuery(sql)) {
      return found.next() ? found.getString(1) : "no row";
    }
  }

  private static void login(Connection connection) throws SQLException {
    expect(value(connection, "SELECT current_user()"), "'admin'@'%'", "who logged in");
    refused(1045, () -> connect(Map.of("password", "wrong")));
    refused(1049, () -> connect(Map.of("database", "nowhere")));
    try (Connection secure = connect(Map.of("sslMode", "trust"))) {
      expect(value(secure, "SELECT 1"), "1", "over TLS");
    }
    run(connection, "CREATE DATABASE shop");
    step("logs in, also over TLS, and not with a wrong password");
  }

  /** By text first, then by the binary protocol. */
  private static void types() throws SQLException {
    for (String prepares : List.of("false", "true")) {
      Map<String, String> options = Map.of("database", "shop", "useServerPrepStmts", prepares);
      try (Connection connection = connect(options)) {
        run(connection, "DROP TABLE IF EXISTS types");
        run(
            connection,
            "CREATE TABLE types (id BIGINT NOT NULL, name VARCHAR(64), ok BOOLEAN, small SMALLINT, whole INT, ratio FLOAT,"
                + " exact DOUBLE, price DECIMAL(38, 10), day DATE, moment DATETIME, huge LARGEINT, raw VARBINARY)"
                + " PRIMARY KEY (id) DISTRIBUTED BY HASH (id)");
        insertTypes(connection, prepares.equals("true"));
        readTypes(connection);
      }
      step("every type goes in and comes back; prepared by the server: " + prepares);
    }
  }

  private static void insertTypes(Connection connection, boolean binary) throws SQLException {
    String sql = "INSERT INTO types VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, " + (binary ? "?" : "x'00ff27'") + ")";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setLong(1, 1);
      insert.setString(2, TEXT);
      insert.setBoolean(3, true);
      insert.setShort(4, Short.MIN_VALUE);
      insert.setInt(5, Integer.MIN_VALUE);
      insert.setFloat(6, 1.5f);
      insert.setDouble(7, 0.1);
      insert.setBigDecimal(8, new BigDecimal("1234567890123456789.0123456789"));
      insert.setObject(9, DAY);
      insert.setObject(10, MOMENT);
      insert.setString(11, "170141183460469231731687303715884105727");
      if (binary) insert.setBytes(12, BYTES);
      expect(insert.executeUpdate(), 1, "rows inserted");
      insert.setLong(1, 2);
      for (int index = 2; index <= 11; index++) insert.setNull(index, Types.NULL);
      expect(insert.executeUpdate(), 1, "rows of NULLs inserted");
    }
  }

  private static void readTypes(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("SELECT * FROM types WHERE id = ?")) {
      query.setInt(1, 1);
      try (ResultSet found = query.executeQuery()) {
        expect(found.next(), true, "a row");
        List<Object> row = new ArrayList<>();
        row.add(found.getLong("id"));
        row.add(found.getString("name"));
        row.add(found.getBoolean("ok"));
        row.add(found.getShort("small"));
        row.add(found.getInt("whole"));
        row.add(found.getFloat("ratio"));
        row.add(found.getDouble("exact"));
        row.add(found.getBigDecimal("price").toPlainString());
        row.add(found.getObject("day", LocalDate.class));
        row.add(found.getObject("moment", LocalDateTime.class));
        row.add(found.getString("huge"));
        row.add(new String(found.getBytes("raw"), StandardCharsets.ISO_8859_1));
        List<Object> wanted =
            List.of(1L, TEXT, true, Short.MIN_VALUE, Integer.MIN_VALUE, 1.5f, 0.1, "1234567890123456789.0123456789", DAY,
                MOMENT, "170141183460469231731687303715884105727", new String(BYTES, StandardCharsets.ISO_8859_1));
        expect(row, wanted, "the row read back");
        expect(found.getString("exact"), "0.1", "a double as text");
        expect(found.getString("moment"), "2024-02-29 12:34:56.789000", "a moment as text");
      }
      query.setInt(1, 2);
      try (ResultSet found = query.executeQuery()) {
        expect(found.next(), true, "a row of NULLs");
        expect(found.getInt("id"), 2, "its key");
        for (int index = 2; index <= 11; index++) {
          expect(found.getObject(index), null, found.getMetaData().getColumnLabel(index));
        }
      }
    }
  }

  private static void batches(Connection connection) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO shop.types (id, name) VALUES (?, ?)")) {
      for (int id = 100; id < 200; id++) {
        insert.setInt(1, id);
        insert.setString(2, "n" + id);
        insert.addBatch();
      }
      expect(insert.executeBatch().length, 100, "statements of a batch");
    }
    expect(value(connection, "SELECT count(*) FROM shop.types WHERE id >= 100"), "100", "rows of a batch");
    step("batches");
  }

  private static void transactions(Connection connection) throws SQLException {
    for (String end : List.of("ROLLBACK", "COMMIT")) {
      run(connection, "BEGIN");
      run(connection, "INSERT INTO shop.types (id) VALUES (1000)");
      run(connection, end);
      String wanted = end.equals("COMMIT") ? "1" : "0";
      expect(value(connection, "SELECT count(*) FROM shop.types WHERE id = 1000"), wanted, "rows after " + end);
    }
    step("transactions");
  }

  private static void stream() throws SQLException {
    String sql = "SELECT generate_series, repeat('x', 50) FROM TABLE(generate_series(1, " + ROWS_MANY + "))";
    try (Connection connection = connect(Map.of()); Statement statement = connection.createStatement()) {
      statement.setFetchSize(1000);
      long sum = 0;
      try (ResultSet found = statement.executeQuery(sql)) {
        while (found.next()) sum += found.getLong(1);
      }
      expect(sum, ROWS_MANY * (ROWS_MANY + 1L) / 2, "the sum of a million rows");
    }
    step("a million rows, read as they come");
  }

  private static void metadata(Connection connection) throws SQLException {
    expect(names(connection.getMetaData().getTables("shop", null, "%", null), "TABLE_NAME"), List.of("types"), "tables");
    List<String> columns = names(connection.getMetaData().getColumns("shop", null, "types", "%"), "COLUMN_NAME");
    expect(columns.subList(0, 3), List.of("id", "name", "ok"), "columns");
    expect(columns.size(), 12, "the number of columns");
    expect(names(connection.getMetaData().getCatalogs(), "TABLE_CAT").contains("shop"), true, "databases");
    try (ResultSet found = connection.getMetaData().getColumns("shop", null, "types", "price")) {
      expect(found.next(), true, "the price");
      expect(found.getInt("DATA_TYPE"), Types.DECIMAL, "its type");
      expect(found.getInt("COLUMN_SIZE"), 38, "its digits");
      expect(found.getInt("DECIMAL_DIGITS"), 10, "its digits after the point");
    }
    names(connection.getMetaData().getPrimaryKeys("shop", null, "types"), "COLUMN_NAME");
    names(connection.getMetaData().getIndexInfo("shop", null, "types", false, true), "COLUMN_NAME");
    connection.setCatalog("shop");
    expect(connection.getCatalog(), "shop", "the current database");
    step("metadata");
  }

  private static List<String> names(ResultSet found, String column) throws SQLException {
    List<String> names = new ArrayList<>();
    try (found) {
      while (found.next()) names.add(found.getString(column));
    }
    return names;
  }

  private static void refusals(Connection connection) {
    refused(1064, () -> run(connection, "SELEC 1"));
    refused(1064, () -> run(connection, "SELECT 1; SELECT 2"));
    refused(1146, () -> run(connection, "SELECT * FROM shop.nowhere"));
    refused(1054, () -> run(connection, "SELECT nothing FROM shop.types"));
    refused(1007, () -> run(connection, "CREATE DATABASE shop"));
    step("refusals have their numbers");
  }

  private static void interruptions(Connection connection) throws SQLException {
    try (Connection victim = connect(Map.of())) {
      run(connection, "KILL " + value(victim, "SELECT connection_id()"));
      expect(victim.isValid(2), false, "a killed connection");
    }
    try (Connection another = connect(Map.of())) {
      expect(another.isValid(2), true, "a new connection");
    }
    run(connection, "DROP DATABASE shop FORCE");
    step("a killed connection is noticed");
  }
}
