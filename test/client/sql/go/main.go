// A running instance, with go-sql-driver (Go module github.com/go-sql-driver/mysql).
//
// Address and password come from EMRYS_SQL_HOST, EMRYS_SQL_PORT, EMRYS_SQL_USER and EMRYS_SQL_PASSWORD. Prints one line a
// step; exits with 1 at the first step that goes wrong.
package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

const (
	manyRows = 1_000_000
	endless  = `SELECT count(*) FROM TABLE(generate_series(1, 100000)) a (x), TABLE(generate_series(1, 100000)) b (y),
		TABLE(generate_series(1, 9000)) c (z) WHERE x * y % 7 = z`
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "FAILED:", err)
		os.Exit(1)
	}
}

func run() error {
	db := open(nil)
	defer db.Close()
	for _, step := range []struct {
		what string
		does func(*sql.DB) error
	}{
		{"logs in over TLS, and not with a wrong password", login},
		{"every parameter type goes in and comes back, by text and prepared", types},
		{"prepared statements are used again and again", prepared},
		{"transactions", transactions},
		{"a million rows, read as they come", stream},
		{"what is there, and what results are made of", metadata},
		{"refusals have their numbers", refusals},
		{"a statement ends when its context does, and a killed connection is replaced", interruptions},
	} {
		if err := step.does(db); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
		fmt.Println("ok ", step.what)
	}
	return nil
}

func open(change func(*mysql.Config)) *sql.DB {
	config := mysql.NewConfig()
	config.Net = "tcp"
	config.Addr = net.JoinHostPort(os.Getenv("EMRYS_SQL_HOST"), os.Getenv("EMRYS_SQL_PORT"))
	config.User = os.Getenv("EMRYS_SQL_USER")
	config.Passwd = os.Getenv("EMRYS_SQL_PASSWORD")
	config.ParseTime = true
	config.TLSConfig = "skip-verify"
	if change != nil {
		change(config)
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		panic(err)
	}
	return sql.OpenDB(connector)
}

func login(db *sql.DB) error {
	var who string
	if err := db.QueryRow("SELECT current_user()").Scan(&who); err != nil {
		return err
	}
	if who != "'admin'@'%'" {
		return fmt.Errorf("logged in as %s", who)
	}
	for _, tls := range []string{"", "skip-verify"} {
		wrong := open(func(config *mysql.Config) { config.Passwd, config.TLSConfig = "wrong", tls })
		defer wrong.Close()
		if err := number(wrong.Ping(), 1045); err != nil {
			return err
		}
	}
	_, err := db.Exec("CREATE DATABASE shop")
	return err
}

// Number demands that an error is the server's, with this number.
func number(err error, wanted uint16) error {
	var refusal *mysql.MySQLError
	if !errors.As(err, &refusal) {
		return fmt.Errorf("expected the refusal %d, got %v", wanted, err)
	}
	if refusal.Number != wanted {
		return fmt.Errorf("expected the refusal %d, got %w", wanted, refusal)
	}
	return nil
}

type row struct {
	id      int64
	name    sql.NullString
	ok      sql.NullBool
	whole   sql.NullInt64
	ratio   sql.NullFloat64
	price   sql.NullString
	day     sql.NullTime
	moment  sql.NullTime
	raw     []byte
	numbers sql.NullString
}

func (it *row) fields() []any {
	return []any{&it.id, &it.name, &it.ok, &it.whole, &it.ratio, &it.price, &it.day, &it.moment, &it.raw, &it.numbers}
}

