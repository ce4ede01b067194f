/// A way in which a server could be wrong: tests break one on purpose, to see that the model finds out.
package enum Sabotage: String, Sendable, CaseIterable {
  case none
  case dropPublish
  case duplicatePublish
  case reorderPublishes
  case swallowPuback
  case swallowPubrel
  case swallowPubcomp
  case corruptPayload
  case changeTopic
  case setRetain
  case lowerQoS
  case reusePacketIdentifier
  case claimSession
  case misdeliver
}
