using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Every combination of control bits in every state, against RFC 9293 3.10.7 as amended by RFC 5961.</summary>
[Trait("Threat", "56")]
[Trait("Rfc", "9293 3.10.7")]
public sealed class AllNineFlagsTests
{
    private const TcpFlags Decisive = TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst | TcpFlags.Fin;
    private const TcpFlags AsksForEcn = TcpFlags.Ece | TcpFlags.Cwr;

    public static TheoryDataOfStates AllStates => InState.All;

    [Theory]
    [MemberData(nameof(AllStates))]
    public void A_segment_at_RCV_NXT_does_what_the_RFC_says_for_its_flags(TcpState state)
    {
        for (int bits = 0; bits < 512; bits++)
        {
            foreach (bool acknowledgesAll in (bool[])[false, true])
            {
                var flags = (TcpFlags)bits;
                Given given = InState.Reach(state, out long rcvNxt, out long sndNxt);
                long ack = acknowledgesAll || state is TcpState.SynSent or TcpState.SynReceived ? sndNxt : 1;
                uint seqOnWire = (given.PeerIsn + (uint)rcvNxt).Value, ackOnWire = (given.OurIsn + (uint)ack).Value;
                given.ReceivesPacket(Packets.Tcp(Given.Peer, given.PeerPort, Given.Us, given.OurPort, flags, seqOnWire, ackOnWire));
                TcpState expected = Next(state, flags & Decisive, ack == sndNxt);
                TcpState actual = given.Connection?.State is { } of && of is not TcpState.Closed ? of : given.Stack.StateOf(given.Tuple);
                bool portListens = given.Listener is not null && given.Connection is not null;
                if (expected is TcpState.Closed && portListens) expected = TcpState.Listen;
                Assert.True(expected == actual, $"{state} and {flags}, ack {ack}: expected {expected}, found {actual}");
                CheckReply(given, state, flags & (Decisive | AsksForEcn));
            }
        }
    }

    private static TcpState Next(TcpState state, TcpFlags flags, bool all)
    {
        bool syn = flags.HasFlag(TcpFlags.Syn), ack = flags.HasFlag(TcpFlags.Ack), fin = flags.HasFlag(TcpFlags.Fin);
        bool rst = flags.HasFlag(TcpFlags.Rst);
        switch (state)
        {
            case TcpState.Closed:
                return TcpState.Closed;
            case TcpState.Listen:
                return syn && !ack && !rst ? TcpState.SynReceived : TcpState.Listen;
            case TcpState.SynSent when rst:
                return ack ? TcpState.Closed : TcpState.SynSent;
            case TcpState.SynSent when syn:
                return !ack ? TcpState.SynReceived : fin ? TcpState.CloseWait : TcpState.Established;
            case TcpState.SynSent or TcpState.TimeWait:
                return state;
            default:
                break;
        }
        if (rst) return state is TcpState.SynReceived ? TcpState.Listen : TcpState.Closed;
        if (syn || !ack) return state;
        return state switch
        {
            TcpState.SynReceived or TcpState.Established => fin ? TcpState.CloseWait : TcpState.Established,
            TcpState.FinWait1 when all => fin ? TcpState.TimeWait : TcpState.FinWait2,
            TcpState.FinWait1 => fin ? TcpState.Closing : state,
            TcpState.FinWait2 => fin ? TcpState.TimeWait : state,
            TcpState.Closing when all => TcpState.TimeWait,
            TcpState.LastAck when all => TcpState.Closed,
            _ => state,
        };
    }

    /// <summary>A RST is never answered, and what may not be answered with RST never is (RFC 9293 3.5.3).</summary>
    private static void CheckReply(Given given, TcpState state, TcpFlags flags)
    {
        Assert.InRange(given.Unseen, 0, 1);
        if (given.Unseen == 0) return;
        Segment reply = SegmentScript.Read(given.TakeSent());
        Assert.False(flags.HasFlag(TcpFlags.Rst), $"{state}: a RST was answered with {reply.Flags}");
        bool mayReset = state is TcpState.Closed or TcpState.Listen;
        Assert.True(mayReset || !reply.Has(TcpFlags.Rst), $"{state} and {flags}: answered with {reply.Flags}");
        if (state is TcpState.Closed or TcpState.Listen && flags.HasFlag(TcpFlags.Ack)) Assert.Equal(TcpFlags.Rst, reply.Flags);
        if (state is TcpState.Listen && !flags.HasFlag(TcpFlags.Ack))
        {
            bool agrees = flags.HasFlag(AsksForEcn); // RFC 3168 6.1.1; all others that are not decisive change nothing
            Assert.Equal(TcpFlags.Syn | TcpFlags.Ack | (agrees ? TcpFlags.Ece : TcpFlags.None), reply.Flags);
        }
    }
}
