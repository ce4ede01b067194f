/// The pointer to a `struct mosquitto`.
///
/// `@unchecked`: libmosquitto is built with its own locks (WITH_THREADING) and allows calls from any thread; the
/// pointer is freed only in the `deinit` of the one client that owns it, when nobody else can reach it.
struct MosquittoHandle: @unchecked Sendable {
  let pointer: OpaquePointer
}
