using System.Diagnostics;
using Synfin.Tcp;

namespace Synfin.Telemetry;

/// <summary>The tags' names and values: OpenTelemetry's semantic conventions, and <c>tcp.state</c>.</summary>
internal static class TagNames
{
    public const string State = "tcp.state";
    public const string Direction = "network.io.direction";
    public const string Transport = "network.transport";
    public const string NetworkType = "network.type";
    public const string PeerAddress = "network.peer.address";
    public const string PeerPort = "network.peer.port";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string ErrorType = "error.type";

    public const string Transmit = "transmit";
    public const string Receive = "receive";

    /// <summary>The RFC's name of a state in the manner of OpenTelemetry.</summary>
    public static string Of(TcpState state) => state switch
    {
        TcpState.Closed => "closed",
        TcpState.Listen => "listen",
        TcpState.SynSent => "syn_sent",
        TcpState.SynReceived => "syn_received",
        TcpState.Established => "established",
        TcpState.FinWait1 => "fin_wait_1",
        TcpState.FinWait2 => "fin_wait_2",
        TcpState.CloseWait => "close_wait",
        TcpState.Closing => "closing",
        TcpState.LastAck => "last_ack",
        TcpState.TimeWait => "time_wait",
        _ => throw new UnreachableException(),
    };

    /// <summary>What error.type says of an end; null if it is in order.</summary>
    public static string? ErrorOf(CloseReason reason) => reason switch
    {
        CloseReason.None or CloseReason.LocalClose or CloseReason.RemoteClose or CloseReason.SimultaneousClose => null,
        CloseReason.LocalAbort => "aborted",
        CloseReason.LocalReset => "local_reset",
        CloseReason.RemoteReset => "connection_reset",
        CloseReason.Refused => "connection_refused",
        CloseReason.RetransmissionTimeout => "timeout",
        CloseReason.KeepAliveTimeout => "keep_alive_timeout",
        CloseReason.FinWait2Timeout => "fin_wait_2_timeout",
        CloseReason.Unreachable => "unreachable",
        CloseReason.ResourceLimit => "resource_limit",
        CloseReason.LingerTimeout => "linger_timeout",
        _ => throw new UnreachableException(),
    };
}
