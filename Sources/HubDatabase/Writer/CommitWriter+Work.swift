/// What the writer does where nothing has to be committed at once, a slice at a time.
extension CommitWriter {
  var wantsWork: Bool {
    wantsCheckpoint || wantsSealing || retention != nil || wantsRoom || recomputation != nil
  }

  func work() throws(SQLiteError) {
    if wantsRoom {
      try makeRoom()
    } else if wantsCheckpoint {
      try advanceCheckpoint()
    } else if wantsSealing {
      try advanceSealing()
    } else if retention != nil {
      try advanceRetention()
    } else {
      try advanceRecomputation()
    }
    try moveLog()
  }
}
