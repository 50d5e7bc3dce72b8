import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * A running instance, with MySQL Connector/J (Maven: com.mysql:mysql-connector-j), in the versions of the pom files beside it.
 *
 * Address and password come from EMRYS_SQL_HOST, EMRYS_SQL_PORT, EMRYS_SQL_USER and EMRYS_SQL_PASSWORD. Prints one line a step;
 * exits with 1 at the first step that goes wrong.
 */
public final class Scenario {
  private static final int ROWS_MANY = 200_000;
  private static final String ENDLESS =
      "SELECT count(*) FROM shop.big a, shop.big b, shop.big c WHERE a.n + b.n + c.n = 7";

  private interface Work {
    void run() throws SQLException;
  }

  public static void main(String[] arguments) throws Exception {
    try (Connection connection = connect("", Map.of())) {
      run(connection, "CREATE DATABASE shop");
      try (Connection named = connect("default_catalog.shop", Map.of())) {
        expect(value(named, "SELECT database()"), "shop", "the database of a name with its catalog");
      }
      step("logs in, also to catalog.database: " + connection.getMetaData().getDriverVersion());
      types();
      batches();
      streams();
      transactions();
      metadata(connection);
      interruptions(connection);
      refusals(connection);
      run(connection, "DROP DATABASE shop FORCE");
    }
  }

  private static Connection connect(String database, Map<String, String> more) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", System.getenv("EMRYS_SQL_USER"));
    properties.setProperty("password", System.getenv("EMRYS_SQL_PASSWORD"));
    more.forEach(properties::setProperty);
    String address = System.getenv("EMRYS_SQL_HOST") + ":" + System.getenv("EMRYS_SQL_PORT");
    return DriverManager.getConnection("jdbc:mysql://" + address + "/" + database, properties);
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