func types(db *sql.DB) error {
	_, err := db.Exec(`CREATE TABLE shop.types (id BIGINT NOT NULL, name VARCHAR(64), ok BOOLEAN, whole BIGINT, ratio DOUBLE,
		price DECIMAL(38, 10), day DATE, moment DATETIME, raw VARBINARY, numbers ARRAY<INT>)
		PRIMARY KEY (id) DISTRIBUTED BY HASH (id)`)
	if err != nil {
		return err
	}
	moment := time.Date(2024, 2, 29, 12, 34, 56, 789000000, time.UTC)
	day := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	given := []any{"grüße 你好 🐘 '\"\\", true, int64(-9223372036854775808), 0.1, "1234567890123456789.0123456789", day, moment, []byte{0, 255, '\''}}
	insert := "INSERT INTO shop.types VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, [1, 2])"
	// The driver prepares by default, and writes the values into the text when it is set to.
	text := open(func(config *mysql.Config) { config.InterpolateParams = true })
	defer text.Close()
	for index, each := range []*sql.DB{db, text} {
		if each == text {
			// In a text the driver writes bytes as _binary'…', which neither StarRocks nor UTF-8 knows.
			insert = strings.Replace(insert, "?, [1, 2]", "x'00ff27', [1, 2]", 1)
			given = given[:len(given)-1]
		}
		result, err := each.Exec(insert, append([]any{int64(index)}, given...)...)
		if err != nil {
			return err
		}
		if count, _ := result.RowsAffected(); count != 1 {
			return fmt.Errorf("%d rows affected", count)
		}
		if _, err := db.Exec("INSERT INTO shop.types (id, raw, name, moment, price) VALUES (?, ?, ?, ?, ?)", index+10, nil, nil, nil, nil); err != nil {
			return err
		}
		for other := range 2 {
			var back row
			if err := []*sql.DB{db, text}[other].QueryRow("SELECT * FROM shop.types WHERE id = ?", index).Scan(back.fields()...); err != nil {
				return err
			}
			wanted := row{int64(index), valid("grüße 你好 🐘 '\"\\"), sql.NullBool{Bool: true, Valid: true},
				sql.NullInt64{Int64: -9223372036854775808, Valid: true}, sql.NullFloat64{Float64: 0.1, Valid: true},
				valid("1234567890123456789.0123456789"), sql.NullTime{Time: day, Valid: true}, sql.NullTime{Time: moment, Valid: true},
				[]byte{0, 255, '\''}, valid("[1,2]")}
			if fmt.Sprint(back) != fmt.Sprint(wanted) || !bytes.Equal(back.raw, wanted.raw) {
				return fmt.Errorf("row %d read by way %d: expected %v, got %v", index, other, wanted, back)
			}
		}
		var empty row
		if err := each.QueryRow("SELECT * FROM shop.types WHERE id = ?", index+10).Scan(empty.fields()...); err != nil {
			return err
		}
		if empty.name.Valid || empty.moment.Valid || empty.raw != nil || empty.price.Valid {
			return fmt.Errorf("NULLs came back as %v", empty)
		}
	}
	return nil
}

func valid(text string) sql.NullString {
	return sql.NullString{String: text, Valid: true}
}

func prepared(db *sql.DB) error {
	insert, err := db.Prepare("INSERT INTO shop.types (id, name) VALUES (?, ?)")
	if err != nil {
		return err
	}
	defer insert.Close()
	for id := 100; id < 150; id++ {
		if _, err := insert.Exec(id, fmt.Sprintf("n%d", id)); err != nil {
			return err
		}
	}
	query, err := db.Prepare("SELECT count(*), min(name) FROM shop.types WHERE id >= ? AND name LIKE ?")
	if err != nil {
		return err
	}
	defer query.Close()
	for from := 100; from < 150; from += 10 {
		var count int
		var first string
		if err := query.QueryRow(from, "n1%").Scan(&count, &first); err != nil {
			return err
		}
		if count != 150-from || first != fmt.Sprintf("n%d", from) {
			return fmt.Errorf("from %d: %d rows, the first is %s", from, count, first)
		}
	}
	long := strings.Repeat("x", 900_000)
	var length int
	if err := db.QueryRow("SELECT length(?)", long).Scan(&length); err != nil {
		return err
	}
	if length != len(long) {
		return fmt.Errorf("a long parameter came as %d bytes", length)
	}
	return nil
}

