using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Every state of RFC 9293 Figure 5, reached on the shortest way; SYN-RECEIVED by a passive and an active OPEN.</summary>
public static class States
{
    /// <summary>All, by name.</summary>
    public static readonly IReadOnlyDictionary<string, Reached> All = new Dictionary<string, Reached>
    {
        ["CLOSED"] = new(TcpState.Closed, 0, 0, 0, o => Given.Closed(o)),
        ["LISTEN"] = new(TcpState.Listen, 0, 0, 0, o => Given.Listening(o)),
        ["SYN-SENT"] = new(TcpState.SynSent, 0, 0, 1, o => Given.SynSent(o).Sends("S seq 0")),
        ["SYN-RECEIVED passive"] = new(
            TcpState.SynReceived, 1, 0, 1, o => Given.Listening(o).Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1")),
        ["SYN-RECEIVED active"] = new(
            TcpState.SynReceived, 1, 0, 1, o => Given.SynSent(o).Sends("S seq 0").Receives("S seq 0 <mss 1460>").Sends("S. seq 0 ack 1")),
        ["ESTABLISHED"] = new(TcpState.Established, 1, 1, 1, o => Given.Established(o)),
        ["FIN-WAIT-1"] = new(TcpState.FinWait1, 1, 1, 2, FinWait1),
        ["FIN-WAIT-2"] = new(TcpState.FinWait2, 1, 2, 2, FinWait2),
        ["CLOSE-WAIT"] = new(TcpState.CloseWait, 2, 1, 1, CloseWait),
        ["CLOSING"] = new(TcpState.Closing, 2, 1, 2, o => FinWait1(o).Receives("F. seq 1 ack 1").Sends(". seq 2 ack 2")),
        ["LAST-ACK"] = new(TcpState.LastAck, 2, 1, 2, o => CloseWait(o).ShutsDown().Sends("F. seq 1 ack 2")),
        ["TIME-WAIT"] = new(TcpState.TimeWait, 2, 2, 2, o => FinWait2(o).Receives("F. seq 1 ack 2").Sends(". seq 2 ack 2")),
    };

    /// <summary>Their names, for a theory.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>The names of those from ESTABLISHED to LAST-ACK.</summary>
    public static TheoryData<string> Synchronized => [.. All.Keys.Where(name => All[name].State is not (
        TcpState.Closed or TcpState.Listen or TcpState.SynSent or TcpState.SynReceived or TcpState.TimeWait))];

    /// <summary>The state of the time line's four-tuple, whoever keeps it.</summary>
    public static TcpState Of(Given given) => given.Stack.StateOf(given.Tuple);

    private static Given FinWait1(StackOptions? options) => Given.Established(options).ShutsDown().Sends("F. seq 1 ack 1");

    private static Given FinWait2(StackOptions? options) => FinWait1(options).Receives(". seq 1 ack 2");

    private static Given CloseWait(StackOptions? options) => Given.Established(options).Receives("F. seq 1 ack 1").Sends(". seq 1 ack 2");
}