  /** By text first, then by the binary protocol; getObject answers what JDBC says for each type. */
  private static void types() throws SQLException {
    for (String prepares : List.of("false", "true")) {
      try (Connection connection = connect("shop", Map.of("useServerPrepStmts", prepares))) {
        run(connection, "DROP TABLE IF EXISTS types");
        run(
            connection,
            "CREATE TABLE types (id BIGINT NOT NULL, ok BOOLEAN, tiny TINYINT, small SMALLINT, whole INT, huge LARGEINT, ratio FLOAT,"
                + " exact DOUBLE, price DECIMAL(20, 4), day DATE, moment DATETIME, name VARCHAR(64), doc JSON, raw VARBINARY)"
                + " PRIMARY KEY (id) DISTRIBUTED BY HASH (id)");
        String sql = "INSERT INTO types VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, x'00ff')";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
          List<Object> row =
              List.of(1L, true, (byte) -128, (short) 32767, -2147483648, "170141183460469231731687303715884105727", 1.5f, 0.1,
                  new BigDecimal("1234567890.1234"), LocalDate.of(2024, 2, 29), LocalDateTime.of(2024, 2, 29, 12, 34, 56), "grüße 🐘'",
                  "{\"a\": [1, 2]}");
          for (int index = 0; index < row.size(); index++) insert.setObject(index + 1, row.get(index));
          expect(insert.executeUpdate(), 1, "rows inserted");
          insert.setObject(1, 2);
          for (int index = 1; index < row.size(); index++) insert.setNull(index + 1, Types.NULL);
          expect(insert.executeUpdate(), 1, "rows of NULLs inserted");
        }
        read(connection);
      }
      step("every type goes in and comes back as an object; prepared by the server: " + prepares);
    }
  }

  private static void read(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("SELECT * FROM types WHERE id >= ? ORDER BY id")) {
      query.setInt(1, 1);
      try (ResultSet found = query.executeQuery()) {
        expect(found.next(), true, "a row");
        List<Object> row = new ArrayList<>();
        for (int index = 1; index <= 11; index++) row.add(found.getObject(index));
        List<Object> wanted =
            Arrays.asList(1L, true, -128, 32767, -2147483648, "170141183460469231731687303715884105727", 1.5f, 0.1,
                new BigDecimal("1234567890.1234"), java.sql.Date.valueOf("2024-02-29"), LocalDateTime.of(2024, 2, 29, 12, 34, 56));
        expect(row, wanted, "the row as objects");
        expect(new BigInteger(found.getString("huge")), BigInteger.TWO.pow(127).subtract(BigInteger.ONE), "the LARGEINT");
        expect(found.getString("name"), "grüße 🐘'", "the text");
        expect(found.getString("doc"), "{\"a\": [1, 2]}", "the JSON");
        expect(Arrays.toString(found.getBytes("raw")), "[0, -1]", "the bytes");
        expect(found.getMetaData().getColumnType(2) == Types.BIT || found.getMetaData().getColumnType(2) == Types.BOOLEAN, true, "BOOLEAN's type");
        expect(found.next(), true, "a row of NULLs");
        for (int index = 2; index <= 13; index++) expect(found.getObject(index), null, found.getMetaData().getColumnLabel(index));
      }
    }
  }

  private static void batches() throws SQLException {
    int key = 1000;
    for (String rewrites : List.of("false", "true")) {
      for (String prepares : List.of("false", "true")) {
        Map<String, String> options = Map.of("rewriteBatchedStatements", rewrites, "useServerPrepStmts", prepares);
        try (Connection connection = connect("shop", options);
            PreparedStatement insert = connection.prepareStatement("INSERT INTO types (id, name, ok) VALUES (?, ?, ?)")) {
          for (int row = 0; row < 200; row++) {
            insert.setInt(1, key++);
            insert.setString(2, "n'" + row);
            insert.setBoolean(3, row % 2 == 0);
            insert.addBatch();
          }
          expect(insert.executeBatch().length, 200, "statements of a batch");
          insert.setInt(1, key++);
          insert.setString(2, "x".repeat(65));
          insert.setBoolean(3, true);
          insert.addBatch();
          try {
            insert.executeBatch();
            throw new AssertionError("a row that does not fit went through");
          } catch (BatchUpdateException problem) {
            expect(problem.getErrorCode(), 1064, "the number of " + problem);
          }
        }
      }
    }
    try (Connection connection = connect("shop", Map.of())) {
      expect(value(connection, "SELECT count(*) FROM types WHERE id >= 1000"), "800", "rows of the batches");
    }
    step("batches, rewritten and not, prepared by the server and not");
  }

  private static void streams() throws SQLException {
    String sql = "SELECT generate_series, repeat('x', 50) FROM TABLE(generate_series(1, " + ROWS_MANY + "))";
    try (Connection connection = connect("", Map.of()); Statement statement = connection.createStatement()) {
      statement.setFetchSize(Integer.MIN_VALUE);
      expect(sum(statement.executeQuery(sql)), (long) ROWS_MANY * (ROWS_MANY + 1) / 2, "streamed rows");
      statement.setFetchSize(0);
      statement.setMaxRows(10);
      expect(sum(statement.executeQuery(sql)), 55L, "ten rows of many");
    }
    // The handshake says 5.1.0, and so Connector/J opens cursors; the server answers whole results.
    Map<String, String> cursor = Map.of("useCursorFetch", "true", "defaultFetchSize", "1000");
    try (Connection connection = connect("", cursor); PreparedStatement statement = connection.prepareStatement(sql)) {
      expect(sum(statement.executeQuery()), (long) ROWS_MANY * (ROWS_MANY + 1) / 2, "rows fetched by a cursor");
    }
    step("many rows, as they come, bounded, and with useCursorFetch");
  }

  private static long sum(ResultSet found) throws SQLException {
    long sum = 0;
    try (found) {
      while (found.next()) sum += found.getLong(1);
    }
    return sum;
  }

  private static void transactions() throws SQLException {
    int[] levels = {
      Connection.TRANSACTION_READ_UNCOMMITTED, Connection.TRANSACTION_READ_COMMITTED,
      Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE
    };
    try (Connection connection = connect("shop", Map.of())) {
      for (int level : levels) connection.setTransactionIsolation(level);
      connection.setReadOnly(true);
      connection.setReadOnly(false);
      run(connection, "CREATE TABLE single (id INT) PRIMARY KEY (id) DISTRIBUTED BY HASH (id)");
      for (String end : List.of("ROLLBACK", "COMMIT")) {
        run(connection, "BEGIN");
        run(connection, "INSERT INTO single VALUES (1)");
        run(connection, end);
        expect(value(connection, "SELECT count(*) FROM single"), end.equals("COMMIT") ? "1" : "0", "rows after " + end);
      }
      connection.setAutoCommit(false);
      run(connection, "INSERT INTO single VALUES (2)");
      connection.commit();
      connection.setAutoCommit(true);
      expect(value(connection, "SELECT count(*) FROM single"), "2", "rows after commit()");
    }
    step("transactions, at every level");
  }

  private static void metadata(Connection connection) throws SQLException {
    run(connection, "CREATE VIEW shop.cheap AS SELECT id FROM shop.types");
    for (String schema : List.of("false", "true")) {
      try (Connection other = connect("shop", Map.of("useInformationSchema", schema))) {
        DatabaseMetaData facts = other.getMetaData();
        expect(names(facts.getCatalogs(), "TABLE_CAT").contains("shop"), true, "databases");
        boolean byShow = schema.equals("false");
        // To information_schema, a type is a HAVING without GROUP BY, which is MySQL's own.
        String[] tables = byShow ? new String[] {"TABLE"} : null;
        expect(names(facts.getTables("shop", null, "t%", tables), "TABLE_NAME"), List.of("types"), "tables");
        if (byShow) {
          String[] views = {"VIEW"};
          expect(names(facts.getTables("shop", null, "%", views), "TABLE_NAME"), List.of("cheap"), "views");
        }
        expect(names(facts.getColumns("shop", null, "types", "%"), "COLUMN_NAME").size(), 14, "columns");
        try (ResultSet price = facts.getColumns("shop", null, "types", "price")) {
          expect(price.next(), true, "the price");
          expect(List.of(price.getInt("DATA_TYPE"), price.getInt("COLUMN_SIZE"), price.getInt("DECIMAL_DIGITS")), List.of(Types.DECIMAL, 20, 4), "its type");
        }
        names(facts.getPrimaryKeys("shop", null, "types"), "COLUMN_NAME");
        names(facts.getIndexInfo("shop", null, "types", false, true), "COLUMN_NAME");
        names(facts.getImportedKeys("shop", null, "types"), "PKTABLE_NAME");
        names(facts.getTypeInfo(), "TYPE_NAME");
        names(facts.getTableTypes(), "TABLE_TYPE");
        expect(names(facts.getProcedures("shop", null, "%"), "PROCEDURE_NAME"), List.of(), "procedures");
        expect(names(facts.getFunctions("shop", null, "%"), "FUNCTION_NAME"), List.of(), "functions");
        // StarRocks has no information_schema.parameters.
        if (byShow) expect(names(facts.getProcedureColumns("shop", null, "%", "%"), "COLUMN_NAME"), List.of(), "columns of procedures");
      }
      step("metadata; useInformationSchema: " + schema);
    }
  }

  private static List<String> names(ResultSet found, String column) throws SQLException {
    List<String> names = new ArrayList<>();
    try (found) {
      while (found.next()) names.add(found.getString(column));
    }
    return names;
  }

  private static void interruptions(Connection connection) throws Exception {
    run(connection, "CREATE TABLE shop.big (n BIGINT) DUPLICATE KEY (n)");
    run(connection, "INSERT INTO shop.big SELECT generate_series FROM TABLE(generate_series(1, 100000))");
    try (Connection other = connect("shop", Map.of()); Statement statement = other.createStatement()) {
      statement.setQueryTimeout(1);
      try {
        statement.executeQuery(ENDLESS);
        throw new AssertionError("a query outlived its timeout");
      } catch (SQLTimeoutException expected) {
        expect(value(other, "SELECT 1"), "1", "the connection after a timeout");
      }
      statement.setQueryTimeout(0);
      Thread canceller = new Thread(() -> cancelSoon(statement));
      canceller.start();
      try {
        statement.executeQuery(ENDLESS);
        throw new AssertionError("a query outlived cancel()");
      } catch (SQLException expected) {
        canceller.join();
        expect(value(other, "SELECT 1"), "1", "the connection after cancel()");
      }
    }
    step("a timeout and cancel() end a query and leave the connection");
  }

  private static void cancelSoon(Statement statement) {
    try {
      Thread.sleep(500);
      statement.cancel();
    } catch (InterruptedException | SQLException problem) {
      throw new IllegalStateException(problem);
    }
  }

  private static void refusals(Connection connection) throws SQLException {
    refused(1064, () -> run(connection, "SELEC 1"));
    refused(1146, () -> run(connection, "SELECT * FROM shop.nowhere"));
    refused(1054, () -> run(connection, "SELECT nothing FROM shop.types"));
    refused(1049, () -> connect("nowhere", Map.of()));
    refused(1045, () -> connect("", Map.of("password", "wrong")));
    try (Connection several = connect("shop", Map.of("allowMultiQueries", "true")); Statement statement = several.createStatement()) {
      expect(statement.execute("SELECT 1; SELECT 2"), true, "the first of two");
      expect(statement.getMoreResults(), true, "the second of two");
    }
    step("refusals have their numbers");
  }
}
