/// Reads one message of one device into staged readings. Lives for that message.
struct MessageDecoder: ~Copyable {
  var reader: JSONReader
  // The device's and the pipeline's, which live on: by pointer, since counted references and checked accesses would
  // cost as much as the work.
  let keys: UnsafeMutablePointer<KeyTree>
  let staged: UnsafeMutablePointer<StagedReadings>
  let receivedAt: Int64
  /// Older readings are refused, Unix milliseconds.
  let oldest: Int64
  /// Tells this object's readings from those of every other, so that a key that comes twice is known.
  var message: UInt64
  var tally = SkipTally()

  /// The node met last: what follows it is guessed from it.
  var cursor = KeyNode.root
  /// Where the readings of this object begin.
  var objectStart = 0
  /// The time of this object's readings from here on.
  var time: Int64
  var assignsUniqueTime = true
  /// What the object says its time is.
  var ownTime: Int64?
  var isEnvelope = false
  /// Where the values of `boot` and `seq` are, until it is known whether this is an envelope.
  var boot: Deferred?
  var sequence: Deferred?

  struct Deferred {
    var node: Int32
    var position: Int
  }

  init(
    reader: JSONReader, keys: UnsafeMutablePointer<KeyTree>, staged: UnsafeMutablePointer<StagedReadings>,
    receivedAt: Int64, oldest: Int64,
    message: UInt64
  ) {
    self.reader = reader
    self.keys = keys
    self.staged = staged
    self.receivedAt = receivedAt
    self.oldest = oldest
    self.message = message
    self.time = receivedAt
    objectStart = staged.pointee.count
  }

  /// An object, or an array of objects; `message` has gone on by one an object.
  mutating func decodeMessages() throws(DeadLetterReason) {
    switch try reader.next(.expectedValue) {
    case UInt8(ascii: "{"): try decodeMessage()
    case UInt8(ascii: "["):
      if try reader.beginsArray() {
        repeat {
          let byte = try reader.next(.expectedValue)
          guard byte == UInt8(ascii: "{") else { throw try wrongShape() }
          try decodeMessage()
        } while try reader.continuesArray()
      } else {
        tally.empty += 1
      }
    default: throw try wrongShape()
    }
    try reader.end()
  }

  /// The reason for a value that is no object: that of its own text, where it is not JSON.
  private mutating func wrongShape() throws(DeadLetterReason) -> DeadLetterReason {
    let position = reader.position
    try reader.skipValue()
    return .expectedObject(atByte: position)
  }

  /// One object with its time.
  private mutating func decodeMessage() throws(DeadLetterReason) {
    message &+= 1
    objectStart = staged.pointee.count
    time = receivedAt
    assignsUniqueTime = true
    ownTime = nil
    isEnvelope = false
    cursor = KeyNode.root
    if try reader.beginsObject() {
      repeat {
        let node = try key(under: KeyNode.root)
        try reader.colon()
        if node != KeyNode.none, keys.pointee.nodes[Int(node)].role != .metric {
          try decodeReserved(node)
        } else {
          try decodeValue(node)
        }
      } while try reader.continuesObject()
      if boot != nil || sequence != nil { try decodeDeferred() }
    } else {
      tally.empty += 1
    }
    settleTime()
  }

  /// The value of `ts`, `values`, `boot` or `seq`.
  @inline(never)
  private mutating func decodeReserved(_ node: Int32) throws(DeadLetterReason) {
    switch keys.pointee.nodes[Int(node)].role {
    case .metric: try decodeValue(node)
    case .timestamp: try decodeTimestamp()
    case .values:
      guard try reader.next(.expectedValue) == UInt8(ascii: "{") else {
        try decodeValue(node)
        return
      }
      isEnvelope = true
      // The metrics of an envelope are called as if there were none.
      try decodeMembers(under: KeyNode.root)
    case .boot:
      _ = try reader.next(.expectedValue)
      boot = Deferred(node: node, position: reader.position)
      try reader.skipValue()
    case .sequence:
      _ = try reader.next(.expectedValue)
      sequence = Deferred(node: node, position: reader.position)
      try reader.skipValue()
    }
  }

  /// `boot` and `seq`, which are metrics like any other where there was no envelope.
  private mutating func decodeDeferred() throws(DeadLetterReason) {
    if !isEnvelope {
      let end = reader.position
      for deferred in [boot, sequence] {
        guard let deferred else { continue }
        reader.position = deferred.position
        try decodeValue(deferred.node)
      }
      reader.position = end
    }
    boot = nil
    sequence = nil
  }
}
