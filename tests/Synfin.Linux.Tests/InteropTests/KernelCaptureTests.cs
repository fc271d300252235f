using System.Diagnostics;
using Synfin.Linux.Tests.Support;
using Xunit;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>tshark listens at the kernel's end of the device itself.</summary>
[Trait("Needs", "tun")]
public sealed class KernelCaptureTests
{
    [Fact]
    public async Task What_the_kernel_sees_is_sound_too()
    {
        // With offloads the kernel sees packets before their checksums are finished.
        using Testbed bed = Testbed.Create(offloads: false);
        string path = Path.GetTempFileName();
        try
        {
            using ProgramRun capture = ProgramRun.Start(bed.Kernel, "tshark", "-i", "synfin0", "-n", "-q", "-w", path, "-a", "duration:3");
            long start = Stopwatch.GetTimestamp();
            while (new FileInfo(path).Length == 0)
            {
                Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "tshark does not begin");
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
            foreach (bool ipv6 in new[] { false, true })
            {
                using Transfers transfers = await Transfers.SynfinOpensAsync(bed.Kernel, bed.Sockets, Testbed.KernelAddress(ipv6));
                await transfers.ExchangeAsync(200_003);
                await transfers.EndAsync();
            }
            await capture.OutputAsync();
            Tshark.AssertSound(path);
            Assert.NotEmpty(Tshark.Select(path, "tcp.len > 1000"));
            bed.EndsSoundly();
        }
        finally
        {
            File.Delete(path);
        }
    }
}
