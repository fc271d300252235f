using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>
/// Each state is sent every set of the six flags, with numbers inside and outside of the window and acknowledgments right and wrong. The
/// oracle is RFC 9293 3.10.7 with RFC 5961's changes, written down a second time as a table of outcomes.
/// </summary>
[Trait("Threat", "56")]
[Trait("Threat", "39")]
public sealed class FlagGridTests
{
    private const int Window = 65_535;
    private static readonly int[] Offsets = [-100_000, -1, 0, 1, 70_000];
    private static readonly int[] AckOffsets = [0, 1, 100_000];

    /// <summary>What may come of a segment: the state, and what is sent (null: an ACK or nothing).</summary>
    private readonly record struct Outcome(TcpState State, TcpFlags? Reply);

    private static readonly TcpFlags Ack = TcpFlags.Ack;
    private static readonly TcpFlags SynAck = TcpFlags.Syn | TcpFlags.Ack;

    [Theory]
    [MemberData(nameof(States.Names), MemberType = typeof(States))]
    public void Every_set_of_flags_in_every_state_has_the_outcome_of_the_RFC(string name)
    {
        Reached at = States.All[name];
        for (int flags = 0; flags < 64; flags++)
        {
            foreach (int offset in Offsets)
            {
                foreach (int ackOffset in AckOffsets) Check(name, at, (TcpFlags)flags, offset, ackOffset);
            }
        }
    }

    [Theory]
    [MemberData(nameof(States.Names), MemberType = typeof(States))]
    public void Text_with_every_set_of_flags_breaks_nothing_and_gets_one_answer_at_most(string name)
    {
        Reached at = States.All[name];
        for (int flags = 0; flags < 64; flags++)
        {
            foreach (int offset in Offsets)
            {
                string segment = $"{Letters((TcpFlags)flags)} seq {at.RcvNxt + offset} ack {at.SndNxt} len 100 urg 3";
                Given given = at.Go().Receives(segment);
                Assert.InRange(given.Unseen, 0, 1);
                given.Receives(segment).Ignoring().After(100_000);
            }
        }
    }

    private static void Check(string name, Reached at, TcpFlags flags, int offset, int ackOffset)
    {
        string segment = $"{Letters(flags)} seq {at.RcvNxt + offset} ack {at.SndNxt + ackOffset}";
        Given given = at.Go();
        bool listens = given.Listener is not null;
        given.Receives(segment);
        Outcome want = Expect(name, at, flags, offset, ackOffset == 0);
        TcpState end = want.State is TcpState.Closed && listens ? TcpState.Listen : want.State;
        Assert.True(States.Of(given) == end, $"{name}, {segment}: {States.Of(given)} instead of {end}");
        TcpFlags reply = TcpFlags.None;
        int replies = given.Unseen;
        if (replies > 0)
        {
            given.Sends(Letters(SentFlags(given)));
            reply = SegmentScript.Read(given.LastSent).Flags;
        }
        bool right = want.Reply is { } one ? reply == one : reply is TcpFlags.None or TcpFlags.Ack;
        string wanted = want.Reply?.ToString() ?? "at most an ACK";
        Assert.True(right && replies <= 1, $"{name}, {segment}: {replies} replies, {reply} instead of {wanted}");
    }

    private static TcpFlags SentFlags(Given given) => SegmentScript.Read(given.Peek()).Flags;

