using Synfin.Ip;
using Synfin.Linux.Tests.Support;
using Synfin.Wire;
using Xunit;

namespace Synfin.Linux.Tests.DeviceTests;

/// <summary>What the kernel is told about the device.</summary>
[Trait("Needs", "tun")]
public sealed class HostRouteTests
{
    [Theory]
    [InlineData(false, "192.0.2.0/24", "192.0.2.0/24 dev synfin0")]
    [InlineData(false, "192.0.2.77/24", "192.0.2.0/24 dev synfin0")]
    [InlineData(false, "0.0.0.0/0", "default dev synfin0")]
    [InlineData(true, "2001:db8::/32", "2001:db8::/32 dev synfin0")]
    [InlineData(true, "::/0", "default dev synfin0")]
    public void The_kernel_sends_what_goes_there_into_the_device(bool ipv6, string destination, string expected)
    {
        using FarEnd end = FarEnd.Create(ipv6);
        end.Device.AddHostRoute(AddressPrefix.Parse(destination));
        // Again: it is replaced, not refused.
        end.Device.AddHostRoute(AddressPrefix.Parse(destination), null);
        Assert.Contains(expected, Routes(end, ipv6), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "192.0.2.0/24")]
    [InlineData(true, "2001:db8::/32")]
    public void A_neighbour_may_pass_it_on(bool ipv6, string destination)
    {
        using FarEnd end = FarEnd.Create(ipv6, ethernet: true);
        end.Device.AddHostRoute(AddressPrefix.Parse(destination), end.Own);
        Assert.Contains($"{destination} via {end.Own} dev synfin0", Routes(end, ipv6), StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_over_a_device_that_is_down_fails_with_the_command()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        TunException failure = Assert.Throws<TunException>(() => device.AddHostRoute(AddressPrefix.Parse("192.0.2.1/24")));
        Assert.Contains("`sudo ip route replace 192.0.2.0/24 dev synfin0`", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_neighbour_of_another_family_and_a_prefix_that_cannot_be_are_refused()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("synfin0"));
        AddressPrefix destination = AddressPrefix.Parse("192.0.2.0/24");
        Assert.Throws<ArgumentException>(() => device.AddHostRoute(destination, InternetAddress.Parse("fd00::1")));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.AddHostRoute(new(destination.Address, 33), null));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.SetHostAddress(destination.Address, -1));
    }

    private static string Routes(FarEnd end, bool ipv6)
    {
        string all = end.Execute("ip", ipv6 ? "-6" : "-4", "route", "show", "dev", "synfin0");
        return string.Join('\n', all.Split('\n').Select(Insert));
    }

    /// <summary>With a device given, `ip` leaves it out.</summary>
    private static string Insert(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int at = words.Length > 2 && words[1] == "via" ? 3 : 1;
        return words.Length == 0 ? "" : string.Join(' ', [.. words[..at], "dev synfin0", .. words[at..]]);
    }
}
