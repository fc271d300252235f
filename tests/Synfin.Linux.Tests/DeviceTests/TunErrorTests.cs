using Synfin.Linux.Tests.Support;
using Synfin.Wire;
using Xunit;

namespace Synfin.Linux.Tests.DeviceTests;

[Trait("Needs", "tun")]
public sealed class TunErrorTests
{
    private static readonly InternetAddress _kernelAddress = InternetAddress.FromIpv4(10, 9, 0, 1);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("sixteen-letters.", "16 characters")]
    [InlineData("a/b", "no space")]
    [InlineData("a b", "no space")]
    [InlineData("tün0", "no space")]
    [InlineData("..", "no space")]
    [InlineData("tun%s", "tun%d")]
    public void A_name_that_cannot_be_is_refused_with_the_reason(string name, string reason)
    {
        TunException failure = Assert.Throws<TunException>(() => TunDevice.Open(name));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_of_fifteen_characters_is_taken()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("fifteen-letters"));
        Assert.Equal("fifteen-letters", device.Name);
    }

    [Fact]
    public void A_device_that_is_in_use_is_busy()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice first = kernel.Run(() => TunDevice.Open("synfin0"));
        TunException failure = Assert.Throws<TunException>(() => kernel.Run(() => TunDevice.Open("synfin0")));
        Assert.Contains("synfin0 is busy", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_of_another_kind_is_no_tun_device()
    {
        using NetworkNamespace kernel = Kernels.Create();
        TunException failure = Assert.Throws<TunException>(() => kernel.Run(() => TunDevice.Open("lo")));
        Assert.Contains("lo exists and is no TUN device", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_right_the_message_says_which_right_and_how_to_do_without()
    {
        using NetworkNamespace kernel = Kernels.Create();
        kernel.Run(ThreadPrivileges.DropCapabilities);
        TunException failure = Assert.Throws<TunException>(() => kernel.Run(() => TunDevice.Open("synfin0")));
        Assert.Equal(1, failure.ErrorNumber);
        const string Advice = "needs CAP_NET_ADMIN: run as root or prepare it once with `sudo ip tuntap add dev synfin0 mode tun user ";
        Assert.Contains(Advice, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_right_a_device_that_was_prepared_works()
    {
        using NetworkNamespace kernel = Kernels.Create();
        kernel.Call("ip", "tuntap", "add", "dev", "synfin0", "mode", "tun", "user", Environment.UserName);
        kernel.Call("ip", "address", "add", "10.9.0.1/24", "dev", "synfin0");
        kernel.Call("ip", "link", "set", "synfin0", "up");
        kernel.Run(ThreadPrivileges.DropCapabilities);

        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        kernel.Run(() => device.SetHostAddress(_kernelAddress, 24));
        kernel.Run(device.Up);
        InternetAddress other = InternetAddress.FromIpv4(10, 8, 0, 1);
        TunException failure = Assert.Throws<TunException>(() => kernel.Run(() => device.SetHostAddress(other, 16)));
        Assert.Contains("`sudo ip address add 10.8.0.1/16 dev synfin0`", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_somebody_deletes_is_gone()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        using var wait = new EpollWait(device.Queues);
        kernel.Call("ip", "link", "delete", "synfin0");
        Assert.Equal(Readiness.Readable, wait.Wait(MonotonicClock.Now(), Timers.Timestamp.Never, forRoom: false));
        TunException failure = Assert.Throws<TunException>(() => device.Queues[0].TryRead(out _, out _));
        Assert.Contains("synfin0 is gone", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_to_a_device_that_somebody_deleted_says_that_it_is_gone()
    {
        using FarEnd end = FarEnd.Create();
        end.Execute("ip", "link", "delete", "synfin0");
        TunException failure = Assert.Throws<TunException>(() => end.SendTcp(1, 0, TcpFlags.Syn));
        Assert.Contains("synfin0 is gone", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Setting_up_a_device_that_somebody_deleted_fails_with_the_command()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        kernel.Call("ip", "link", "delete", "synfin0");
        TunException failure = Assert.Throws<TunException>(device.Up);
        Assert.Contains("`sudo ip link set dev synfin0 up`", failure.Message, StringComparison.Ordinal);
        Assert.Equal(19, failure.ErrorNumber);
    }
}
