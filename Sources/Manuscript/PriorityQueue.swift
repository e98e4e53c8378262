/// Elements of which the first, by an order, is taken out quickly: a binary heap.
struct PriorityQueue<Element> {
  private var elements: [Element] = []
  private let isBefore: (Element, Element) -> Bool

  init(by isBefore: @escaping (Element, Element) -> Bool) { self.isBefore = isBefore }

  var isEmpty: Bool { elements.isEmpty }

  mutating func insert(_ element: Element) {
    elements.append(element)
    var place = elements.count - 1
    while place > 0, isBefore(elements[place], elements[(place - 1) / 2]) {
      elements.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// Takes the first one out; nil if there is none.
  mutating func popFirst() -> Element? {
    guard let first = elements.first, let last = elements.popLast() else { return nil }
    guard !elements.isEmpty else { return first }
    elements[0] = last
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < elements.count && isBefore(elements[child], elements[least]) { least = child }
      guard least != place else { return first }
      elements.swapAt(place, least)
      place = least
    }
  }
}
