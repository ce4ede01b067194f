package import Hummingbird
import NIOCore

/// What a request carries beside itself.
package struct HubRequestContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  /// The connection it came on.
  let channel: any Channel

  package init(source: Source) {
    coreContext = .init(source: source)
    channel = source.channel
  }
}