func transactions(db *sql.DB) error {
	for _, commits := range []bool{false, true} {
		transaction, err := db.Begin()
		if err != nil {
			return err
		}
		if _, err := transaction.Exec("INSERT INTO shop.types (id) VALUES (1000)"); err != nil {
			return err
		}
		if commits {
			err = transaction.Commit()
		} else {
			err = transaction.Rollback()
		}
		if err != nil {
			return err
		}
		var count int
		if err := db.QueryRow("SELECT count(*) FROM shop.types WHERE id = 1000").Scan(&count); err != nil {
			return err
		}
		if (count == 1) != commits {
			return fmt.Errorf("%d rows after a transaction that commits: %v", count, commits)
		}
	}
	return nil
}

func stream(db *sql.DB) error {
	rows, err := db.Query(fmt.Sprintf("SELECT generate_series, repeat('x', 50) FROM TABLE(generate_series(1, %d))", manyRows))
	if err != nil {
		return err
	}
	defer rows.Close()
	var sum, number int64
	var text sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&number, &text); err != nil {
			return err
		}
		sum += number
	}
	if sum != manyRows*(manyRows+1)/2 {
		return fmt.Errorf("the sum is %d", sum)
	}
	return rows.Err()
}

func metadata(db *sql.DB) error {
	rows, err := db.Query("SELECT id, name, price, moment, ok FROM shop.types LIMIT 1")
	if err != nil {
		return err
	}
	defer rows.Close()
	kinds, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	var names []string
	for _, kind := range kinds {
		names = append(names, kind.Name()+" "+kind.DatabaseTypeName())
	}
	if wanted := "id BIGINT, name VARCHAR, price DECIMAL, moment DATETIME, ok TINYINT"; strings.Join(names, ", ") != wanted {
		return fmt.Errorf("columns are %v, not %s", names, wanted)
	}
	if precision, scale, ok := kinds[2].DecimalSize(); !ok || precision != 38 || scale != 10 {
		return fmt.Errorf("the price has %d digits, %d after the point", precision, scale)
	}
	rows.Close()
	var tables, columns int
	query := "SELECT (SELECT count(*) FROM information_schema.tables WHERE table_schema = ?), (SELECT count(*) FROM information_schema.columns WHERE table_schema = ?)"
	if err := db.QueryRow(query, "shop", "shop").Scan(&tables, &columns); err != nil {
		return err
	}
	if tables != 1 || columns != 10 {
		return fmt.Errorf("%d tables, %d columns", tables, columns)
	}
	return nil
}

func refusals(db *sql.DB) error {
	for statement, errno := range map[string]uint16{
		"SELEC 1":                        1064,
		"SELECT 1; SELECT 2":             1064,
		"SELECT * FROM shop.nowhere":     1146,
		"SELECT nothing FROM shop.types": 1054,
		"USE nowhere":                    1049,
		"CREATE DATABASE shop":           1007,
	} {
		_, err := db.Exec(statement)
		if err := number(err, errno); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	_, err := db.Prepare("SELECT nothing FROM shop.types WHERE id = ?")
	return number(err, 1054)
}

func interruptions(db *sql.DB) error {
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if _, err := db.ExecContext(ctx, endless); !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("a late statement ended with %v", err)
	}
	if time.Since(begun) > 5*time.Second {
		return errors.New("a late statement was waited for")
	}
	connection, err := db.Conn(context.Background())
	if err != nil {
		return err
	}
	var id int64
	if err := connection.QueryRowContext(context.Background(), "SELECT connection_id()").Scan(&id); err != nil {
		return err
	}
	if _, err := db.Exec(fmt.Sprintf("KILL %d", id)); err != nil {
		return err
	}
	if err := connection.PingContext(context.Background()); err == nil {
		return errors.New("a killed connection still answers")
	}
	connection.Close()
	_, err = db.Exec("DROP DATABASE shop FORCE")
	return err
}
