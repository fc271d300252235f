using Synfin.Drill.Sockets;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>Calls that wait, and what ends their waiting.</summary>
public sealed class BlockingTests
{
    /// <summary>connect(2): the SYN's answer ends it, within the call's time.</summary>
    [Fact]
    public void Connect_waits_for_the_answer()
    {
        using var process = new Process();
        process.Does(new SocketOpenCall(4, false, true, false), "4").Does(new BindCall(4, process.Here), "0")
            .Does(new ConnectCall(4, process.There), "waits")
            .After(0.1).Waits()
            .Hears(peer => peer.Answers()).Ends("0")
            .Does(new ConnectCall(4, process.There), "EISCONN");
    }

    /// <summary>tcp_write_timeout(): six retransmissions after 1 + 2 + ... + 64 s.</summary>
    [Fact]
    public void Connect_ends_with_ETIMEDOUT_after_131_s_on_Linux()
    {
        using var process = new Process();
        process.Does(new SocketOpenCall(4, false, true, false), "4").Does(new BindCall(4, process.Here), "0")
            .Does(new ConnectCall(4, process.There), "waits")
            .After(130.9).Waits().After(0.2).Ends("ETIMEDOUT")
            .Does(new ReceiveCall(4, 1, MessageFlags.None), "ENOTCONN");
    }

    /// <summary>TCP_SYNCNT: two retransmissions that double from the first on would take 7 s, and five of 1 s each do too.</summary>
    [Fact]
    public void Connect_retransmits_as_often_as_TCP_SYNCNT_says()
    {
        using var process = new Process();
        process.Does(new SocketOpenCall(4, false, true, false), "4").Does(new BindCall(4, process.Here), "0")
            .Does(new SetOptionCall(4, "SOL_TCP", "TCP_SYNCNT", 2), "0")
            .Does(new ConnectCall(4, process.There), "waits")
            .After(6.9).Waits().After(0.2).Ends("ETIMEDOUT").Sent("S S S S S S");
    }

    /// <summary>net.inet.tcp.keepinit: 75 s, or what TCP_KEEPINIT says, whatever is retransmitted.</summary>
    [Theory]
    [InlineData(null, 75)]
    [InlineData(10, 10)]
    public void Connect_ends_with_ETIMEDOUT_after_keepinit_on_FreeBSD(int? option, int seconds)
    {
        using var process = new Process(KernelKind.FreeBsd);
        process.Does(new SocketOpenCall(4, false, true, false), "4").Does(new BindCall(4, process.Here), "0");
        if (option is { } value) process.Does(new SetOptionCall(4, "IPPROTO_TCP", "TCP_KEEPINIT", value), "0");
        process.Does(new ConnectCall(4, process.There), "waits").After(seconds - 0.1).Waits().After(0.2).Ends("ETIMEDOUT");
    }

    /// <summary>An OPEN's limit is the OPEN's: an established connection does not know it any more.</summary>
    [Fact]
    public void Keepinit_does_not_end_an_established_connection()
    {
        using var process = new Process(KernelKind.FreeBsd);
        process.Does(new SocketOpenCall(4, false, true, false), "4").Does(new BindCall(4, process.Here), "0")
            .Does(new ConnectCall(4, process.There), "waits").Hears(peer => peer.Answers()).Ends("0")
            .After(80).Does(new SendCall(4, 10, MessageFlags.None), "10");
    }

    [Fact]
    public void Accept_waits_for_a_connection()
    {
        using var process = new Process();
        process.Does(new SocketOpenCall(3, false, true, false), "3").Does(new BindCall(3, process.Here), "0")
            .Does(new ListenCall(3, 5), "0")
            .Does(new AcceptCall(3, 4, false), "waits").After(1).Waits()
            .Hears(peer => peer.Opens()).Ends("4");
    }

