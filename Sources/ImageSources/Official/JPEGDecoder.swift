import CJPEG
import PreparedImages

/// Decodes JPEG images of one size, by libjpeg-turbo, to the bytes that Pillow gives: accurate cosine
/// transform, smooth upsampling of colour.
///
/// Grey images become three equal channels. Images of four inks become what they look like on white paper;
/// their values are taken as amounts of light, not of ink, as Adobe's programs and Pillow do.
final class JPEGDecoder {
  private let shape: ImageShape
  private let handle: tjhandle
  /// One image as libjpeg-turbo writes it, channels side by side.
  private let interleaved: UnsafeMutableBufferPointer<UInt8>

  /// Precondition: `shape` has three channels. Throws ``DataSetError/decoderUnavailable``.
  init(shape: ImageShape) throws {
    precondition(shape.channels == 3, "images become red, green and blue")
    guard let handle = tjInitDecompress() else { throw DataSetError.decoderUnavailable }
    self.shape = shape
    self.handle = handle
    interleaved = .allocate(capacity: shape.height * shape.width * 4)
    interleaved.initialize(repeating: 0)
  }

  deinit {
    tjDestroy(handle)
    interleaved.deallocate()
  }

  /// Writes `shape.count` bytes, channel by channel.
  ///
  /// - Parameter file: whose bytes these are, for messages.
  /// - Throws: ``DataSetError/wrongImageSize(file:expected:height:width:)``, and
  ///   ``DataSetError/damagedImage(file:reason:)`` for whatever libjpeg-turbo as much as warns of: it fills what
  ///   is missing from a cut-off image with grey.
  func decode(
    _ bytes: UnsafeRawBufferPointer, of file: String, into target: UnsafeMutableRawBufferPointer
  ) throws {
    precondition(target.count == shape.count, "room for one image")
    guard let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count > 0 else {
      throw DataSetError.damagedImage(file: file, reason: "the file is empty")
    }
    let length = UInt(bytes.count)
    var (width, height, subsampling, colours): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard tjDecompressHeader3(handle, start, length, &width, &height, &subsampling, &colours) == 0 else {
      throw damage(file)
    }
    guard width > 0, height > 0 else {
      // Tables alone are a valid file of another kind: libjpeg-turbo reads on, but there is no image.
      throw DataSetError.damagedImage(file: file, reason: "it ends before the image begins")
    }
    guard width == shape.width, height == shape.height else {
      throw DataSetError.wrongImageSize(
        file: file, expected: shape, height: Int(height), width: Int(width))
    }
    let format = Self.pixelFormat(of: colours)
    guard
      tjDecompress2(
        handle, start, length, interleaved.baseAddress, width, 0, height, Int32(format.rawValue),
        TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING) == 0
    else { throw damage(file) }
    separate(format, into: target)
  }

  private static func pixelFormat(of colours: Int32) -> TJPF {
    switch UInt32(bitPattern: colours) {
    case TJCS_GRAY.rawValue: TJPF_GRAY
    case TJCS_CMYK.rawValue, TJCS_YCCK.rawValue: TJPF_CMYK
    default: TJPF_RGB
    }
  }

  private func damage(_ file: String) -> DataSetError {
    .damagedImage(file: file, reason: tjGetErrorStr2(handle).map { String(cString: $0) } ?? "no reason given")
  }

  /// Takes the channels apart.
  private func separate(_ format: TJPF, into target: UnsafeMutableRawBufferPointer) {
    let plane = shape.height * shape.width
    for pixel in 0..<plane {
      for channel in 0..<3 {
        target[channel * plane + pixel] =
          switch format {
          case TJPF_GRAY: interleaved[pixel]
          case TJPF_CMYK: Self.product(interleaved[pixel * 4 + channel], interleaved[pixel * 4 + 3])
          default: interleaved[pixel * 3 + channel]
          }
      }
    }
  }

  /// The product of two shares of 255, rounded.
  private static func product(_ first: UInt8, _ second: UInt8) -> UInt8 {
    UInt8((Int(first) * Int(second) + 127) / 255)
  }
}
