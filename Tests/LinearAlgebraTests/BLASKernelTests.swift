import LinearAlgebra
import Testing

@Suite struct BLASKernelTests {
  @Test func readsTheProcessorsFeatures() {
    let all = "processor\t: 0\nflags\t\t: fpu avx512f avx512dq avx512bw avx512vl avx\n"
    #expect(BLASKernel.hasAVX512(cpuInformation: all))
    #expect(!BLASKernel.hasAVX512(cpuInformation: all.replacing("avx512dq ", with: "")))
    #expect(!BLASKernel.hasAVX512(cpuInformation: "Features : asimd"))
    #expect(!BLASKernel.hasAVX512(cpuInformation: ""))
  }

  @Test func namesKernelsAndVersion() {
    #expect(!BLASKernel.name.isEmpty && BLASKernel.name != "unknown")
    #expect(BLASKernel.version.first?.isNumber == true)
  }
}
