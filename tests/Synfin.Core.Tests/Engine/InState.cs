using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;

namespace Synfin.Core.Tests.Engine;

/// <summary>A connection in each state, at <c>RCV.NXT</c> and <c>SND.NXT</c> that are told, with nothing unseen.</summary>
internal static class InState
{
    public static TheoryDataOfStates All => new(Enum.GetValues<TcpState>());

    /// <param name="state">The state.</param>
    /// <param name="rcvNxt">RCV.NXT from the peer's SYN on (in LISTEN and SYN-SENT where its SYN would be).</param>
    /// <param name="sndNxt">SND.NXT from our SYN on.</param>
    /// <param name="peerOptions">The peer's options.</param>
    /// <param name="peerIsn">The peer's ISN.</param>
    /// <param name="observer">Who looks on.</param>
    public static Given Reach(
        TcpState state,
        out long rcvNxt,
        out long sndNxt,
        string peerOptions = "mss 1460",
        uint peerIsn = 1000,
        ITcpObserver? observer = null)
    {
        bool opened = state is not (TcpState.Closed or TcpState.Listen or TcpState.SynSent);
        bool peerClosed = state is TcpState.CloseWait or TcpState.LastAck or TcpState.Closing or TcpState.TimeWait;
        bool weClosed = state is TcpState.FinWait1 or TcpState.FinWait2 or TcpState.LastAck or TcpState.Closing or TcpState.TimeWait;
        rcvNxt = opened ? peerClosed ? 2 : 1 : 0;
        sndNxt = opened || state is TcpState.SynSent ? weClosed ? 2 : 1 : 0;
        string ts = peerOptions.Contains("TS", StringComparison.Ordinal) ? " <TS val 1 ecr last>" : "";
        Given Established() => Given.Established(peerOptions: peerOptions, peerIsn: peerIsn, observer: observer);
        Given given = state switch
        {
            TcpState.Closed => Given.Listening(peerIsn: peerIsn, observer: observer).And(g => g.Listener!.Close(g.Now)),
            TcpState.Listen => Given.Listening(peerIsn: peerIsn, observer: observer),
            TcpState.SynSent => Given.SynSent(peerIsn: peerIsn, observer: observer),
            TcpState.SynReceived => Given.Listening(peerIsn: peerIsn, observer: observer).Receives($"S seq 0 <{peerOptions}>"),
            TcpState.Established => Established(),
            TcpState.FinWait1 => Established().ShutsDown(),
            TcpState.FinWait2 => Established().ShutsDown().Sends("F. seq 1").Receives(". seq 1 ack 2" + ts),
            TcpState.CloseWait => Established().Receives("F. seq 1 ack 1" + ts),
            TcpState.Closing => Established().ShutsDown().Sends("F. seq 1").Receives("F. seq 1 ack 1" + ts),
            TcpState.LastAck => Established().Receives("F. seq 1 ack 1" + ts).ShutsDown(),
            TcpState.TimeWait => Established().ShutsDown().Sends("F. seq 1").Receives("F. seq 1 ack 2" + ts),
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };
        while (given.Unseen > 0) given.TakeSent();
        return given.Then(state);
    }
}
