using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Synfin.Ip;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Xunit;

namespace Synfin.Linux.Tests.EngineTests;

[Trait("Needs", "tun")]
public sealed class LinuxHostTests
{
    private static readonly AddressPrefix _kernelAddress = AddressPrefix.Parse("10.9.0.1/24");
    private static readonly AddressPrefix _address = AddressPrefix.Parse("10.9.0.2/24");

    [Fact]
    public void Addresses_that_do_not_go_together_are_refused()
    {
        LinuxHostOptions same = new() { Device = "synfin0", Addresses = [_kernelAddress], HostAddresses = [_kernelAddress] };
        ArgumentException failure = Assert.Throws<ArgumentException>(() => LinuxHost.Open(same));
        Assert.Contains("10.9.0.1 cannot be both", failure.Message, StringComparison.Ordinal);
        LinuxHostOptions far = new()
        {
            Device = "synfin0",
            Ethernet = true,
            Addresses = [_address],
            Gateways = [AddressPrefix.Parse("10.8.0.1/24").Address],
        };
        failure = Assert.Throws<ArgumentException>(() => LinuxHost.Open(far));
        Assert.Contains("10.8.0.1 is in no subnet", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_deleted_ends_the_host_and_tells_whoever_waits()
    {
        using TwoHosts hosts = TwoHosts.Create();
        using TcpListenerGroup listener = hosts.Synfin.Sockets.Listen(new IPEndPoint(IPAddress.Any, 80));
        Task accepting = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        hosts.Kernel.Call("ip", "link", "delete", "synfin0");
        TunException failure = await Assert.ThrowsAsync<TunException>(() => hosts.Synfin.Ended.InTime());
        Assert.Contains("synfin0 is gone", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SocketException>(() => accepting.InTime());
    }

    [Fact]
    public void A_host_that_ends_takes_its_device_along()
    {
        using TwoHosts hosts = TwoHosts.Create();
        Assert.Contains("synfin0", hosts.Kernel.Call("ip", "link"), StringComparison.Ordinal);
        hosts.Synfin.Dispose();
        Assert.DoesNotContain("synfin0", hosts.Kernel.Call("ip", "link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idle_host_sleeps()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using LinuxHost host = kernel.Run(() => LinuxHost.Open(
            new LinuxHostOptions { Device = "idle0", Addresses = [_address], HostAddresses = [_kernelAddress] }));
        string thread = Assert.Single(Directory.GetDirectories("/proc/self/task"), IsIdle0);
        await Task.Delay(200, TestContext.Current.CancellationToken);

        TimeSpan before = ProcessorTime(thread);
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        Assert.InRange(ProcessorTime(thread) - before, TimeSpan.Zero, TimeSpan.FromMilliseconds(20));
    }

    private static bool IsIdle0(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).Trim() == "idle0/0";
        }
        catch (IOException)
        {
            return false; // another test's thread, which ended since it was listed
        }
    }

    /// <summary>The first number of schedstat: nanoseconds on a processor.</summary>
    private static TimeSpan ProcessorTime(string thread)
    {
        string nanoseconds = File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0];
        return TimeSpan.FromTicks(long.Parse(nanoseconds, CultureInfo.InvariantCulture) / 100);
    }
}
