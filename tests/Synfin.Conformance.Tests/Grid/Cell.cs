using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>One cell: an event in a setting.</summary>
/// <param name="Profile">The profile's name, as TcpProfile has it.</param>
/// <param name="Setting">The setting.</param>
/// <param name="Before">The TCB before the event.</param>
/// <param name="Event">What happens: a segment, or the name of a call or a timeout.</param>
/// <param name="Iss">The ISS that the engine selected, if it selected one.</param>
internal sealed record Cell(string Profile, Setting Setting, ControlBlock Before, CellEvent Event, uint Iss)
{
    /// <summary>The segment as the deviations so far have it.</summary>
    public IncomingSegment Segment => Event.Segment;

    /// <summary>The segment as it arrived.</summary>
    public IncomingSegment Arrived { get; init; } = Event.Segment;

    /// <summary>What the RFC says comes of this event.</summary>
    public Outcome Rfc() => Event.Do(Processing());

    /// <summary>What it says comes of another segment in this setting.</summary>
    public Outcome Rfc(IncomingSegment instead) => Processing().SegmentArrives(instead);

    public override string ToString() => $"{Profile}, {Setting}, {Event}";

    private EventProcessing Processing() => new(Before.Copy(), AmendmentsOf(Profile), Iss);

    public static Amendments AmendmentsOf(string profile) => new(Rfc1337: profile != "Linux");
}
