import CJPEG

/// Small JPEG files made on the spot.
enum MiniatureJPEG {
  enum Colours {
    case rgb
    case grey
    /// Four inks, stored as luminance, two differences of colour, and black.
    case ycck

    fileprivate var format: TJPF {
      switch self {
      case .rgb: TJPF_RGB
      case .grey: TJPF_GRAY
      case .ycck: TJPF_CMYK
      }
    }
    fileprivate var sampling: TJSAMP { self == .grey ? TJSAMP_GRAY : TJSAMP_444 }
    var channels: Int { self == .rgb ? 3 : self == .grey ? 1 : 4 }
  }

  struct EncodingFailed: Error {}

  /// Encodes an image of `channels` values for each pixel.
  static func encode(_ pixels: [UInt8], height: Int, width: Int, as colours: Colours = .rgb) throws -> [UInt8]
  {
    precondition(pixels.count == height * width * colours.channels)
    guard let handle = tjInitCompress() else { throw EncodingFailed() }
    defer { tjDestroy(handle) }
    var size: UInt = 0
    var memory: UnsafeMutablePointer<UInt8>?
    let status = tjCompress2(
      handle, pixels, Int32(width), 0, Int32(height), Int32(colours.format.rawValue), &memory, &size,
      Int32(colours.sampling.rawValue), 95, 0)
    defer { tjFree(memory) }
    guard status == 0, let memory else { throw EncodingFailed() }
    return Array(UnsafeBufferPointer(start: memory, count: Int(size)))
  }
}