    private static Outcome Expect(string name, Reached at, TcpFlags flags, int offset, bool ackIsGood)
    {
        bool syn = flags.HasFlag(TcpFlags.Syn), ack = flags.HasFlag(TcpFlags.Ack);
        bool rst = flags.HasFlag(TcpFlags.Rst), fin = flags.HasFlag(TcpFlags.Fin);
        TcpFlags reset = ack ? TcpFlags.Rst : TcpFlags.Rst | TcpFlags.Ack;
        Outcome nothing = new(at.State, TcpFlags.None);
        switch (at.State)
        {
            case TcpState.Closed: // 3.10.7.1
                return rst ? nothing : new(at.State, reset);
            case TcpState.Listen: // 3.10.7.2
                if (rst) return nothing;
                if (ack) return new(at.State, reset);
                return syn ? new(TcpState.SynReceived, SynAck) : nothing;
            case TcpState.SynSent: // 3.10.7.3
                if (ack && !ackIsGood) return rst ? nothing : new(at.State, reset);
                if (rst) return ack ? new(TcpState.Closed, TcpFlags.None) : nothing;
                if (!syn) return nothing;
                return ack ? new(fin ? TcpState.CloseWait : TcpState.Established, Ack) : new(TcpState.SynReceived, SynAck);
            default:
                return ExpectSynchronized(name, at, flags, offset, ackIsGood);
        }
    }

    /// <summary>3.10.7.4.</summary>
    private static Outcome ExpectSynchronized(string name, Reached at, TcpFlags flags, int offset, bool ackIsGood)
    {
        bool syn = flags.HasFlag(TcpFlags.Syn), ack = flags.HasFlag(TcpFlags.Ack);
        bool rst = flags.HasFlag(TcpFlags.Rst), fin = flags.HasFlag(TcpFlags.Fin);
        Outcome nothing = new(at.State, TcpFlags.None), acknowledged = new(at.State, Ack);
        if (at.State is TcpState.TimeWait && syn && !rst && !ack && offset > 0) return new(TcpState.SynReceived, SynAck); // MAY-2
        if (at.State is TcpState.SynReceived && offset == -1 && syn && !rst)
        {
            if (!ack && name.EndsWith("passive", StringComparison.Ordinal)) return new(at.State, SynAck); // our SYN,ACK was lost
            if (ack && name.EndsWith("active", StringComparison.Ordinal))
            {
                offset = 0; // Figure 7, line 6
                syn = false;
            }
        }
        int length = (syn ? 1 : 0) + (fin ? 1 : 0);
        bool acceptable = InWindow(offset) || (length > 0 && InWindow(offset + length - 1));
        if (rst) return ExpectReset(name, at, offset);
        if (!acceptable) return acknowledged; // first
        if (syn) return acknowledged; // fourth
        if (!ack) return at.State is TcpState.TimeWait ? new(at.State, null) : nothing; // fifth
        if (!ackIsGood && at.State is TcpState.SynReceived) return new(at.State, TcpFlags.Rst);
        if (!ackIsGood) return at.State is TcpState.TimeWait ? new(at.State, null) : acknowledged;
        bool finCounts = fin && offset == 0;
        return at.State switch
        {
            TcpState.SynReceived or TcpState.Established =>
                new(finCounts ? TcpState.CloseWait : TcpState.Established, fin ? Ack : TcpFlags.None),
            TcpState.FinWait1 or TcpState.FinWait2 => new(finCounts ? TcpState.TimeWait : TcpState.FinWait2, fin ? Ack : TcpFlags.None),
            TcpState.CloseWait => new(at.State, null),
            TcpState.Closing or TcpState.TimeWait => new(TcpState.TimeWait, null),
            TcpState.LastAck => new(TcpState.Closed, TcpFlags.None),
            _ => throw new ArgumentOutOfRangeException(nameof(at)),
        };
    }

    /// <summary>Second: RFC 5961 3.2 and RFC 1337.</summary>
    private static Outcome ExpectReset(string name, Reached at, int offset)
    {
        if (at.State is TcpState.TimeWait || !InWindow(offset)) return new(at.State, TcpFlags.None);
        if (offset != 0) return new(at.State, Ack);
        return new(name.EndsWith("passive", StringComparison.Ordinal) ? TcpState.Listen : TcpState.Closed, TcpFlags.None);
    }

    private static bool InWindow(int offset) => offset is >= 0 and < Window;

    private static string Letters(TcpFlags flags)
    {
        string letters = "";
        for (int bit = 0; bit < 8; bit++)
        {
            if (((int)flags & 1 << bit) != 0) letters += "FSRP.UEW"[bit];
        }
        return letters.Length == 0 ? "-" : letters;
    }
}