    /// <summary>tcp_recvmsg(): data, the end of the stream or an error ends it; MSG_WAITALL wants all.</summary>
    [Fact]
    public void Read_waits_for_data()
    {
        using Process process = Process.Established();
        process.Does(new ReceiveCall(4, 10, MessageFlags.None), "waits").After(5).Waits()
            .Hears(peer => peer.Sends(TcpFlags.Ack, 4)).Ends("4")
            .Does(new ReceiveCall(4, 10, MessageFlags.WaitAll), "waits")
            .Hears(peer => peer.Sends(TcpFlags.Ack, 4)).Waits()
            .Hears(peer => peer.Sends(TcpFlags.Ack, 8)).Ends("10")
            .Does(new ReceiveCall(4, 10, MessageFlags.WaitAll), "waits")
            .Hears(peer => peer.Sends(TcpFlags.Ack | TcpFlags.Fin, 0)).Ends("2")
            .Does(new ReceiveCall(4, 10, MessageFlags.None), "0");
    }

    [Fact]
    public void Read_that_waits_ends_with_the_reset()
    {
        using Process process = Process.Established();
        process.Does(new ReceiveCall(4, 10, MessageFlags.None), "waits").Hears(peer => peer.Resets()).Ends("ECONNRESET");
    }

    /// <summary>MSG_DONTWAIT is O_NONBLOCK for one call.</summary>
    [Fact]
    public void Dont_wait_does_not_wait()
    {
        using Process process = Process.Established();
        process.Does(new ReceiveCall(4, 10, MessageFlags.DontWait), "EAGAIN")
            .Does(new FileControlCall(4, null), "2").Does(new FileControlCall(4, true), "0").Does(new FileControlCall(4, null), "2050")
            .Does(new ReceiveCall(4, 10, MessageFlags.None), "EAGAIN");
    }

    /// <summary>tcp_sendmsg(): a blocking write takes all of its octets, a non-blocking one what there is room for, then EAGAIN.</summary>
    [Fact]
    public void Write_waits_for_room()
    {
        using Process process = Process.Established();
        process.Does(new SetOptionCall(4, "SOL_SOCKET", "SO_SNDBUF", 5_000), "0")
            .Does(new SendCall(4, 20_000, MessageFlags.DontWait), "10000")
            .Does(new SendCall(4, 20_000, MessageFlags.DontWait), "EAGAIN")
            .Does(new SendCall(4, 5_000, MessageFlags.None), "waits")
            .Hears(peer => peer.Acknowledges()).Ends("5000");
    }

    /// <summary>What was taken before the connection broke is told first; the error waits for the next call.</summary>
    [Fact]
    public void Write_that_was_half_done_tells_so()
    {
        using Process process = Process.Established();
        process.Does(new SetOptionCall(4, "SOL_SOCKET", "SO_SNDBUF", 5_000), "0")
            .Does(new SendCall(4, 30_000, MessageFlags.None), "waits")
            .Hears(peer => peer.Resets()).Ends("10000")
            .Does(new SendCall(4, 10, MessageFlags.None), "ECONNRESET").Does(new SendCall(4, 10, MessageFlags.None), "EPIPE");
    }

    /// <summary>poll(2): 0 when the time is over, and the deadline is known before.</summary>
    [Fact]
    public void Poll_waits_for_events_or_its_time()
    {
        using Process process = Process.Established();
        var entry = new PollEntry(4, 0x1);
        process.Does(new PollCall([entry], Duration.FromSeconds(3)), "waits");
        Assert.Equal(Duration.FromSeconds(3), process.World.Kernel.NextDeadline - process.World.Now);
        process.After(2.9).Waits().After(0.1).Ends("0");
        Assert.Equal(Timestamp.Never, process.World.Kernel.NextDeadline);
        process.Does(new PollCall([entry], null), "waits").Hears(peer => peer.Sends(TcpFlags.Ack, 1)).Ends("1");
        Assert.Equal(1, entry.Returned);
    }

    /// <summary>SO_LINGER: close waits for the ACK of data and FIN (socket(7)).</summary>
    [Fact]
    public void Lingering_close_ends_with_the_acknowledgment()
    {
        using Process process = Process.Established();
        process.Does(new SetOptionCall(4, "SOL_SOCKET", "SO_LINGER", 1) { Linger = 5 }, "0")
            .Does(new SendCall(4, 10, MessageFlags.None), "10").Sent(".10")
            .Does(new CloseCall(4), "waits").Sent("F.").After(0.1).Waits()
            .Hears(peer => peer.Acknowledges()).Ends("0");
    }

