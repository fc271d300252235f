using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>Says how a connection went, from its segments and, where they were told, its states.</summary>
internal sealed class VerdictFinder
{
    private readonly ConnectionStory _story;
    private readonly StoryPacket?[] _fin = new StoryPacket?[2];
    private readonly int[] _syns = new int[2];
    private readonly int[] _sent = new int[2];
    private readonly CloseReason[] _reason = new CloseReason[2];
    private readonly bool[] _aborted = new bool[2];
    private readonly Duration?[] _timeWait = new Duration?[2];
    private readonly EndState[] _last = new EndState[2];
    private StoryPacket? _rst;
    private int _sentBeforeRst;
    private int _opener;
    private int _retransmissions;
    private int _lost;
    private Timestamp _first;
    private Timestamp _until;

    public VerdictFinder(ConnectionStory story)
    {
        _story = story;
        for (int end = 0; end < 2; end++) _last[end] = story.InitialState(end);
        foreach (StoryPacket packet in story.Packets)
        {
            if (packet.Segment is { } segment) Count(packet, segment);
        }
        var timeWaitSince = new Timestamp?[2];
        foreach (StoryEvent e in story.Events) Follow(e.Event, e.After, timeWaitSince);
    }

    private int Segments => _sent[0] + _sent[1];

    private long Unacknowledged => _story.Sides[0].UnacknowledgedText + _story.Sides[1].UnacknowledgedText;

    public LadderVerdict Find()
    {
        (LadderVerdictKind kind, int culprit) = Decide();
        return new LadderVerdict
        {
            Kind = kind,
            Culprit = culprit < 0 ? null : Name(culprit),
            Segments = Segments,
            Retransmissions = _retransmissions,
            Lost = _lost,
            Unacknowledged = Unacknowledged,
            Length = _until - _first,
            TimeWait = _timeWait[0] ?? _timeWait[1],
            Sentence = Sentence(kind, culprit),
        };
    }

    private void Count(StoryPacket packet, LadderSegment segment)
    {
        int end = packet.Log.End;
        if (Segments == 0) _first = packet.Log.Sent;
        if (segment.Has(TcpFlags.Syn))
        {
            if (_syns[0] + _syns[1] == 0) _opener = end;
            _syns[end]++;
            // Whoever sends SYN after a RST was not ended by it (RFC 9293 figure 8).
            if (_rst is not null && _rst.Log.End != end) _rst = null;
        }
        if (segment.Has(TcpFlags.Fin)) _fin[end] ??= packet;
        bool lost = packet.Log.LostReason is not null && packet.Arrival is null;
        if (segment.Has(TcpFlags.Rst) && !lost && packet.Log.Dropped == DropReason.None && _rst is null)
        {
            _rst = packet;
            _sentBeforeRst = Segments;
        }
        _sent[end]++;
        if (lost) _lost++;
        if (packet.AgainOf is not null) _retransmissions++;
        _until = Timestamp.Max(_until, packet.Arrival?.Event.Time ?? packet.Log.Sent);
    }

    private void Follow(RecordedEvent e, EndState after, Timestamp?[] timeWaitSince)
    {
        if (_story.Hosts[e.End].TellsStates || e.Kind is RecordedKind.Sent or RecordedKind.Delivered) _last[e.End] = after;
        if (e.Kind == RecordedKind.Call && e.Call is { Call: UserCall.Abort, Error: TcpError.None }) _aborted[e.End] = true;
        if (e.Kind != RecordedKind.State) return;
        if (e.State.To == TcpState.TimeWait) timeWaitSince[e.End] ??= e.Time;
        if (e.State.To != TcpState.Closed) return;
        if (_reason[e.End] == CloseReason.None) _reason[e.End] = e.State.Reason;
        if (timeWaitSince[e.End] is { } since) _timeWait[e.End] ??= e.Time - since;
    }

    private (LadderVerdictKind Kind, int Culprit) Decide()
    {
        bool bothFins = _fin[0] is not null && _fin[1] is not null;
        bool finsAcknowledged = bothFins && Acknowledged(0) && Acknowledged(1);
        if (_rst is not null && !finsAcknowledged)
        {
            int by = _rst.Log.End;
            if (_aborted[by] || _reason[by] == CloseReason.LocalAbort) return (LadderVerdictKind.Aborted, by);
            bool refused = by != _opener && _syns[_opener] > 0 && _syns[by] == 0;
            return (refused ? LadderVerdictKind.Refused : LadderVerdictKind.Reset, by);
        }
        for (int end = 0; end < 2; end++)
        {
            if (_reason[end] == CloseReason.Unreachable) return (LadderVerdictKind.Unreachable, 1 - end);
            if (IsTimeout(_reason[end]) && !finsAcknowledged)
                return (_sent[1 - end] == 0 ? LadderVerdictKind.NoAnswer : LadderVerdictKind.TimedOut, 1 - end);
            if (_aborted[end] && !finsAcknowledged) return (LadderVerdictKind.Aborted, end);
        }
        if (bothFins)
        {
            if (!finsAcknowledged) return (LadderVerdictKind.Closing, -1);
            return Crossed() ? (LadderVerdictKind.SimultaneousClose, -1) : (LadderVerdictKind.OrderlyClose, FirstToClose());
        }
        if (_fin[0] is not null || _fin[1] is not null) return (LadderVerdictKind.HalfClosed, _fin[0] is null ? 0 : 1);
        if (_syns[_opener] > 0 && _sent[1 - _opener] == 0) return (LadderVerdictKind.NoAnswer, 1 - _opener);
        bool shookHands = _story.Sides[0].Acked > 0 && _story.Sides[1].Acked > 0;
        bool sawSyns = _syns[0] + _syns[1] > 0;
        return sawSyns && !shookHands ? (LadderVerdictKind.HandshakeIncomplete, _opener) : (LadderVerdictKind.StillOpen, -1);
    }

