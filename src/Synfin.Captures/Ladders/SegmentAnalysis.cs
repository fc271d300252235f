using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>Goes through a connection's segments in order: numbers, scaled windows, retransmissions, marks, waits of timers.</summary>
internal static class SegmentAnalysis
{
    private const int LargestShift = 14;

    public static void Run(ConnectionStory story)
    {
        SetBases(story);
        var lastTimers = new Dictionary<(int End, TcpTimerKind Kind), TimerEvent>();
        foreach (StoryEvent e in story.Events)
        {
            SendSide own = story.Sides[e.Event.End];
            switch (e.Event.Kind)
            {
                case RecordedKind.Sent when e.Packet!.Segment is { } segment:
                    bool isIdle = own.Acked >= own.Top;
                    Sent(story, e.Packet, segment);
                    // What is outstanding keeps its timer (RFC 6298 5.1).
                    Touch(own, e.Event.Time, segment.Len > 0 && (isIdle || e.Packet.AgainOf is not null));
                    if (!story.Hosts[1 - e.Event.End].Observed) Arrived(story, e, segment);
                    break;
                case RecordedKind.Delivered when e.Packet!.Segment is { } segment:
                    Arrived(story, e, segment);
                    break;
                case RecordedKind.Timer:
                    TimerEvent timer = e.Event.Timer;
                    bool known = lastTimers.TryGetValue((e.Event.End, timer.Kind), out TimerEvent last) && last.Next.Nanoseconds > 0;
                    // A probe that is answered starts the count anew, yet its timer runs on.
                    bool again = known && (timer.Count == last.Count + 1 || timer.Time == last.Time + last.Next);
                    e.Waited = again ? last.Next : SinceStart(own, timer);
                    lastTimers[(e.Event.End, timer.Kind)] = timer;
                    break;
            }
        }
    }

    private static Duration SinceStart(SendSide own, in TimerEvent timer)
    {
        bool retransmits = timer.Kind is TcpTimerKind.Retransmit or TcpTimerKind.SynAckRetransmit;
        return timer.Time - (retransmits ? own.RtoStart : own.LastActivity);
    }

    private static void Touch(SendSide side, Timestamp now, bool restartsRto)
    {
        side.LastActivity = now;
        if (restartsRto) side.RtoStart = now;
    }

    /// <summary>Relative numbers count from the SYN; in a connection seen from its middle on, the first octet seen is number 1.</summary>
    private static void SetBases(ConnectionStory story)
    {
        foreach (StoryPacket packet in story.Packets)
        {
            if (packet.Segment is not { } segment || !segment.Has(TcpFlags.Syn)) continue;
            SendSide side = story.Sides[packet.Log.End];
            side.SetBase(segment.Seq);
            side.SentSyn = true;
            if (segment.Options.Has(TcpOptionKinds.WindowScale)) side.Scale ??= Math.Min(segment.Options.WindowScale, (byte)LargestShift);
        }
        foreach (StoryPacket packet in story.Packets)
        {
            if (packet.Segment is not { } segment) continue;
            story.Sides[packet.Log.End].SetBase(segment.Has(TcpFlags.Rst) ? segment.Seq : segment.Seq - 1);
            if (segment.Has(TcpFlags.Ack)) story.Sides[1 - packet.Log.End].SetBase(segment.Ack - 1);
        }
        foreach (SendSide side in story.Sides) side.SetBase(default);
    }

    private static void Sent(ConnectionStory story, StoryPacket packet, LadderSegment segment)
    {
        SendSide own = story.Sides[packet.Log.End];
        SendSide peer = story.Sides[1 - packet.Log.End];
        bool isSynAck = segment.Has(TcpFlags.Syn) && segment.Has(TcpFlags.Ack);
        if (isSynAck && own.SentSomething && own.Relative(segment.Seq) != 0) own.BeginAgain(segment.Seq);
        packet.Seq = own.Relative(segment.Seq);
        packet.Ack = segment.Has(TcpFlags.Ack) ? peer.Relative(segment.Ack) : 0;
        packet.Sack = new (long, long)[segment.Options.SackCount];
        for (int i = 0; i < packet.Sack.Length; i++)
        {
            SackBlock block = segment.Options.SackBlocks[i];
            packet.Sack[i] = (peer.Relative(block.Left), peer.Relative(block.Right));
        }
        bool scaled = own.Scale is not null && peer.Scale is not null && !segment.Has(TcpFlags.Syn);
        packet.Window = segment.Wnd << (scaled ? own.Scale!.Value : 0);
        if (!segment.Has(TcpFlags.Rst))
        {
            packet.Marks = Marks(packet, segment, own, peer);
            if (segment.Len > 0)
            {
                FindOriginal(packet, own);
                own.Extend(packet, packet.Seq, segment);
            }
            own.Last = packet;
        }
        own.SentFin |= segment.Has(TcpFlags.Fin);
        own.Challenged = false;
    }