    /// <summary>When the time is over the connection goes on behind the closed socket; BSD tells that it was not done.</summary>
    [Theory]
    [InlineData(false, "0")]
    [InlineData(true, "EAGAIN")]
    public void Lingering_close_ends_with_its_time(bool freeBsd, string result)
    {
        using Process process = Process.Established(freeBsd ? KernelKind.FreeBsd : KernelKind.Linux);
        process.Does(new SetOptionCall(4, "SOL_SOCKET", "SO_LINGER", 1) { Linger = 5 }, "0").Does(new CloseCall(4), "waits");
        Assert.Equal(Duration.FromSeconds(5), process.World.Kernel.NextDeadline - process.World.Now);
        process.After(4.9).Waits().After(0.2).Ends(result).Does(new CloseCall(4), "EBADF");
        process.Peer.Look();
        process.After(10);
        Assert.NotEqual("nothing", process.Peer.Look()); // the FIN goes on
    }

    /// <summary>TCP_USER_TIMEOUT (RFC 5482): ETIMEDOUT after so many milliseconds of silence.</summary>
    [Fact]
    public void User_timeout_ends_the_connection()
    {
        using Process process = Process.Established();
        process.Does(new SetOptionCall(4, "SOL_TCP", "TCP_USER_TIMEOUT", 3_000), "0").Does(new SendCall(4, 10, MessageFlags.None), "10")
            .Does(new ReceiveCall(4, 10, MessageFlags.None), "waits").After(2.9).Waits().After(0.2).Ends("ETIMEDOUT")
            .Does(new SendCall(4, 10, MessageFlags.None), "EPIPE");
    }

    /// <summary>Keep-alive: TCP_KEEPIDLE, then TCP_KEEPCNT probes TCP_KEEPINTVL apart, then ETIMEDOUT.</summary>
    [Fact]
    public void Keep_alive_ends_the_connection()
    {
        using Process process = Process.Established();
        process.Does(new SetOptionCall(4, "SOL_TCP", "TCP_KEEPIDLE", 10), "0")
            .Does(new SetOptionCall(4, "SOL_TCP", "TCP_KEEPINTVL", 2), "0")
            .Does(new SetOptionCall(4, "SOL_TCP", "TCP_KEEPCNT", 3), "0").Does(new SetOptionCall(4, "SOL_SOCKET", "SO_KEEPALIVE", 1), "0")
            .Does(new ReceiveCall(4, 10, MessageFlags.None), "waits").After(15.9).Waits().After(0.2).Ends("ETIMEDOUT");
    }

    /// <summary>tcp_fin_timeout and TCP_LINGER2: how long a closed socket's FIN-WAIT-2 answers.</summary>
    [Theory]
    [InlineData(null, 60)]
    [InlineData(10, 10)]
    public void Fin_wait_2_of_a_closed_socket_ends(int? option, int seconds)
    {
        using Process process = Process.Established();
        if (option is { } value) process.Does(new SetOptionCall(4, "SOL_TCP", "TCP_LINGER2", value), "0");
        process.Does(new CloseCall(4), "0").Hears(peer => peer.Acknowledges()).After(seconds - 0.5).Sent("nothing")
            .After(1).Hears(peer => peer.Sends(TcpFlags.Ack | TcpFlags.Fin, 0)).Sent("R");
    }

    /// <summary>TCP_NOTSENT_LOWAT: a write waits while so much is unsent, though there is room.</summary>
    [Fact]
    public void Not_sent_low_water_holds_writes_back()
    {
        using Process process = Process.Established();
        process.Does(new SetOptionCall(4, "SOL_TCP", "TCP_NOTSENT_LOWAT", 100), "0")
            .Does(new SendCall(4, 100_000, MessageFlags.DontWait), "100000")
            .Does(new SendCall(4, 10, MessageFlags.DontWait), "EAGAIN")
            .Does(new SendCall(4, 10, MessageFlags.None), "waits");
    }
}
