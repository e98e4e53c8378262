import CCrypto

/// A running message digest, computed by libcrypto (which uses the processor's own SHA instructions).
package final class MessageDigest {
  package enum Algorithm {
    case sha256
    /// Only for comparison with the checksums that the data sets' authors publish.
    case md5
  }

  private let context: OpaquePointer
  /// Where files are read to: one for all, since a data set may be a hundred thousand small files.
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)

  /// Throws ``ImageFileError/cryptographyUnavailable`` if libcrypto refuses the algorithm.
  package init(_ algorithm: Algorithm) throws {
    guard let context = EVP_MD_CTX_new() else { throw ImageFileError.cryptographyUnavailable }
    self.context = context
    guard EVP_DigestInit_ex(context, algorithm == .sha256 ? EVP_sha256() : EVP_md5(), nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw ImageFileError.cryptographyUnavailable
    }
  }

  deinit {
    EVP_MD_CTX_free(context)
    buffer.deallocate()
  }

  package func update(_ bytes: UnsafeRawBufferPointer) {
    let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(status == 1, "a digest takes any bytes until it is finished")
  }

  package func update(_ text: String) {
    var text = text
    text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }

  /// The digest in lowercase hexadecimal. Nothing may be added afterwards.
  package func finish() -> String {
    var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    let status = EVP_DigestFinal_ex(context, &bytes, &count)
    precondition(status == 1, "a digest is finished once")
    let digits = Array("0123456789abcdef".utf8)
    var text = ""
    for byte in bytes.prefix(Int(count)) {
      text.unicodeScalars.append(Unicode.Scalar(digits[Int(byte >> 4)]))
      text.unicodeScalars.append(Unicode.Scalar(digits[Int(byte & 15)]))
    }
    return text
  }

  /// Adds a whole file, read in pieces.
  package func update(fileAt path: String) throws { try update(InputFile(path)) }

  /// Adds the rest of a file, read in pieces.
  package func update(_ file: InputFile) throws {
    let buffer = buffer
    while true {
      let count = try file.read(into: buffer)
      if count == 0 { return }
      update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}
