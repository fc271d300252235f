using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>Forwards what a stack reports to a recorder.</summary>
internal sealed class RecordingObserver(LadderRecorder recorder, string host, bool segments) : ITcpObserver
{
    public void SegmentSent(in SegmentEvent e)
    {
        if (segments) recorder.Left(host, ToSegment(e, e.Tuple), e.Time);
    }

    public void SegmentReceived(in SegmentEvent e)
    {
        if (!segments) return;
        LadderSegment segment = ToSegment(e, e.Tuple.Reversed);
        recorder.Arrived(host, new PacketFacts(segment.Source, segment.Destination, segment, "", null), e.Time);
    }

    public void SegmentDropped(in SegmentEvent e, DropReason reason) => recorder.SegmentDropped(host, e, reason);

    public void StateChanged(in StateEvent e) => recorder.StateChanged(host, e);

    public void TimerFired(in TimerEvent e) => recorder.TimerFired(host, e);

    public void UserCalled(in UserCallEvent e) => recorder.UserCalled(host, e);

    private static LadderSegment ToSegment(in SegmentEvent e, in FourTuple fromSender) => new()
    {
        Source = fromSender.LocalAddress,
        SourcePort = fromSender.LocalPort,
        Destination = fromSender.RemoteAddress,
        DestinationPort = fromSender.RemotePort,
        Seq = e.Seq,
        Ack = e.Ack,
        Flags = e.Flags,
        Wnd = e.Wnd,
        TextLength = e.TextLength,
    };
}
