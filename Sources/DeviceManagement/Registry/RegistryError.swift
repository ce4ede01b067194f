/// Why the registry did not take a device's word.
package enum RegistryError: Error, Sendable, Equatable {
  case attributesTooLarge(bytes: Int, limit: Int)
  case attributesUnreadable(reason: String)
  case statusTooLarge(bytes: Int, limit: Int)
  case statusUnreadable
  /// All devices' attributes together are at their limit.
  case full(limit: Int)
  /// So many devices are connected that no other can be remembered.
  case tooManyDevices(limit: Int)
}
