using Synfin.Linux.Tests.Support;
using Synfin.Simulation;
using Xunit;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>The path becomes narrower while data flows: a router's ICMP messages tell of it (RFC 1191, RFC 8201).</summary>
[Trait("Needs", "tun")]
[Trait("Rfc", "1191 3")]
public sealed class ShrinkingPathTests
{
    private const int Octets = 1_000_003;

    [Theory]
    [InlineData(false, false, 900)]
    [InlineData(false, true, 576)]
    [InlineData(true, false, 1280)]
    [InlineData(true, true, 1300)]
    public async Task Synfin_sends_smaller_segments_when_a_router_says_so(bool ipv6, bool offloads, int mtu)
    {
        using RelayedBed bed = RelayedBed.Create(new SimulatedLinkOptions(), offloads: offloads);
        using Transfers transfers = await Transfers.SynfinOpensAsync(bed.Far, bed.Bed.Sockets, RelayedBed.FarAddress(ipv6));
        await transfers.SendAsync(Octets);
        int headers = (ipv6 ? 40 : 20) + 20 + 12;
        Assert.Equal(1500 - headers, transfers.Synfin!.Status().SendMss);

        Shrink(bed.Near, ipv6, ipv6 ? "fd07::/64" : "10.7.0.0/24", "relay0", mtu);
        await transfers.ExchangeAsync(Octets);
        Assert.Equal(mtu - headers, transfers.Synfin.Status().SendMss);
        await transfers.EndAsync();
        bed.Bed.EndsSoundly();
    }

    [Theory]
    [InlineData(false, 900)]
    [InlineData(true, 1280)]
    public async Task The_kernel_sends_smaller_segments_to_Synfin_when_a_router_says_so(bool ipv6, int mtu)
    {
        using RelayedBed bed = RelayedBed.Create(new SimulatedLinkOptions());
        using Transfers transfers = await Transfers.KernelOpensAsync(bed.Far, bed.Bed.Sockets, Testbed.SynfinAddress(ipv6));
        await transfers.AnswerAsync(Octets);
        Shrink(bed.Near, ipv6, ipv6 ? "fd00::/64" : "10.9.0.0/24", "synfin0", mtu);
        await transfers.ExchangeAsync(Octets);
        string sockets = bed.Far.Call("ss", "-H", "-t", "-i", "-n", "-O");
        Assert.Contains($" pmtu:{mtu} ", sockets, StringComparison.Ordinal);
        await transfers.EndAsync();
        bed.Bed.EndsSoundly();
    }

    /// <summary>Routers go by the MTU of a route if it is locked. The route is the one that came with the address.</summary>
    private static void Shrink(NetworkNamespace router, bool ipv6, string destination, string device, int mtu)
    {
        string[] change = ["route", "replace", destination, "dev", device, "proto", "kernel", "mtu", "lock", $"{mtu}"];
        string[] which = ipv6 ? ["metric", "256"] : ["scope", "link", "src", device == "relay0" ? "10.7.0.1" : "10.9.0.1"];
        router.Call("ip", [ipv6 ? "-6" : "-4", .. change, .. which]);
    }
}
