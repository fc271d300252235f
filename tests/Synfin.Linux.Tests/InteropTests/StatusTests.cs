using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Synfin.Linux.Tests.Support;
using Synfin.Stack;
using Synfin.Wire;
using Xunit;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>What `ss -tin` tells of the kernel's end of a connection, and what STATUS tells of Synfin's, is one story.</summary>
[Trait("Needs", "tun")]
[Trait("Rfc", "9293 3.9.1.6")]
public sealed class StatusTests
{
    private const int Sent = 700_001, Answered = 300_007;

    [Theory]
    [InlineData(false, 1500, true, true, true, true)]
    [InlineData(true, 1500, true, true, true, false)]
    [InlineData(false, 9000, true, true, true, false)]
    [InlineData(false, 1500, false, true, true, true)]
    [InlineData(true, 1500, true, false, true, true)]
    [InlineData(false, 1500, true, true, false, false)]
    public async Task Ss_agrees(bool ipv6, int mtu, bool timestamps, bool sack, bool scaling, bool kernelOpens)
    {
        TcpProfile profile = TcpProfile.Default with { Timestamps = timestamps, Sack = sack, WindowScaling = scaling };
        // Without offloads a packet is a segment, so that both count the same.
        using Testbed bed = Testbed.Create(mtu, offloads: false, stack: new StackOptions { Profile = profile });
        using Transfers transfers = kernelOpens
            ? await Transfers.KernelOpensAsync(bed.Kernel, bed.Sockets, Testbed.SynfinAddress(ipv6))
            : await Transfers.SynfinOpensAsync(bed.Kernel, bed.Sockets, Testbed.KernelAddress(ipv6));
        await transfers.SendAsync(Sent);
        await transfers.AnswerAsync(Answered);
        await transfers.Synfin!.WhenDrained(TestContext.Current.CancellationToken).AsTask().InTime();

        (string kernel, TcpStatus synfin) = await WhenQuietAsync(bed, transfers);
        Assert.Equal(timestamps, Words(kernel).Contains("ts"));
        Assert.Equal(timestamps, synfin.Options.HasFlag(TcpOptionKinds.Timestamps));
        Assert.Equal(sack, Words(kernel).Contains("sack"));
        Assert.Equal(sack, synfin.Options.HasFlag(TcpOptionKinds.SackPermitted));
        Assert.Equal(scaling, synfin.Options.HasFlag(TcpOptionKinds.WindowScale));
        if (scaling) Assert.Contains($" wscale:{synfin.ReceiveWindowScale},{synfin.SendWindowScale} ", kernel, StringComparison.Ordinal);
        else Assert.DoesNotContain("wscale:", kernel, StringComparison.Ordinal);

        // Each says the text of a full segment, without the timestamps' 12 octets; the two need not be alike, but are with one MTU.
        int mss = mtu - (ipv6 ? 60 : 40) - (timestamps ? 12 : 0);
        Assert.Equal((mss, mss), (synfin.SendMss, (int)Number(kernel, "mss")));
        Assert.Equal(mtu, Number(kernel, "pmtu"));
        Assert.Equal(mtu - (ipv6 ? 60 : 40), synfin.ReceiveMss);

        Assert.Equal(Answered, synfin.OctetsReceived);
        Assert.Equal(Sent, Number(kernel, "bytes_received"));
        // Linux counts the SYN of the side that opened as an octet that was acknowledged.
        Assert.Equal(Answered + (kernelOpens ? 1 : 0), Number(kernel, "bytes_acked"));
        Assert.Equal(Sent, synfin.OctetsAcknowledged);
        // At the side that did not open, SYN and SYN,ACK belong to the half-open entry; of these two, Linux counts the SYN that came.
        Assert.Equal(Number(kernel, "segs_out") - (kernelOpens ? 1 : -1), synfin.SegmentsReceived);
        Assert.Equal(Number(kernel, "segs_in") - (kernelOpens ? 1 : 0), synfin.SegmentsSent);
        bed.EndsSoundly();
    }

    /// <summary>A delayed acknowledgment may still be due: both are asked until nothing moves between the two questions.</summary>
    private static async Task<(string Kernel, TcpStatus Synfin)> WhenQuietAsync(Testbed bed, Transfers transfers)
    {
        IPEndPoint kernelEnd = (IPEndPoint)transfers.KernelSocket.LocalEndPoint!;
        IPEndPoint synfinEnd = (IPEndPoint)transfers.KernelSocket.RemoteEndPoint!;
        for (int tries = 0; tries < 200; tries++)
        {
            TcpStatus before = transfers.Synfin!.Status();
            await Task.Delay(100, TestContext.Current.CancellationToken);
            string which = $"sport = :{kernelEnd.Port} and dport = :{synfinEnd.Port}";
            string table = bed.Kernel.Call("ss", "-H", "-t", "-i", "-o", "-n", "-O", which);
            if (before == transfers.Synfin.Status()) return (table, before);
        }
        throw new TimeoutException("the connection is never quiet");
    }

    private static string[] Words(string text) => text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static long Number(string text, string name)
    {
        Match match = Regex.Match(text, $@"\b{name}:(\d+)");
        Assert.True(match.Success, $"no {name} in {text}");
        return long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
