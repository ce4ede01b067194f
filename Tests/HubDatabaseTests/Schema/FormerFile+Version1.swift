import TimeSeriesStorage

extension FormerFile {
  /// Readings in chunks, and in the journal: late ones, ones that replace, and one of a series that has no chunk yet.
  static let version1 = FormerFile(
    version: 1, sql: sqlOfVersion1,
    readings: [
      (
        "kitchen", "temperature",
        [19.5, 20.1, 20.2, 20.3, 20.4, 20.5, 30].enumerated().map {
          Reading(time: start + Int64($0) * 60_000, value: .number($1))
        }
      ),
      (
        "kitchen", "state",
        [.text("on"), .boolean(false), .number(-0.0), .number(.nan)].enumerated().map {
          Reading(time: start + Int64($0), value: $1)
        }
      ),
      ("garden", "moisture", [Reading(time: start, value: .number(0.25))]),
    ],
    broker: broker)

  private static let sqlOfVersion1 = """
    CREATE TABLE series(
      id INTEGER PRIMARY KEY, device TEXT NOT NULL, metric TEXT NOT NULL, received INTEGER,
      bytes INTEGER NOT NULL DEFAULT 0);
    INSERT INTO series VALUES(1,'kitchen','temperature',1700000400000,37);
    INSERT INTO series VALUES(2,'kitchen','state',1700000400000,72);
    INSERT INTO series VALUES(3,'garden','moisture',NULL,0);
    CREATE TABLE chunks(
      series INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
      data BLOB NOT NULL, PRIMARY KEY(series, first)) WITHOUT ROWID;
    INSERT INTO chunks VALUES(1,1700000000000,1700000300000,6,X'010110000680a0abfef962e0a712900390039a030000000000605e\
    402d4bfccccc023d4984');
    INSERT INTO chunks VALUES(2,1700000000000,1700000000003,4,X'31800000000480a0abfef962030000000000000000000000000000\
    00000000000000000000f87f06050801026f6e217fffffffffffffffffffafffffff0000000000000057514cfd');
    CREATE TABLE journal(id INTEGER PRIMARY KEY, data BLOB NOT NULL);
    INSERT INTO journal VALUES(1,X'01c0a4e8fef96203088099d7fef9620000000000003e4010fff82b000000000000d03f0c00000000000\
    08033402b8476cc');
    CREATE TABLE sessions(
      id INTEGER PRIMARY KEY, client TEXT NOT NULL, expiry INTEGER NOT NULL, will BLOB, left_at INTEGER,
      will_due_at INTEGER);
    INSERT INTO sessions VALUES(7,'lasting',3600,X'01010a0000006c6173742f776f72647304000000676f6e650500000018000000035\
    fd353c8',1700000000000,1700000003000);
    CREATE TABLE subscriptions(
      session INTEGER NOT NULL, filter BLOB NOT NULL, options BLOB NOT NULL, PRIMARY KEY(session, filter))
      WITHOUT ROWID;
    INSERT INTO subscriptions VALUES(7,X'6c6f672f23',X'01020500000080535f6e');
    CREATE TABLE messages(id INTEGER PRIMARY KEY, data BLOB NOT NULL);
    INSERT INTO messages VALUES(1,X'01120000000000000000050000006c6f672f610500000068656c6c6f000000000400000070756d703e\
    21de68');
    CREATE TABLE deliveries(
      session INTEGER NOT NULL, serial INTEGER NOT NULL, message INTEGER NOT NULL, stage INTEGER NOT NULL,
      packet INTEGER NOT NULL, place INTEGER NOT NULL, options BLOB NOT NULL, PRIMARY KEY(session, serial))
      WITHOUT ROWID;
    INSERT INTO deliveries VALUES(7,11,1,0,3,4,X'01020100000005000000c3b7412a');
    CREATE TABLE exchanges(
      session INTEGER NOT NULL, packet INTEGER NOT NULL, message INTEGER NOT NULL, PRIMARY KEY(session, packet))
      WITHOUT ROWID;
    INSERT INTO exchanges VALUES(7,21,0);
    CREATE TABLE retained(topic BLOB PRIMARY KEY, serial INTEGER NOT NULL, data BLOB NOT NULL) WITHOUT ROWID;
    INSERT INTO retained VALUES(X'7374617465',9,X'01050000000000000000050000007374617465020000006f6e000000005837c589')\
    ;
    CREATE UNIQUE INDEX series_names ON series(device, metric);
    """
}
