import ContentStore

@testable import Publishing

/// An entry as an index holds it, with one table.
func sampleEntry(
  stage: String, title: String, file: String, seed: Int = 1, inputs: [JobInput] = [],
  dataSet: JSONValue? = nil
) throws -> PublishedIndex.Entry {
  let job = Job(
    stage: stage, fingerprint: String(repeating: "a", count: 64), parameters: ["seed": .integer(seed)],
    inputs: inputs, environment: ["compiler": "one"], title: title)
  let manifest: JSONValue = [
    "format": .integer(Store.formatVersion), "key": .string(job.key), "job": try JSONValue(encoding: job),
    "files": [file: ["digest": .string(String(repeating: "b", count: 64)), "bytes": 10]],
    "wallSeconds": 1, "host": "there", "created": "2026-01-01T00:00:00Z", "machine": ["cores": "2"],
  ]
  return PublishedIndex.Entry(manifest: try manifest.decoded(), packed: [file: 7], dataSet: dataSet)
}
