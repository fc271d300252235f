using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>What happens in a cell.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Segment">The segment, if one arrives.</param>
/// <param name="Octets">The octets of a SEND and of a RECEIVE.</param>
internal readonly record struct CellEvent(EventKind Kind, IncomingSegment Segment = default, int Octets = 0)
{
    public Outcome Do(EventProcessing rfc) => Kind switch
    {
        EventKind.SegmentArrives => rfc.SegmentArrives(Segment),
        EventKind.PassiveOpen => rfc.OpenPassively(),
        EventKind.ActiveOpen => rfc.OpenActively(),
        EventKind.Send => rfc.SendCall(Octets),
        EventKind.Receive => rfc.ReceiveCall(Octets),
        EventKind.Close => rfc.CloseCall(),
        EventKind.CloseBothHalves => rfc.CloseBothHalves(),
        EventKind.Abort => rfc.AbortCall(),
        EventKind.Status => rfc.StatusCall(),
        EventKind.UserTimeout => rfc.UserTimeout(),
        EventKind.RetransmissionTimeout => rfc.RetransmissionTimeout(),
        EventKind.TimeWaitTimeout => rfc.TimeWaitTimeout(),
        _ => throw new ArgumentOutOfRangeException(nameof(rfc), Kind, "no such event"),
    };

    public override string ToString() => Kind is EventKind.SegmentArrives ? Words.Of(Segment) : $"{Kind}";
}
