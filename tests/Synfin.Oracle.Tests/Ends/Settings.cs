using Synfin.Oracle.Tests.Scripts;

namespace Synfin.Oracle.Tests.Ends;

/// <summary>How both hosts are set up for a batch of scripts.</summary>
/// <param name="ReceiveBuffer">The window that a host offers at first, in octets.</param>
/// <param name="ChallengeLimit">Whether answers to invalid segments are limited to one (RFC 5961 7), or not at all.</param>
internal sealed record Settings(int ReceiveBuffer = 64_240, bool ChallengeLimit = false)
{
    /// <summary>
    /// Whether a script can be told so. Without scaling the kernel keeps more of a large window than the field can say, and takes what lies
    /// beyond; and how far a large window opens is not compared, so nothing may lie at its edge, or where a SYN's window ends.
    /// </summary>
    public bool Suits(Script script) => ReceiveBuffer < ushort.MaxValue
        || script.Steps.All(step => step.Kind is not StepKind.Segment
            || (step is { Timestamp: not null, SeqFrom: not Origin.Edge, Seq: < ushort.MaxValue }));

    /// <summary>SO_RCVBUF for that window: the kernel doubles and halves it; both round down to full segments.</summary>
    public int KernelBuffer => ReceiveBuffer < ushort.MaxValue ? ushort.MaxValue : ReceiveBuffer;

    /// <summary>The smallest RTO, in milliseconds: so long that no script sees one, for the kernel runs in real time.</summary>
    public const int MinimumRto = 20_000;

    /// <summary>The limit of answers to invalid segments, in milliseconds, if there is one: one in a script.</summary>
    public const int LimitInterval = 60_000;
}
