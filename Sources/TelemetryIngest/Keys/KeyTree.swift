/// The keys one device uses, as a tree: a key met again is found by one comparison where it follows the same key as
/// last time, by a hash otherwise.
struct KeyTree: ~Copyable {
  /// Longer keys are not looked at: their values are skipped and counted.
  static let maximumKeyBytes = 255

  private(set) var nodes: UnsafeMutablePointer<KeyNode>
  /// Keys and paths, one after another.
  private(set) var text: UnsafeMutablePointer<UInt8>
  private(set) var nodeCount = 0
  private var nodeCapacity = 8
  private var textCount = 0
  private var textCapacity = 64
  /// By hash of parent and key, and of nothing and path; a place that is taken by another sends on to the next number.
  private var nodesByHash: [Int: Int32] = [:]
  private let maximumPathBytes: Int

  init(maximumPathBytes: Int) {
    self.maximumPathBytes = min(maximumPathBytes, 255)
    nodes = .allocate(capacity: nodeCapacity)
    text = .allocate(capacity: textCapacity)
    appendTops()
  }

  /// Forgets every key, and gives their memory back.
  mutating func forget() {
    nodes.deallocate()
    text.deallocate()
    nodeCount = 0
    nodeCapacity = 8
    textCount = 0
    textCapacity = 64
    nodesByHash = [:]
    nodes = .allocate(capacity: nodeCapacity)
    text = .allocate(capacity: textCapacity)
    appendTops()
  }

  private mutating func appendTops() {
    for top in [KeyNode.root, KeyNode.topic] {
      append(
        KeyNode(
          parent: KeyNode.none, canonical: top, keyOffset: 0, pathOffset: 0, keyLength: 0, pathLength: 0, role: .metric,
          state: .invalid, isPlain: false))
    }
  }

  deinit {
    nodes.deallocate()
    text.deallocate()
  }

  /// Memory it holds, about.
  var bytes: Int {
    256 + nodeCapacity * MemoryLayout<KeyNode>.stride + textCapacity + nodesByHash.capacity * 32
  }

  /// The metric's name, as the node's series has it.
  func path(of node: Int32) -> UnsafeRawBufferPointer {
    let node = nodes[Int(node)]
    return UnsafeRawBufferPointer(start: text + Int(node.pathOffset), count: Int(node.pathLength))
  }

  /// The node of a key under `parent`, found or made; `key` is unescaped, and at most `maximumKeyBytes`.
  mutating func child(of parent: Int32, key: UnsafeRawBufferPointer) -> Int32 {
    var hash = Self.hash(parent, key)
    while let found = nodesByHash[hash] {
      let node = nodes[Int(found)]
      if node.parent == parent, equals(key, node.keyOffset, node.keyLength) { return found }
      hash &+= 1
    }
    return make(parent, key, hash: hash)
  }

  private mutating func make(_ parent: Int32, _ key: UnsafeRawBufferPointer, hash: Int) -> Int32 {
    let new = Int32(nodeCount)
    let keyOffset = append(key)
    let path = path(under: parent, key: key)
    var node = KeyNode(
      parent: parent, canonical: new, keyOffset: keyOffset, pathOffset: path?.offset ?? 0, keyLength: UInt8(key.count),
      pathLength: path?.length ?? 0, role: parent == KeyNode.root ? Self.role(of: key) : .metric,
      state: path == nil ? .invalid : .unresolved,
      isPlain: !key.contains { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") })
    nodesByHash[hash] = new
    if let path {
      let name = UnsafeRawBufferPointer(start: text + Int(path.offset), count: Int(path.length))
      var hash = Self.hash(KeyNode.none, name)
      while let found = nodesByHash[hash] {
        let other = nodes[Int(found)]
        if other.canonical == found, equals(name, other.pathOffset, other.pathLength) {
          node.canonical = found
          break
        }
        hash &+= 1
      }
      if node.canonical == new { nodesByHash[hash] = new }
    }
    append(node)
    return new
  }

  /// Appends the name that `key` makes under its parent, nil where it makes none of 1 to `maximumPathBytes` bytes.
  private mutating func path(under parent: Int32, key: UnsafeRawBufferPointer) -> (offset: UInt32, length: UInt8)? {
    let above = nodes[Int(parent)]
    if above.state == .invalid, parent > KeyNode.topic { return nil }
    let start = textCount
    if parent > KeyNode.topic {
      reserveText(Int(above.pathLength) + 1)
      (text + textCount).update(from: text + Int(above.pathOffset), count: Int(above.pathLength))
      textCount += Int(above.pathLength)
      text[textCount] = UInt8(ascii: ".")
      textCount += 1
    }
    reserveText(key.count)
    textCount += MetricKey.normalize(key, levels: parent == KeyNode.topic, to: text + textCount)
    let length = textCount - start
    guard length >= 1, length <= maximumPathBytes else {
      textCount = start
      return nil
    }
    return (UInt32(start), UInt8(length))
  }

  private static func role(of key: UnsafeRawBufferPointer) -> KeyNode.Role {
    switch key.count {
    case 2 where key.elementsEqual("ts".utf8): .timestamp
    case 3 where key.elementsEqual("seq".utf8): .sequence
    case 4 where key.elementsEqual("boot".utf8): .boot
    case 6 where key.elementsEqual("values".utf8): .values
    default: .metric
    }
  }

  /// Seeded a process, so that no peer can choose keys that collide.
  private static func hash(_ parent: Int32, _ key: UnsafeRawBufferPointer) -> Int {
    var hasher = Hasher()
    hasher.combine(parent)
    hasher.combine(bytes: key)
    return hasher.finalize()
  }

  private func equals(_ key: UnsafeRawBufferPointer, _ offset: UInt32, _ length: UInt8) -> Bool {
    key.count == Int(length) && key.elementsEqual(UnsafeRawBufferPointer(start: text + Int(offset), count: Int(length)))
  }

  private mutating func append(_ key: UnsafeRawBufferPointer) -> UInt32 {
    reserveText(key.count)
    let offset = textCount
    if let base = key.baseAddress {
      UnsafeMutableRawPointer(text + offset).copyMemory(from: base, byteCount: key.count)
    }
    textCount += key.count
    return UInt32(offset)
  }

  private mutating func reserveText(_ count: Int) {
    guard textCount + count > textCapacity else { return }
    let capacity = max(textCapacity * 2, textCount + count)
    let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    grown.update(from: text, count: textCount)
    text.deallocate()
    text = grown
    textCapacity = capacity
  }

  private mutating func append(_ node: KeyNode) {
    if nodeCount == nodeCapacity {
      let grown = UnsafeMutablePointer<KeyNode>.allocate(capacity: nodeCapacity * 2)
      grown.moveInitialize(from: nodes, count: nodeCount)
      nodes.deallocate()
      nodes = grown
      nodeCapacity *= 2
    }
    (nodes + nodeCount).initialize(to: node)
    nodeCount += 1
  }
}
