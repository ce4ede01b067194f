/// What the writer does where nothing has to be committed at once, a slice at a time.
extension CommitWriter {
  var wantsWork: Bool { wantsCheckpoint || retention != nil || wantsRoom }

  func work() throws(SQLiteError) {
    if wantsRoom {
      try makeRoom()
    } else if wantsCheckpoint {
      try advanceCheckpoint()
    } else if retention != nil {
      try advanceRetention()
    }
    try moveLog()
  }
}