    private static bool IsTimeout(CloseReason reason) =>
        reason is CloseReason.RetransmissionTimeout or CloseReason.KeepAliveTimeout or CloseReason.LingerTimeout;

    /// <summary>Whether this end knows that its FIN arrived.</summary>
    private bool Acknowledged(int end) => _story.Sides[end].FinAcked;

    private int FirstToClose() => _fin[0]!.Log.Index < _fin[1]!.Log.Index ? 0 : 1;

    private bool Crossed()
    {
        int first = FirstToClose();
        int arrival = _fin[first]!.Arrival?.Event.Index ?? int.MaxValue;
        bool unseen = _fin[first]!.Arrival is null && !_story.Hosts[1 - first].Observed;
        StoryPacket later = _fin[1 - first]!;
        // Without the arrival's time the second FIN's own acknowledgment tells whether its sender had seen the first.
        return unseen || arrival == int.MaxValue
            ? later.Ack < _fin[first]!.Seq + _fin[first]!.Segment!.Len
            : later.Log.Index < arrival;
    }

    private string Name(int end) => _story.Hosts[end].Name;

    private string Sentence(LadderVerdictKind kind, int culprit)
    {
        string length = LadderWords.Time(_until - _first);
        string size = $"{LadderWords.Count(Segments, "segment")}, {length}";
        string about = culprit < 0 ? "" : Name(culprit);
        string other = culprit < 0 ? "" : Name(1 - culprit);
        string told = kind switch
        {
            LadderVerdictKind.OrderlyClose => $"{about} closed first (active closer), {other} after it: orderly close, {size}",
            LadderVerdictKind.SimultaneousClose => $"both closed at once: orderly close, {size}",
            LadderVerdictKind.Closing =>
                $"{Name(FirstToClose())} closed first, {Name(1 - FirstToClose())} after it, "
                + $"but an acknowledgment is missing: {States}, {size}",
            LadderVerdictKind.HalfClosed => $"half closed: {other} closed, {about} has not: {States}, {size}",
            LadderVerdictKind.Refused => $"refused by {about}: RST in answer to SYN, {size}",
            LadderVerdictKind.Reset => $"reset by {about}{WhyReset(culprit)}{AfterReset}",
            LadderVerdictKind.Aborted => $"{about} aborted{AfterReset}",
            LadderVerdictKind.NoAnswer => $"no answer from {about}: {LadderWords.Count(_syns[1 - culprit], "SYN")} in {length}",
            LadderVerdictKind.HandshakeIncomplete => $"handshake not completed: {States}, {size}",
            LadderVerdictKind.TimedOut => $"{other} gave up: no answer from {about}, {Outstanding}{size}",
            LadderVerdictKind.Unreachable => $"{about} cannot be reached: ICMP told {other}, {size}",
            _ => $"still open: {States}, {size}",
        };
        return told + Losses + Waits;
    }

    private string States => $"{Name(_story.LeftEnd)} {_last[_story.LeftEnd]}, {Name(1 - _story.LeftEnd)} {_last[1 - _story.LeftEnd]}";

    private string Outstanding => Unacknowledged > 0 ? $"{LadderWords.Count(Unacknowledged, "octet")} unacknowledged, " : "";

    private string Losses => LadderWords.Losses(_lost, _retransmissions);

    private string Waits
    {
        get
        {
            string waits = "";
            for (int i = 0; i < 2; i++)
            {
                int end = i == 0 ? _story.LeftEnd : 1 - _story.LeftEnd;
                if (_timeWait[end] is { } length) waits += $"; {Name(end)} waited {LadderWords.Time(length)} in TIME-WAIT";
            }
            return waits;
        }
    }

    private string WhyReset(int by) => _reason[by] switch
    {
        CloseReason.LocalReset => " (it had closed, and text was unread or still came)",
        CloseReason.FinWait2Timeout => " (FIN-WAIT-2 for too long)",
        CloseReason.ResourceLimit => " (a limit was reached)",
        _ => "",
    };

    private string AfterReset
    {
        get
        {
            if (_rst is null) return " and told nobody";
            string unacknowledged = Unacknowledged > 0 ? $" with {LadderWords.Count(Unacknowledged, "octet")} unacknowledged" : "";
            return $" after {LadderWords.Count(_sentBeforeRst, "segment")}{unacknowledged}, {LadderWords.Time(_rst.Log.Sent - _first)}";
        }
    }
}
