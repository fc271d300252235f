using Synfin.Drill.Sockets;
using Synfin.Wire;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>TCP_INFO in the kernel's units and numbers.</summary>
public sealed class TcpInformationTests
{
    /// <summary>tcp_get_info(): windows in segments of the send MSS, times in microseconds.</summary>
    [Fact]
    public void Linux_counts_segments_and_microseconds()
    {
        using Process process = Process.Established();
        process.Does(new SendCall(4, 5_000, MessageFlags.None), "5000");
        IReadOnlyDictionary<string, long> info = Ask(process);
        Assert.Equal(1, info["tcpi_state"]);
        Assert.Equal(1460, info["tcpi_snd_mss"]);
        Assert.Equal(10, info["tcpi_snd_cwnd"]);
        Assert.Equal(0x7fff_ffff, info["tcpi_snd_ssthresh"]);
        Assert.Equal(4, info["tcpi_unacked"]);
        Assert.Equal(1500, info["tcpi_pmtu"]);
        process.After(0.1).Hears(peer => peer.Acknowledges());
        info = Ask(process);
        Assert.Equal(0, info["tcpi_unacked"]);
        Assert.Equal(5_000, info["tcpi_bytes_acked"]);
        Assert.InRange(info["tcpi_rtt"], 1, 100_000);
        Assert.InRange(info["tcpi_rto"], 200_000, 1_000_000);
    }

    /// <summary>net/tcp_states.h: CLOSE-WAIT is 8, and TIME-WAIT is a socket in CLOSE, 7.</summary>
    [Fact]
    public void States_are_numbered_as_Linux_does()
    {
        using Process process = Process.Established();
        process.Hears(peer => peer.Sends(TcpFlags.Ack | TcpFlags.Fin, 3));
        IReadOnlyDictionary<string, long> info = Ask(process);
        Assert.Equal(8, info["tcpi_state"]);
        Assert.Equal(4, info["tcpi_bytes_received"]); // the FIN is one of them
        process.Does(new ShutdownCall(4, 1), "0").Hears(peer => peer.Acknowledges());
        Assert.Equal(7, Ask(process)["tcpi_state"]);
    }

    /// <summary>A listener tells its queue: tcpi_unacked of tcpi_sacked.</summary>
    [Fact]
    public void Listener_tells_its_queue()
    {
        using var process = new Process();
        process.Does(new SocketOpenCall(4, false, true, false), "4").Does(new BindCall(4, process.Here), "0")
            .Does(new ListenCall(4, 5), "0");
        process.Peer.Opens();
        IReadOnlyDictionary<string, long> info = Ask(process);
        Assert.Equal((10, 1, 5), (info["tcpi_state"], info["tcpi_unacked"], info["tcpi_sacked"]));
    }

    /// <summary>tcp_fill_info(): TCPS_ESTABLISHED is 4, windows in octets.</summary>
    [Fact]
    public void FreeBSD_counts_octets()
    {
        using Process process = Process.Established(KernelKind.FreeBsd);
        IReadOnlyDictionary<string, long> info = Ask(process);
        Assert.Equal(4, info["tcpi_state"]);
        Assert.Equal(14_600, info["tcpi_snd_cwnd"]);
        Assert.Equal(60_000, info["tcpi_snd_wnd"]);
    }

    private static IReadOnlyDictionary<string, long> Ask(Process process)
    {
        var call = new GetOptionCall(4, "SOL_TCP", "TCP_INFO");
        process.Does(call, "0");
        Assert.NotNull(call.Information);
        return call.Information;
    }
}
