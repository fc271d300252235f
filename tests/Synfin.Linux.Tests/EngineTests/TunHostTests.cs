using System.Globalization;
using Synfin.Ip;
using Synfin.Linux.Tests.Support;
using Xunit;

namespace Synfin.Linux.Tests.EngineTests;

[Trait("Needs", "tun")]
public sealed class TunHostTests
{
    private static readonly AddressPrefix _kernelAddress = AddressPrefix.Parse("10.9.0.1/24");
    private static readonly AddressPrefix _address = AddressPrefix.Parse("10.9.0.2/24");

    [Theory]
    [InlineData("10.9.1.2/16", "is not in the kernel's subnet 10.9.0.1/24")]
    [InlineData("fd00::2/64", "is not in the kernel's subnet 10.9.0.1/24")]
    [InlineData("10.9.0.1/24", "cannot be both ends' address")]
    public void Addresses_that_do_not_go_together_are_refused(string address, string reason)
    {
        ArgumentException failure = Assert.Throws<ArgumentException>(
            () => TunHost.Open("synfin0", AddressPrefix.Parse(address), _kernelAddress));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_deleted_fails_what_runs()
    {
        using TwoHosts hosts = TwoHosts.Create();
        Task running = hosts.Synfin.RunAsync(_ => Task.Delay(Timeout.Infinite));
        hosts.Kernel.Execute("ip", "link", "delete", "synfin0");
        TunException failure = await Assert.ThrowsAsync<TunException>(() => running.InTime());
        Assert.Contains("synfin0 is gone", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_application_throws_is_what_run_throws()
    {
        using TwoHosts hosts = TwoHosts.Create();
        Task running = hosts.Synfin.RunAsync(_ => throw new InvalidDataException("mine"));
        InvalidDataException failure = await Assert.ThrowsAsync<InvalidDataException>(() => running.InTime());
        Assert.Equal("mine", failure.Message);
    }

    [Fact]
    public void A_host_that_ends_takes_its_device_along()
    {
        using TwoHosts hosts = TwoHosts.Create();
        Assert.Contains("synfin0", hosts.Kernel.Execute("ip", "link"), StringComparison.Ordinal);
        hosts.Synfin.Dispose();
        Assert.DoesNotContain("synfin0", hosts.Kernel.Execute("ip", "link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idle_host_sleeps()
    {
        using NetworkNamespace kernel = NetworkNamespace.Create();
        using TunHost host = kernel.Run(() => TunHost.Open("idle0", _address, _kernelAddress));
        string thread = Assert.Single(Directory.GetDirectories("/proc/self/task"), IsIdle0);
        await Task.Delay(200, TestContext.Current.CancellationToken);

        TimeSpan before = ProcessorTime(thread);
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        Assert.InRange(ProcessorTime(thread) - before, TimeSpan.Zero, TimeSpan.FromMilliseconds(20));
    }

    private static bool IsIdle0(string thread) => File.ReadAllText(Path.Combine(thread, "comm")).Trim() == "synfin idle0";

    /// <summary>The first number of schedstat: nanoseconds on a processor.</summary>
    private static TimeSpan ProcessorTime(string thread)
    {
        string nanoseconds = File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0];
        return TimeSpan.FromTicks(long.Parse(nanoseconds, CultureInfo.InvariantCulture) / 100);
    }
}