    private static void FindOriginal(StoryPacket packet, SendSide own)
    {
        if (!own.SentSomething || packet.Seq >= own.Top || (packet.Marks & LadderMarks.KeepAlive) != 0) return;
        StoryPacket? original = own.FirstCarrier(packet.Seq);
        // SYN,ACK after SYN is the next step of a simultaneous open (RFC 9293 figure 7), not the same segment again.
        const TcpFlags synAck = TcpFlags.Syn | TcpFlags.Ack;
        if ((packet.Segment!.Flags & synAck) == synAck && original?.Segment!.Has(TcpFlags.Ack) == false) return;
        packet.AgainOf = original;
        if (original is not null) original.IsReferredTo = true;
        else packet.Marks |= LadderMarks.OutOfOrder;
    }

    private static LadderMarks Marks(StoryPacket packet, LadderSegment segment, SendSide own, SendSide peer)
    {
        var marks = LadderMarks.None;
        bool plain = (segment.Flags & (TcpFlags.Syn | TcpFlags.Fin)) == 0;
        if (segment.Wnd == 0 && plain) marks |= LadderMarks.ZeroWindow;
        bool windowClosed = own.PeerWindow == 0;
        bool justBelow = plain && segment.TextLength <= 1 && own.SentSomething && packet.Seq == own.Top - 1 && own.Acked >= own.Top;
        if (windowClosed && plain && (segment.TextLength > 0 || justBelow)) marks |= LadderMarks.ZeroWindowProbe;
        else if (justBelow) marks |= LadderMarks.KeepAlive;

        bool pureAck = segment.Flags == TcpFlags.Ack && segment.TextLength == 0;
        if (!pureAck || marks.HasFlag(LadderMarks.KeepAlive) || own.Last is not { Segment: { } before } last) return marks;
        bool nothingNew = last.Ack == packet.Ack && before.Has(TcpFlags.Ack) && packet.Seq == own.Top;
        bool larger = packet.Window > last.Window && !before.Has(TcpFlags.Syn);
        bool sameWindow = packet.Window > 0 && packet.Window == last.Window;
        if (own.Challenged) marks |= LadderMarks.ChallengeAck;
        else if (larger && (nothingNew || last.Window == 0)) marks |= LadderMarks.WindowUpdate;
        else if (nothingNew && sameWindow && peer.Top > packet.Ack) marks |= LadderMarks.DuplicateAck;
        return marks;
    }

    private static void Arrived(ConnectionStory story, StoryEvent e, LadderSegment segment)
    {
        StoryPacket packet = e.Packet!;
        SendSide receiver = story.Sides[1 - packet.Log.End];
        packet.IsOld = segment.Len > 0 && receiver.Last is { Segment: { } last } sent && last.Has(TcpFlags.Ack)
            && packet.Seq + segment.Len <= sent.Ack;
        bool synchronised = receiver.Acked > 0 && receiver.PeerWindow is not null;
        bool repeated = packet.IsOld && packet.AgainOf is not null;
        receiver.Challenged = synchronised && !repeated && (segment.Flags & (TcpFlags.Syn | TcpFlags.Rst)) != 0;
        bool acksMore = segment.Has(TcpFlags.Ack) && packet.Ack > receiver.Acked;
        if (acksMore) receiver.Acked = packet.Ack;
        receiver.FinAcked |= receiver.SentFin && receiver.Acked >= receiver.Top;
        if (!segment.Has(TcpFlags.Rst)) receiver.PeerWindow = packet.Window;
        if (e.Event.Dropped == DropReason.None) Touch(receiver, e.Event.Time, acksMore);
    }
}
