using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>Timestamps and PAWS (RFC 7323 4 and 5).</summary>
public sealed partial class TcpConnection
{
    /// <summary>After so long without a segment TS.Recent says nothing any more (RFC 7323 5.5: 24 days).</summary>
    private static readonly Duration TimestampLife = Duration.FromSeconds(24 * 86_400);

    private Timestamp _timestampRecentAt;

    /// <summary>TS.Recent.</summary>
    internal uint TimestampRecent { get; set; }

    /// <summary>Our clock's keyed offset: it says nothing about the host (RFC 7323 7.1).</summary>
    internal uint TimestampOffset { get; set; }

    private uint TimestampNow => TimestampClock.Now(Now, TimestampOffset);

    /// <summary>R1 of RFC 7323 5.3. RST is exempt; a segment without the option is dropped silently (3.2).</summary>
    private bool CheckTimestamps(in Segment seg)
    {
        if (!Has(ConnectionFlags.Timestamps) || seg.Has(TcpFlags.Rst)) return true;
        if (!seg.Options.Has(TcpOptionKinds.Timestamps))
            return Profile.TimestampsMayMiss || Drop(DropReason.MissingTimestamp);
        if ((int)(seg.Options.TimestampValue - TimestampRecent) >= 0) return true;
        if (Now - _timestampRecentAt > TimestampLife) return true;
        if (!JudgesAsFreeBsd || !seg.Text.IsEmpty) AnswerUnacceptable(in seg);
        return Drop(DropReason.Paws);
    }

    /// <summary>RFC 7323 4.3 (2): the timestamp of the segment that the next ACK's left edge stands on.</summary>
    private void UpdateRecentTimestamp(in Segment seg)
    {
        if (!Has(ConnectionFlags.Timestamps) || !seg.Options.Has(TcpOptionKinds.Timestamps)) return;
        if (seg.Seq > Rcv.LastAck || (JudgesAsFreeBsd && seg.End < Rcv.LastAck)) return;
        bool newer = (int)(seg.Options.TimestampValue - TimestampRecent) >= 0;
        if (!newer && Now - _timestampRecentAt <= TimestampLife) return;
        TimestampRecent = seg.Options.TimestampValue;
        _timestampRecentAt = Now;
    }
}
