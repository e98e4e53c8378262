import Publishing
import Testing

@Suite struct PlaceTests {
  @Test(arguments: [
    "http://127.0.0.1:8000/x", "https://example.org/results/", "results", "/srv/results", "./a b",
  ])
  func foldersAndAddressesAreTold(_ text: String) throws {
    let place = try PublishedPlace(text)
    #expect(!"\(place)".hasSuffix("/"))
    if case .address = place { #expect(text.hasPrefix("http")) } else { #expect(!text.hasPrefix("http")) }
  }

  @Test(arguments: [
    "", "ftp://example.org/x", "file:///etc", "http://", "http:///x", "http://a/?x", "http://a/ b", "a\nb",
  ])
  func othersAreRefused(_ text: String) {
    #expect(throws: PublishingError.self) { try PublishedPlace(text) }
  }
}
