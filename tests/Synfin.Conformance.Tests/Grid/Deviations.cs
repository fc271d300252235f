using Synfin.Conformance.Tests.Transcription;
using static Synfin.Conformance.Tests.Transcription.Modulo32;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>
/// All deviations of the engine from the transcription. One that changes nothing anywhere fails the test, as does a difference that none
/// of them describes. docs/grid.md is made of this list.
/// </summary>
internal static partial class Deviations
{
    public static IReadOnlyList<Deviation> All { get; } = [.. Opening, .. Synchronized, .. InTimeWait, .. Calls];

    private static readonly Dictionary<string, Deviation[]> _byProfile =
        GridOfProfile.Names.ToDictionary(profile => profile, profile => All.Where(d => d.IsIn(profile)).ToArray());

    public static Deviation[] Of(string profile) => _byProfile[profile];

    private static bool IsOpen(ConnectionState state) => state is ConnectionState.Established or ConnectionState.FinWait1
        or ConnectionState.FinWait2 or ConnectionState.CloseWait or ConnectionState.Closing or ConnectionState.LastAck;

    private static bool Has(Cell cell, ControlBits bit) => cell.Event.Kind is EventKind.SegmentArrives && cell.Segment.Has(bit);

    private static bool Arrives(Cell cell) => cell.Event.Kind is EventKind.SegmentArrives;

    /// <summary>The segment is acknowledged and dropped.</summary>
    private static Outcome OnlyAcknowledges(ControlBlock before) => new()
    {
        Tcb = before.Copy(),
        Replies = [new Reply(ControlBits.Ack, before.SndNxt, before.RcvNxt, 0, before.RcvWnd)],
    };

    private static Outcome Nothing(ControlBlock before) => new() { Tcb = before.Copy() };

    /// <summary>Another outcome with a change to it.</summary>
    private static Outcome But(Outcome outcome, Action<Outcome> change)
    {
        var copy = new Outcome
        {
            Tcb = outcome.Tcb.Copy(),
            Replies = [.. outcome.Replies],
            Told = outcome.Told,
            TimeWaitStarted = outcome.TimeWaitStarted,
            Error = outcome.Error,
        };
        change(copy);
        return copy;
    }

    /// <summary>Begins before RCV.NXT and reaches to it or beyond.</summary>
    private static bool StraddlesLeft(Cell cell) => Less(cell.Segment.Seq, cell.Before.RcvNxt)
        && Less(cell.Before.RcvNxt, cell.Segment.Seq + cell.Segment.Len);
}
