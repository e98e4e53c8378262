import ContentStore
import Publishing

/// An entry as an index holds it, with one file.
///
/// - Parameters:
///   - contents: the digest of what the file holds, in `bytes` bytes, of which a blob has `packed`.
///   - seconds: how long the stage worked.
public func sampleEntry(
  stage: String, title: String, file: String, contents: Digest? = nil, bytes: Int = 10, packed: Int = 7,
  seconds: Double = 1, parameters: JSONValue = ["seed": 1], inputs: [JobInput] = [], dataSet: JSONValue? = nil
) throws -> PublishedIndex.Entry {
  let job = Job(
    stage: stage, fingerprint: String(repeating: "a", count: 64), parameters: parameters, inputs: inputs,
    environment: ["compiler": "one"], title: title)
  let digest = contents?.hex ?? String(repeating: "b", count: 64)
  let manifest: JSONValue = [
    "format": .integer(Store.formatVersion), "key": .string(job.key), "job": try JSONValue(encoding: job),
    "files": [file: ["digest": .string(digest), "bytes": .integer(bytes)]], "wallSeconds": .number(seconds),
    "host": "there", "created": "2026-01-01T00:00:00Z", "machine": ["cores": "2"],
  ]
  return PublishedIndex.Entry(manifest: try manifest.decoded(), packed: [file: packed], dataSet: dataSet)
}
