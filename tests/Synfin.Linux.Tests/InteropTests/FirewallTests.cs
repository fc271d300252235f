using System.Net;
using System.Net.Sockets;
using Synfin.Linux.Tests.EngineTests;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Xunit;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>nftables loses chosen segments of either side, and both sides mend it.</summary>
[Trait("Needs", "tun")]
public sealed class FirewallTests
{
    [Theory]
    [InlineData(Opener.Kernel, false, "tcp flags & (syn|ack) == syn")]
    [InlineData(Opener.Kernel, true, "tcp flags & (syn|ack) == syn|ack")]
    [InlineData(Opener.Kernel, false, Firewall.PureAck)]
    [InlineData(Opener.Synfin, true, "tcp flags & (syn|ack) == syn")]
    [InlineData(Opener.Synfin, false, "tcp flags & (syn|ack) == syn|ack")]
    [InlineData(Opener.Synfin, true, Firewall.PureAck)]
    public async Task A_handshake_that_loses_a_segment_comes_about(Opener opener, bool toKernel, string match)
    {
        using Testbed bed = Testbed.Create();
        var firewall = new Firewall(bed.Kernel);
        firewall.DropNext(toKernel, match);
        using Transfers transfers = opener is Opener.Kernel
            ? await Transfers.KernelOpensAsync(bed.Kernel, bed.Sockets, Testbed.SynfinAddress(ipv6: true))
            : await Transfers.SynfinOpensAsync(bed.Kernel, bed.Sockets, Testbed.KernelAddress(ipv6: true));
        await transfers.ExchangeAsync(20_000);
        await transfers.EndAsync();
        Assert.Equal(1, firewall.Dropped());
        bed.EndsSoundly();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Data_that_loses_segments_arrives(bool ipv6, bool offloads)
    {
        using Testbed bed = Testbed.Create(offloads: offloads);
        var firewall = new Firewall(bed.Kernel);
        using Transfers transfers = await Transfers.KernelOpensAsync(bed.Kernel, bed.Sockets, Testbed.SynfinAddress(ipv6));
        // With offloads a packet is up to 64 KiB, and there are few.
        firewall.DropEvery(toKernel: true, offloads ? 9 : 29, "meta length > 100");
        firewall.DropEvery(toKernel: false, offloads ? 8 : 31, "meta length > 100");
        await transfers.ExchangeAsync(offloads ? 2_000_003 : 1_000_003);
        firewall.Lift();
        await transfers.EndAsync();
        Assert.InRange(transfers.Synfin!.Status().TotalRetransmits, 1, long.MaxValue);
        bed.EndsSoundly();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Acknowledgments_that_are_lost_are_made_good_by_later_ones(bool toKernel)
    {
        using Testbed bed = Testbed.Create(offloads: false);
        var firewall = new Firewall(bed.Kernel);
        using Transfers transfers = await Transfers.SynfinOpensAsync(bed.Kernel, bed.Sockets, Testbed.KernelAddress(ipv6: false));
        firewall.DropEvery(toKernel, 2, Firewall.PureAck);
        if (toKernel) await transfers.AnswerAsync(1_000_003);
        else await transfers.SendAsync(1_000_003);
        Assert.InRange(firewall.Dropped(), 1, int.MaxValue);
        firewall.Lift();
        await transfers.EndAsync();
        bed.EndsSoundly();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_the_kernel_rejects_is_refused(bool ipv6)
    {
        using Testbed bed = Testbed.Create();
        _ = new Firewall(bed.Kernel);
        foreach (string answer in new[] { "reject with tcp reset", "reject" })
        {
            bed.Kernel.Call("nft", $"add rule inet test toKernel tcp dport 9999 {answer}");
            var server = new IPEndPoint(Testbed.KernelAddress(ipv6), 9999);
            Task connecting = bed.Sockets.ConnectAsync(server, ct: TestContext.Current.CancellationToken).AsTask().InTime();
            if (answer == "reject")
            {
                // ICMP "port unreachable" is a hint, for a SYN as for all else (RFC 9293 3.9.2.2): whoever wants to may go on.
                SocketException unreachable = await Assert.ThrowsAsync<SocketException>(() => connecting);
                Assert.Contains(unreachable.SocketErrorCode, new[] { SocketError.ConnectionRefused, SocketError.HostUnreachable });
            }
            else
            {
                SocketException refused = await Assert.ThrowsAsync<SocketException>(() => connecting);
                Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
            }
            bed.Kernel.Call("nft", "flush chain inet test toKernel");
        }
        bed.EndsSoundly();
    }
}
